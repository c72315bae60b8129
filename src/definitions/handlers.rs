//! What is thrown and nobody catches, and what waits to catch what nobody throws: warnings, since both are easily a name
//! misspelt. A process that another one calls may be caught outside; what a call or a job throws cannot be known. An error
//! thrown at the top of a process is a way to end it, and is left in peace.

use crate::model::event_definition::{Catching, Throw, Trigger};
use crate::model::finding::Finding;
use crate::model::ids::NodeId;
use crate::model::loop_characteristics::LoopCharacteristics;
use crate::model::process::{Node, NodeKind, Process};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Warns of throws without a catch, and of catches without a throw.
pub fn check(processes: &BTreeMap<String, Arc<Process>>, findings: &mut Vec<Finding>) {
    let calls = processes.values().flat_map(|process| &process.nodes).filter_map(|node| match &node.kind {
        NodeKind::CallActivity(call) => Some(call.process.as_str()),
        _ => None,
    });
    let called: BTreeSet<&str> = calls.collect();
    for process in processes.values() {
        let is_called = called.contains(process.key.as_str());
        for node in process.nodes.iter().filter(|node| !undoes(process, node)) {
            let thrown = thrown(node).into_iter().filter_map(|throw| lost(process, node, throw, is_called));
            let waiting = idle(process, node);
            let sentences = thrown.chain(waiting);
            findings.extend(sentences.map(|sentence| Finding::warning(node.at.clone(), sentence)));
        }
    }
}

/// Whether a node is part of what undoes something: where that is asked for is where its throws go.
fn undoes(process: &Process, node: &Node) -> bool {
    std::iter::successors(Some(node), |node| around(process, node)).any(|node| node.undoes)
}

fn around<'a>(process: &'a Process, node: &Node) -> Option<&'a Node> {
    node.parent.as_ref().and_then(|parent| process.node(parent))
}

/// What a node throws, after its instances too.
fn thrown(node: &Node) -> Vec<&Throw> {
    let own: &[Throw] = match &node.kind {
        NodeKind::EndEvent(throws) | NodeKind::IntermediateThrowEvent(throws) => throws,
        _ => &[],
    };
    let after = match &node.loops {
        Some(LoopCharacteristics::MultiInstance(each)) => each.throws.as_slice(),
        _ => &[],
    };
    own.iter().chain(after.iter().flat_map(|after| &after.throws)).collect()
}

/// What is to be said of a throw that nobody catches.
fn lost(process: &Process, node: &Node, throw: &Throw, is_called: bool) -> Option<String> {
    match throw {
        Throw::Error(code) => {
            let at_top = std::iter::successors(around(process, node), |node| around(process, node))
                .all(|around| matches!(around.kind, NodeKind::EventSubProcess));
            let caught = catches_outward(process, node, |catch| catch.names_error(code) || catch.any_error());
            (!caught && !is_called && !at_top).then(|| {
                format!(
                    "nobody catches the error \"{code}\" that \"{}\" throws, so it ends the whole instance; catch it at the \
                     edge of what is around it, or throw it at the top of the process if that is meant",
                    node.id
                )
            })
        }
        Throw::Escalation(code) => {
            let caught = catches_outward(process, node, |catch| catch.names_escalation(code) || catch.any_escalation());
            (!caught && !is_called).then(|| {
                format!(
                    "nobody catches the escalation \"{code}\" that \"{}\" throws, so nothing comes of it; catch it at the \
                     edge of what is around it, or in an event sub-process",
                    node.id
                )
            })
        }
        Throw::Compensation(None) => {
            let level = std::iter::successors(Some(node), |node| around(process, node))
                .find(|node| !matches!(node.kind, NodeKind::EventSubProcess) && !of_event(process, node))?;
            let mut beside = process.level(level.parent.as_ref());
            (!beside.any(|node| can_be_undone(process, node)))
                .then(|| format!("\"{}\" undoes what was done, and no activity beside it says what undoes it", node.id))
        }
        Throw::Compensation(Some(activity)) => {
            let activity = process.node(activity)?;
            (!can_be_undone(process, activity)).then(|| {
                format!(
                    "\"{}\" undoes \"{}\", which does not say what undoes it; add \"compensation\"",
                    node.id, activity.id
                )
            })
        }
        Throw::Message(_) | Throw::Signal { .. } | Throw::Terminate | Throw::Cancel | Throw::Link(_) => None,
    }
}

