//! What begins processes besides a person: which process of a revision a message, a signal or the clock begins, and
//! where; and a call activity that does not wait.

use super::library::Library;
use crate::engine::evaluator::{Evaluator, Names};
use crate::model::command::StartedBy;
use crate::model::event_definition::{Catching, Trigger};
use crate::model::json::{Json, JsonMap};
use crate::model::process::{Node, NodeKind, Process};

/// The variable that holds what an event brought.
const RESULT: &str = "result";

/// What begins a process.
#[derive(Debug, Clone)]
pub struct Begin {
    /// The process.
    pub process: String,
    /// Why, and with what.
    pub cause: Cause,
}

/// Why a process is begun.
#[derive(Debug, Clone)]
pub enum Cause {
    /// An event happened; the process is that of the active revision.
    Event(StartedBy),
    /// A call activity begins it, which does not wait for it.
    Call {
        /// The revision that it is pinned to.
        revision: i64,
        /// Its start variables.
        variables: JsonMap,
    },
}

/// The process that a message begins: the first by its key, since a message has one receiver.
pub fn by_message(library: &Library, name: &str, key: Option<&str>, payload: &JsonMap) -> Option<Begin> {
    library.definitions.processes.values().find_map(|process| {
        let fits = |trigger: &Trigger| match trigger {
            Trigger::Message { name: awaited, correlate: None } => awaited == name,
            Trigger::Message { name: awaited, correlate: Some(_) } if awaited != name => false,
            Trigger::Message { correlate: Some(correlate), .. } => {
                let mut given = process.declared(payload);
                given.insert(RESULT.to_owned(), Json::Object(payload.clone()));
                let wanted = library.scripts.evaluate(correlate, &Names::new(vec![&given]));
                wanted.is_ok_and(|wanted| key.is_some_and(|key| is_key(&wanted, key)))
            }
            _ => false,
        };
        begin(process, fits, payload)
    })
}

/// Every process that a signal begins.
pub fn by_signal(library: &Library, name: &str, payload: &JsonMap) -> Vec<Begin> {
    let fits = |trigger: &Trigger| matches!(trigger, Trigger::Signal(awaited) if awaited == name);
    library.definitions.processes.values().filter_map(|process| begin(process, fits, payload)).collect()
}

/// Whether anything in the processes of a revision waits for a message of this name.
pub fn knows_message(library: &Library, name: &str) -> bool {
    let catches = library.definitions.processes.values().flat_map(|process| &process.nodes).filter_map(Node::catching);
    let mut triggers = catches.flat_map(|catch| &catch.triggers);
    triggers.any(|trigger| matches!(trigger, Trigger::Message { name: awaited, .. } if awaited == name))
}

fn begin(process: &Process, fits: impl Fn(&Trigger) -> bool, payload: &JsonMap) -> Option<Begin> {
    let (node, _) = events(process).into_iter().find(|(_, catch)| catch.triggers.iter().any(&fits))?;
    let cause = Cause::Event(StartedBy { node: node.id.clone(), payload: payload.clone() });
    Some(Begin { process: process.key.clone(), cause })
}

/// The events that begin a process: start events, instantiating receive tasks, and the events behind an instantiating
/// gateway.
pub fn events(process: &Process) -> Vec<(&Node, &Catching)> {
    let mut found = Vec::new();
    for node in process.level(None) {
        match &node.kind {
            NodeKind::StartEvent(start) => found.extend(start.catch.as_ref().map(|catch| (node, catch))),
            NodeKind::ReceiveTask(task) if task.instantiate => found.push((node, &task.catch)),
            NodeKind::EventBasedGateway { instantiate: true } => {
                let behind = node.outgoing.iter().filter_map(|flow| process.node(&process.flows[*flow].to));
                found.extend(behind.filter_map(|event| Some((event, event.catching()?))));
            }
            _ => {}
        }
    }
    found
}

fn is_key(value: &Json, key: &str) -> bool {
    match value {
        Json::String(text) => text == key,
        Json::Number(number) => number.to_string() == key,
        Json::Bool(truth) => key == if *truth { "true" } else { "false" },
        _ => false,
    }
}
