//! One node in our words: its type and the keys that its type has. What leaves it is said by `level`.

use super::expression::translate;
use super::value::{person, template};
use super::{Book, Level, activity, event, names, object, script, text};
use crate::conformance::format::Node;
use crate::conformance::loose::OneOrMany;
use kamflow::model::json::{Json, JsonMap};
use serde_json::json;

/// The role of everybody, for tasks that say nothing of people.
pub const ANYBODY: &str = "anybody";
/// The form that takes whatever is entered.
pub const FORM: &str = "anything";

/// The keys of a node without what leaves it.
pub fn keys(node: &Node, level: &Level, book: &mut Book) -> Result<JsonMap, String> {
    let id = book.names.node(&node.id);
    let mut keys = match node.kind.as_str() {
        "scriptTask" | "serviceTask" | "businessRuleTask" | "task" | "manualTask" => {
            script::keys(&id, node.work.as_deref().unwrap_or_default(), book)?
        }
        "userTask" => user_task(node, book)?,
        "sendTask" | "receiveTask" => {
            let message = node.message.as_ref().map(|name| ("message".to_owned(), json!(name)));
            JsonMap::from_iter(message)
        }
        "callActivity" => call(node, book)?,
        "subProcess" | "transaction" | "adHocSubProcess" => sub_process(node, book)?,
        "complexGateway" => complex_gateway(node, level, book)?,
        _ => event::definition(node, book)?,
    };
    keys.entry("type").or_insert_with(|| json!(node.kind));
    keys.insert("id".into(), json!(id));
    let name = node.name.as_deref().filter(|name| !name.is_empty());
    if let Some(name) = name.filter(|name| node.kind != "userTask" || !name.contains("${")) {
        keys.insert("name".into(), text(name));
    }
    if node.instantiate {
        keys.insert("instantiate".into(), json!(true));
    }
    if node.kind == "startEvent" && node.interrupting == Some(false) {
        keys.insert("interrupting".into(), json!(false));
    }
    activity::add(node, level, &mut keys, book)?;
    if let Some(key) = astray(node) {
        return Err(format!("\"{key}\" has no meaning for the {} {}", node.kind, node.id));
    }
    Ok(keys)
}

fn user_task(node: &Node, book: &Book) -> Result<JsonMap, String> {
    let mut keys = object(json!({ "form": FORM }));
    if let Some(assignee) = &node.assignee {
        keys.insert("assignee".into(), json!(person(&assignee.0, book.names)?));
    }
    match (&node.candidate_roles, &node.assignee) {
        (Some(roles), _) => {
            let roles: Vec<String> = roles.iter().map(|role| names::role(role)).collect();
            keys.insert("candidateGroups".into(), json!(roles));
        }
        (None, None) => {
            keys.insert("candidateGroups".into(), json!([ANYBODY]));
        }
        (None, Some(_)) => {}
    }
    for (key, nodes) in [("notSameAs", &node.not_same_as), ("sameAs", &node.same_as)] {
        if let Some(OneOrMany(nodes)) = nodes {
            let nodes: Vec<String> = nodes.iter().map(|node| book.names.node(node)).collect();
            keys.insert(key.into(), json!(nodes));
        }
    }
    if let Some(name) = node.name.as_deref().filter(|name| name.contains("${")) {
        keys.insert("title".into(), json!(template(name, book.names)?));
    }
    Ok(keys)
}

fn call(node: &Node, book: &Book) -> Result<JsonMap, String> {
    let called = node.called.as_deref().ok_or_else(|| format!("the call {} calls nothing", node.id))?;
    let mut keys = object(json!({ "process": book.names.process(called) }));
    if node.input.is_none() && node.output.is_none() {
        keys.extend(object(json!({ "in": "all", "out": "all" })));
    }
    for (inner, outer) in node.input.iter().flatten() {
        let given = translate(&outer.0, book.names)?;
        entry(&mut keys, "in").insert(book.names.variable(inner), json!(given));
    }
    for (outer, inner) in node.output.iter().flatten() {
        let read = format!("result.{}", translate(&inner.0, book.names)?);
        entry(&mut keys, "out").insert(book.names.variable(outer), json!(read));
    }
    Ok(keys)
}

