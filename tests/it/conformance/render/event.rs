//! Event definitions: `timer`, `message`, `signal` and the others, the same at every position.

use super::Book;
use super::expression::translate;
use crate::conformance::format::{Event, Node};
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::time::{Duration, Timestamp};
use serde_json::json;

/// The definition on a node, or on a boundary entry: none, one, or several under `any` or `all`.
pub fn definition(node: &Node, book: &Book) -> Result<JsonMap, String> {
    let events = node.event.as_ref().map(|events| events.0.as_slice()).unwrap_or_default();
    match events {
        [] => Ok(JsonMap::new()),
        [event] => one(event, book),
        many => {
            let many = many.iter().map(|event| one(event, book).map(Json::Object)).collect::<Result<Vec<_>, _>>()?;
            let key = if node.parallel_multiple { "all" } else { "any" };
            Ok(JsonMap::from_iter([(key.to_owned(), Json::Array(many))]))
        }
    }
}

/// One event definition.
pub fn one(event: &Event, book: &Book) -> Result<JsonMap, String> {
    let name = || event.name.clone().unwrap_or_else(|| "any".to_owned());
    let written = match event.kind.as_str() {
        "timer" => json!({ "timer": timer(event, book)? }),
        "message" => match &event.correlation {
            Some(variable) => json!({ "message": name(), "correlate": translate(variable, book.names)? }),
            None => json!({ "message": name() }),
        },
        "signal" => json!({ "signal": name() }),
        "error" => json!({ "error": name() }),
        "escalation" => json!({ "escalation": name() }),
        "link" => json!({ "link": name() }),
        "conditional" => {
            let condition = event.condition.as_ref().ok_or("a conditional event has no condition")?;
            json!({ "condition": translate(&condition.0, book.names)? })
        }
        "compensate" => match &event.activity {
            Some(activity) => json!({ "compensate": book.names.node(activity) }),
            None => json!({ "compensate": "all" }),
        },
        "terminate" => json!({ "terminate": true }),
        "cancel" => json!({ "cancel": true }),
        // The language refuses what it does not know, by its name.
        other => JsonMap::from_iter([(other.to_owned(), json!(true))]).into(),
    };
    let others = [
        (event.duration.is_some() || event.date.is_some() || event.cycle.is_some(), "timer", "a time"),
        (event.correlation.is_some(), "message", "a correlation"),
        (event.condition.is_some(), "conditional", "a condition"),
        (event.activity.is_some(), "compensate", "an activity"),
    ];
    match others.into_iter().find(|(said, kind, _)| *said && event.kind != *kind) {
        Some((_, _, what)) => Err(format!("an event of type {} has no meaning for {what}", event.kind)),
        None => Ok(written.as_object().cloned().unwrap_or_default()),
    }
}

fn timer(event: &Event, book: &Book) -> Result<Json, String> {
    Ok(match (&event.duration, &event.date, &event.cycle) {
        (Some(duration), None, None) if duration.parse::<Duration>().is_ok() => json!({ "duration": duration }),
        // A variable holds it: the language decides whether it takes expressions here.
        (Some(variable), None, None) => json!({ "duration": translate(variable, book.names)? }),
        (None, Some(date), None) => json!({ "date": instant(date, book)? }),
        (None, None, Some(cycle)) => json!({ "cycle": cycle }),
        _ => return Err("a timer has one of duration, date and cycle".to_owned()),
    })
}

/// An instant, as it is written or in a variable; without an offset it is UTC.
fn instant(date: &str, book: &Book) -> Result<String, String> {
    let written = [date.to_owned(), format!("{date}Z"), format!("{date}T00:00:00Z")];
    match written.into_iter().find(|text| Timestamp::parse(text).is_some()) {
        Some(text) => Ok(super::expression::quoted(&text)),
        None => translate(date, book.names),
    }
}
