//! What a script task does: one script task where that is enough, else a sub-process of small steps.
//!
//! Which node logs which mark is kept in the book: marks are read from the history, never from a variable.

use super::expression::translate;
use super::value::value;
use super::{Book, list, object};
use crate::conformance::format::Work;
use kamflow::model::json::{Json, JsonMap};
use serde_json::json;

/// The keys of a node that does this, its type among them.
pub fn keys(id: &str, work: &[Work], book: &mut Book) -> Result<JsonMap, String> {
    let sets = work.iter().filter(|one| matches!(one, Work::Inc(_) | Work::Set(_))).count();
    let others = work.iter().any(|one| !matches!(one, Work::Inc(_) | Work::Set(_) | Work::Log(_)));
    if others || sets > 1 {
        let mut steps = Vec::new();
        chain(id, work, book, &mut steps)?;
        return Ok(object(json!({ "type": "subProcess", "nodes": steps })));
    }
    let mut set = JsonMap::new();
    for one in work {
        match one {
            Work::Log(mark) => book.mark(id, mark),
            one => set = setting(one, book)?,
        }
    }
    Ok(object(json!({ "type": "scriptTask", "set": set })))
}

/// The steps one after the other.
fn chain(id: &str, work: &[Work], book: &mut Book, steps: &mut Vec<Json>) -> Result<(), String> {
    let Some((first, rest)) = work.split_first() else { return Ok(()) };
    let step = format!("{id}--step{}", steps.len() + 1);
    let after = |more: usize| match rest {
        [] => "end".to_owned(),
        _ => format!("{id}--step{}", steps.len() + 1 + more),
    };
    match first {
        Work::Log(mark) => {
            book.mark(&step, mark);
            steps.push(json!({ "id": step, "type": "scriptTask", "set": {}, "next": after(1) }));
        }
        Work::Inc(_) | Work::Set(_) => {
            let set = setting(first, book)?;
            steps.push(json!({ "id": step, "type": "scriptTask", "set": set, "next": after(1) }));
        }
        Work::ThrowError(code) => {
            // Nothing comes after it.
            steps.push(json!({ "id": step, "type": "endEvent", "error": code }));
            return Ok(());
        }
        Work::LogIf(log) => {
            let (marked, next) = (format!("{id}--step{}", steps.len() + 2), after(2));
            book.mark(&marked, &log.mark);
            let flows = json!([{ "if": translate(&log.cond.0, book.names)?, "to": marked }, { "to": next }]);
            steps.push(json!({ "id": step, "type": "exclusiveGateway", "flows": flows }));
            steps.push(json!({ "id": marked, "type": "scriptTask", "set": {}, "next": next }));
        }
        Work::LogInterval(mark) => {
            book.mark(&step, mark);
            book.interval(&step, mark);
            // A wait of no time: whoever works beside it comes to its own wait before either goes on.
            let inside = json!([wait(&format!("{step}--inside"), "PT0S")]);
            steps.push(json!({ "id": step, "type": "subProcess", "nodes": inside, "next": after(1) }));
        }
        Work::Sleep(duration) => {
            let mut wait = wait(&step, duration);
            wait["next"] = json!(after(1));
            steps.push(wait);
        }
        Work::SetLocal(values) => {
            // The one element of a list is a variable of its activity alone.
            steps.push(local(&step, values, rest, book)?);
            return Ok(());
        }
    }
    chain(id, rest, book, steps)
}

fn local(id: &str, values: &JsonMap, rest: &[Work], book: &mut Book) -> Result<Json, String> {
    let mut inside = Vec::new();
    chain(&format!("{id}--in"), rest, book, &mut inside)?;
    if inside.is_empty() {
        inside.push(json!({ "id": format!("{id}--in"), "type": "scriptTask", "set": {}, "next": "end" }));
    }
    let mut nodes = list(inside);
    for (number, (name, given)) in values.iter().enumerate().rev() {
        let element = json!({ "in": format!("[{}]", value(given, book.names)?), "as": book.names.variable(name) });
        let id = if number == 0 { id.to_owned() } else { format!("{id}--local{number}") };
        nodes = json!([{ "id": id, "type": "subProcess", "nodes": nodes, "forEach": element, "next": "end" }]);
    }
    Ok(nodes[0].clone())
}

fn wait(id: &str, duration: &str) -> Json {
    json!({ "id": id, "type": "intermediateCatchEvent", "timer": { "duration": duration }, "next": "end" })
}

fn setting(work: &Work, book: &Book) -> Result<JsonMap, String> {
    match work {
        Work::Inc(name) => {
            let name = book.names.variable(name);
            Ok(object(json!({ (name.clone()): format!("{name} + 1") })))
        }
        Work::Set(values) => {
            let set = |(name, given): (&String, &Json)| {
                Ok((book.names.variable(name), Json::String(value(given, book.names)?)))
            };
            values.iter().map(set).collect()
        }
        _ => Ok(JsonMap::new()),
    }
}