/// The map under a key, made when it is not there.
fn entry<'m>(keys: &'m mut JsonMap, key: &str) -> &'m mut JsonMap {
    let map = keys.entry(key).or_insert_with(|| json!({}));
    map.as_object_mut().expect("the map was made here")
}

fn sub_process(node: &Node, book: &mut Book) -> Result<JsonMap, String> {
    let mut keys = object(json!({ "type": "subProcess" }));
    let kind = if node.kind == "adHocSubProcess" { super::Kind::AdHoc } else { super::Kind::Plain };
    let inside = super::level::render(&node.nodes, &node.flows, kind, book)?;
    keys.insert("nodes".into(), Json::Array(inside.nodes));
    if !inside.events.is_empty() {
        keys.insert("events".into(), Json::Array(inside.events));
    }
    match node.kind.as_str() {
        "transaction" => {
            keys.insert("transaction".into(), json!(true));
        }
        "adHocSubProcess" => {
            let ordering = node.ordering.as_deref().unwrap_or("parallel");
            keys.insert("adHoc".into(), json!({ "ordering": ordering }));
        }
        _ => {}
    }
    Ok(keys)
}

fn complex_gateway(node: &Node, level: &Level, book: &Book) -> Result<JsonMap, String> {
    let mut keys = JsonMap::new();
    if let Some(condition) = &node.activation_condition {
        keys.insert("activation".into(), json!(translate(&condition.0, book.names)?));
    }
    if let Some(join) = &node.join {
        let incoming = level.incoming(&node.id);
        if let Some(of) = join.of.filter(|of| *of != incoming) {
            return Err(format!("the gateway {} joins {of} flows and has {incoming}", node.id));
        }
        let mut said = object(json!({ "n": join.n }));
        said.extend(join.rest.clone().map(|rest| ("rest".to_owned(), json!(rest))));
        keys.insert("join".into(), Json::Object(said));
    }
    Ok(keys)
}

/// A key that only other types have: it is never passed over.
fn astray(node: &Node) -> Option<&'static str> {
    let is = |kinds: &[&str]| kinds.contains(&node.kind.as_str());
    let levels = ["subProcess", "transaction", "adHocSubProcess"];
    let scripts = ["scriptTask", "serviceTask", "businessRuleTask", "task", "manualTask"];
    let is_event = node.kind.ends_with("Event");
    let wrong = [
        ("do", node.work.is_some() && !is(&scripts)),
        ("event", node.event.is_some() && !is_event),
        ("attached_to", node.attached_to.is_some() && !is(&["boundaryEvent"])),
        ("interrupting", node.interrupting.is_some() && !is(&["boundaryEvent", "startEvent"])),
        ("ordering", node.ordering.is_some() && !is(&["adHocSubProcess"])),
        ("activation_condition", node.activation_condition.is_some() && !is(&["complexGateway"])),
        ("join", node.join.is_some() && !is(&["complexGateway"])),
        ("called", node.called.is_some() && !is(&["callActivity"])),
        ("in", node.input.is_some() && !is(&["callActivity"])),
        ("out", node.output.is_some() && !is(&["callActivity"])),
        ("message", node.message.is_some() && !is(&["sendTask", "receiveTask"])),
        ("assignee", node.assignee.is_some() && !is(&["userTask"])),
        ("candidate_roles", node.candidate_roles.is_some() && !is(&["userTask"])),
        ("not_same_as", node.not_same_as.is_some() && !is(&["userTask"])),
        ("same_as", node.same_as.is_some() && !is(&["userTask"])),
        ("nodes", !node.nodes.is_empty() && !is(&levels)),
        ("flows", !node.flows.is_empty() && !is(&levels)),
    ];
    wrong.into_iter().find(|(_, wrong)| *wrong).map(|(key, _)| key)
}
