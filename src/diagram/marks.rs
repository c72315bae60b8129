//! What an instance did at a node: badges for tokens and incidents, and a line with visits and time.

use super::drawing::Figure;
use super::shape;
use super::trail::Mark;
use super::words;
use super::xml::Xml;
use crate::model::text::Language;

/// Writes the badges of a node, and its line above it.
pub(super) fn write(xml: &mut Xml, figure: &Figure, mark: &Mark, language: Language) {
    let frame = figure.frame;
    let said = count(figure, mark, language);
    if figure.host.is_none() && !said.is_empty() {
        let at = [("class", &"count" as &dyn std::fmt::Display), ("x", &frame.middle().x), ("y", &(frame.y - 5))];
        xml.text("text", &[at[0], at[1], at[2], ("text-anchor", &"middle")], &said);
    }
    if !mark.incidents.is_empty() {
        badge(xml, "incident", (frame.x, frame.y), "!", &mark.incidents.join(", "));
    }
    if mark.tokens > 0 {
        badge(xml, "token", (frame.right(), frame.y), &mark.tokens.to_string(), &words::tokens(mark.tokens, language));
    }
}

fn badge(xml: &mut Xml, class: &str, (x, y): (i32, i32), sign: &str, tip: &str) {
    xml.open("g", &[]);
    xml.text("title", &[], tip);
    xml.empty("circle", &[("class", &class), ("cx", &x), ("cy", &y), ("r", &10)]);
    xml.text("text", &[("class", &"badge"), ("x", &x), ("y", &(y + 4)), ("text-anchor", &"middle")], sign);
    xml.close();
}

/// Visits beyond the first, and the time where it says something: `×3 · 2 d 4 h`.
fn count(figure: &Figure, mark: &Mark, language: Language) -> String {
    let visits = (mark.visits > 1).then(|| format!("×{}", mark.visits));
    let spent = (shape::takes_time(&figure.shape) && mark.spent >= 1000).then(|| words::span(mark.spent, language));
    visits.into_iter().chain(spent).collect::<Vec<_>>().join(" · ")
}

/// The tooltip of a node.
pub(super) fn told(figure: &Figure, mark: Option<&Mark>, language: Language) -> String {
    let mut told: Vec<String> = Vec::new();
    if let Some(id) = &figure.node {
        told.push(if figure.title == id.as_str() { figure.title.clone() } else { format!("{} ({id})", figure.title) });
    }
    if let Some(mark) = mark {
        told.push(words::visits(mark.visits, language));
        if shape::takes_time(&figure.shape) {
            told.push(words::span(mark.spent, language));
        }
        told.extend(mark.incidents.iter().map(|code| format!("! {code}")));
    }
    told.join(" · ")
}
