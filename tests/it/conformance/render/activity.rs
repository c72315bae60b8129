//! What any activity can have: repetition, token quantities, exclusion, and events at its edge.

use super::event;
use super::expression::translate;
use super::value::literal;
use super::{Book, Level, object};
use crate::conformance::format::{Loop, LoopKind, MultiInstance, Node};
use kamflow::model::json::{Json, JsonMap};
use serde_json::json;

/// Adds these keys to the keys of a node.
pub fn add(node: &Node, level: &Level, keys: &mut JsonMap, book: &mut Book) -> Result<(), String> {
    if let Some(many) = &node.multi_instance {
        keys.insert("forEach".into(), for_each(many, book)?);
    }
    if let Some(repeat) = &node.repeat {
        keys.insert("loop".into(), looped(repeat, book)?);
    }
    let plain = [
        ("startQuantity", node.start_quantity.map(Json::from)),
        ("completionQuantity", node.completion_quantity.map(Json::from)),
        ("mutex", node.mutex.clone().map(Json::from)),
    ];
    keys.extend(plain.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
    let mut boundary = Vec::new();
    for edge in level.edges(&node.id) {
        match &edge.compensation_handler {
            Some(handler) => {
                keys.insert("compensation".into(), json!(book.names.node(handler)));
            }
            None => boundary.push(edge_event(edge, level, book)?),
        }
    }
    if !boundary.is_empty() {
        keys.insert("boundary".into(), Json::Array(boundary));
    }
    Ok(())
}

fn edge_event(edge: &Node, level: &Level, book: &mut Book) -> Result<Json, String> {
    let mut keys = event::definition(edge, book)?;
    keys.insert("id".into(), json!(book.names.node(&edge.id)));
    if edge.interrupting == Some(false) {
        keys.insert("interrupting".into(), json!(false));
    }
    keys.insert("to".into(), level.targets(edge, book)?);
    Ok(Json::Object(keys))
}

fn looped(repeat: &Loop, book: &Book) -> Result<Json, String> {
    // Without a condition only the number of rounds ends it.
    let condition = repeat.condition.as_ref().map_or("true", |condition| condition.0.as_str());
    let mut keys = object(json!({ "while": translate(condition, book.names)? }));
    if let Some(max) = repeat.max {
        keys.insert("max".into(), json!(max));
    }
    if repeat.kind == LoopKind::While {
        keys.insert("testBefore".into(), json!(true));
    }
    Ok(Json::Object(keys))
}

fn for_each(many: &MultiInstance, book: &Book) -> Result<Json, String> {
    let mut keys = JsonMap::new();
    let mut say = |key: &str, value: Json| keys.insert(key.to_owned(), value);
    let expression = |text: &str| translate(text, book.names).map(Json::String);
    if let Some(collection) = &many.collection {
        let list = collection.as_str().map_or_else(|| Ok(json!(literal(collection))), expression);
        say("in", list?);
    }
    if let Some(cardinality) = &many.cardinality {
        say("count", expression(&cardinality.0)?);
    }
    if let Some(element) = &many.element {
        say("as", json!(book.names.variable(element)));
    }
    if many.sequential {
        say("sequential", json!(true));
    }
    if let Some(condition) = &many.completion_condition {
        say("until", expression(&condition.0)?);
    }
    match (&many.output_collection, &many.output_element) {
        (Some(list), Some(element)) => {
            say("collect", JsonMap::from_iter([(book.names.variable(list), expression(&element.0)?)]).into());
        }
        (None, None) => {}
        _ => return Err("output_collection and output_element belong together".to_owned()),
    }
    if let Some(rest) = &many.rest {
        say("rest", json!(rest));
    }
    if let Some(may_add) = many.may_add {
        say("mayAdd", json!(may_add));
    }
    behavior(many, book, &mut keys)?;
    Ok(Json::Object(keys))
}

/// Which event the repetition throws, and when.
fn behavior(many: &MultiInstance, book: &Book, keys: &mut JsonMap) -> Result<(), String> {
    let thrown = |event| event::one(event, book).map(Json::Object);
    match (many.behavior.as_deref(), &many.complex) {
        (Some("complex") | None, Some(complex)) => {
            let one = |condition: &str| Ok::<_, String>(json!({ "when": translate(condition, book.names)? }));
            match complex.0.as_slice() {
                [only] => {
                    keys.insert("behavior".into(), one(&only.condition.0)?);
                    keys.insert("throws".into(), thrown(&only.throws)?);
                }
                several => {
                    let mut all = Vec::new();
                    for complex in several {
                        let mut one = one(&complex.condition.0)?;
                        one["throws"] = thrown(&complex.throws)?;
                        all.push(one);
                    }
                    keys.insert("behavior".into(), Json::Array(all));
                }
            }
        }
        (Some(word), None) => {
            keys.insert("behavior".into(), json!(word));
        }
        (None, None) => {}
        (Some(word), Some(_)) => return Err(format!("behavior {word} has no conditions of its own")),
    }
    if let Some(throws) = &many.throws {
        keys.insert("throws".into(), thrown(throws)?);
    }
    Ok(())
}
