//! The few words that a diagram says by itself, in both languages: what stands at a flow, and how long something took.

use crate::model::process::{Flow, Process};
use crate::model::text::Language;

/// What is written at a flow: its outcome, its condition, or that it is the way else.
pub(super) fn at_flow(process: &Process, flow: &Flow, language: Language) -> Option<String> {
    if let Some(meaning) = meaning(flow) {
        return Some(meaning);
    }
    let has_choice = process.flows.iter().any(|other| other.from == flow.from && meaning(other).is_some());
    has_choice.then(|| otherwise(language).to_owned())
}

/// The outcome or the condition that a flow is taken on, on one line.
pub(super) fn meaning(flow: &Flow) -> Option<String> {
    let condition = flow.condition.as_ref().map(|condition| &*condition.source);
    let said = flow.outcome.as_deref().or(condition)?;
    Some(said.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn otherwise(language: Language) -> &'static str {
    match language {
        Language::En => "else",
        Language::Zh => "否则",
    }
}

/// How long something took, in its two largest units: `2 d 4 h`.
pub(super) fn span(milliseconds: i64, language: Language) -> String {
    let seconds = milliseconds.max(0) / 1000;
    let units = match language {
        Language::En => [" d", " h", " min", " s"],
        Language::Zh => [" 天", " 小时", " 分", " 秒"],
    };
    let counts = [seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60, seconds % 60];
    let first = counts.iter().position(|count| *count > 0).unwrap_or(3);
    let told = counts.iter().zip(units).skip(first).take(2).filter(|(count, _)| **count > 0);
    let told: Vec<String> = told.map(|(count, unit)| format!("{count}{unit}")).collect();
    if told.is_empty() { format!("<1{}", units[3]) } else { told.join(" ") }
}

/// How many tokens are at a node.
pub(super) fn tokens(count: u32, language: Language) -> String {
    match (language, count) {
        (Language::En, 1) => "1 token".to_owned(),
        (Language::En, _) => format!("{count} tokens"),
        (Language::Zh, _) => format!("{count} 个令牌"),
    }
}

/// How often a node was entered.
pub(super) fn visits(count: u32, language: Language) -> String {
    match (language, count) {
        (Language::En, 1) => "entered once".to_owned(),
        (Language::En, _) => format!("entered {count} times"),
        (Language::Zh, _) => format!("进入 {count} 次"),
    }
}
