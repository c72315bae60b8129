//! The reasons of a decision as sentences. A function gives codes and parameters; the manifest has the texts.

use crate::model::json::Json;
use crate::model::money::Money;
use crate::model::plugin::Plugin;
use crate::model::text::Language;

/// The sentences of `explain` in what a function returned. A code without a text, or a text with a parameter that the
/// reason does not give, is shown as the code itself.
pub fn explain(plugin: &Plugin, output: &Json, language: Language) -> Vec<String> {
    let reasons = output.get("explain").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    reasons.iter().map(|reason| sentence(plugin, reason, language)).collect()
}

fn sentence(plugin: &Plugin, reason: &Json, language: Language) -> String {
    let Some(code) = reason.get("code").and_then(Json::as_str) else { return reason.to_string() };
    let text = plugin.reasons.get(code).map(|text| text.get(language));
    text.and_then(|text| filled(text, reason.get("params"))).unwrap_or_else(|| code.to_owned())
}

/// The text with every `{name}` replaced; none when a parameter is missing.
fn filled(text: &str, params: Option<&Json>) -> Option<String> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        filled.push_str(before);
        filled.push_str(&shown(params?.get(name)?));
        rest = after;
    }
    filled.push_str(rest);
    Some(filled)
}

fn shown(value: &Json) -> String {
    if let Some(Ok(money)) = Money::from_json(value) {
        return format!("{} {}", money.amount(), money.currency);
    }
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