fn of_event(process: &Process, node: &Node) -> bool {
    around(process, node).is_some_and(|around| matches!(around.kind, NodeKind::EventSubProcess))
}

/// Whether what a node throws is caught on its way outward, as far as the process goes.
fn catches_outward(process: &Process, node: &Node, fits: impl Fn(&Catching) -> bool) -> bool {
    let at = |id: &NodeId| process.node(id).and_then(Node::catching).is_some_and(&fits);
    let begins = |event: &NodeId| process.first(Some(event)).and_then(Node::catching).is_some_and(&fits);
    std::iter::successors(Some(node), |node| around(process, node)).any(|from| {
        let beside = !matches!(from.kind, NodeKind::EventSubProcess);
        from.boundary.iter().any(at) || beside && process.events(from.parent.as_ref()).iter().any(begins)
    })
}

fn can_be_undone(process: &Process, node: &Node) -> bool {
    let by_event =
        |event: &NodeId| process.first(Some(event)).and_then(Node::catching).is_some_and(Catching::compensation);
    node.compensation.is_some()
        || node.events.iter().any(by_event)
        || process.level(Some(&node.id)).any(|inner| can_be_undone(process, inner))
}

/// What is to be said of events that wait for what nobody throws.
fn idle(process: &Process, node: &Node) -> Vec<String> {
    let (inside, where_from): (Vec<&Node>, String) = match &node.kind {
        NodeKind::BoundaryEvent(event) => {
            let Some(attached) = process.node(&event.attached_to) else { return Vec::new() };
            (within(process, attached), format!("inside \"{}\"", attached.id))
        }
        NodeKind::StartEvent(_) => match around(process, node) {
            Some(own) if matches!(own.kind, NodeKind::EventSubProcess) => {
                let beside = process.level(own.parent.as_ref()).filter(|other| other.id != own.id);
                (beside.flat_map(|node| within(process, node)).collect(), "beside it".to_owned())
            }
            _ => return Vec::new(),
        },
        _ => return Vec::new(),
    };
    let catch = node.catching().into_iter().flat_map(|catch| &catch.triggers);
    let throws: Vec<&Throw> = inside.iter().flat_map(|node| thrown(node)).collect();
    let opaque = |node: &&Node| {
        let job = matches!(node.kind, NodeKind::JobTask(_));
        let own =
            matches!(node.kind, NodeKind::ScriptTask(_) | NodeKind::BusinessRuleTask(_) | NodeKind::ServiceTask(_));
        // what somebody hangs at such a task alone may be meant for later
        job || matches!(node.kind, NodeKind::CallActivity(_)) || own && inside.len() == 1
    };
    if inside.iter().any(opaque) {
        return Vec::new();
    }
    let says = |what: &str, code: Option<&String>| {
        let code = code.map(|code| format!(" \"{code}\"")).unwrap_or_default();
        format!("nothing {where_from} throws the {what}{code} that \"{}\" waits for", node.id)
    };
    let fits = |wanted: &Option<String>, code: &String| wanted.as_ref().is_none_or(|wanted| wanted == code);
    catch
        .filter_map(|trigger| match trigger {
            Trigger::Error(wanted) => {
                let thrown = throws.iter().any(|throw| matches!(throw, Throw::Error(code) if fits(wanted, code)));
                (!thrown).then(|| says("error", wanted.as_ref()))
            }
            Trigger::Escalation(wanted) => {
                let thrown = throws.iter().any(|throw| matches!(throw, Throw::Escalation(code) if fits(wanted, code)));
                (!thrown).then(|| says("escalation", wanted.as_ref()))
            }
            Trigger::Cancel => {
                let thrown = throws.iter().any(|throw| matches!(throw, Throw::Cancel));
                (!thrown).then(|| format!("nothing {where_from} cancels the transaction, as \"{}\" waits for", node.id))
            }
            Trigger::Timer(_)
            | Trigger::Message { .. }
            | Trigger::Signal(_)
            | Trigger::Condition(_)
            | Trigger::Compensation
            | Trigger::Link(_) => None,
        })
        .collect()
}

/// A node and everything inside it.
fn within<'a>(process: &'a Process, node: &'a Node) -> Vec<&'a Node> {
    let mut all = vec![node];
    all.extend(process.level(Some(&node.id)).flat_map(|inner| within(process, inner)));
    all
}
