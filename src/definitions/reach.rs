//! What no token can reach is refused, and what cannot be meant: a second beginning, an event that leads nowhere.

use crate::model::approval::Barred;
use crate::model::event_definition::{Throw, Trigger};
use crate::model::finding::Finding;
use crate::model::ids::NodeId;
use crate::model::loop_characteristics::LoopCharacteristics;
use crate::model::nearest::hint;
use crate::model::process::{Node, NodeKind, Process};
use std::collections::HashSet;

/// Follows every flow, boundary event, sub-process, event sub-process and compensation from the start.
pub fn check(process: &Process, findings: &mut Vec<Finding>) {
    let mut reached: HashSet<&NodeId> = HashSet::new();
    let mut waiting: Vec<&NodeId> = begins(process, None);
    waiting.extend(&process.events);
    while let Some(id) = waiting.pop() {
        let Some(node) = process.node(id).filter(|_| reached.insert(id)) else { continue };
        waiting.extend(node.outgoing.iter().map(|&flow| &process.flows[flow].to));
        waiting.extend(node.boundary.iter().chain(&node.events).chain(&node.compensation));
        if matches!(node.kind, NodeKind::SubProcess(_) | NodeKind::EventSubProcess) {
            waiting.extend(begins(process, Some(&node.id)));
        }
    }
    let outside = |node: &&Node| node.parent.as_ref().is_none_or(|parent| reached.contains(parent));
    for node in process.nodes.iter().filter(|node| !reached.contains(&node.id)).filter(outside) {
        if matches!(node.kind, NodeKind::BoundaryEvent(_)) {
            continue;
        }
        let sentence = match &node.kind {
            NodeKind::StartEvent(_) => format!("\"{}\" is a second start event; a level begins at one", node.id),
            _ => format!("nothing leads to \"{}\"; lead a flow to it or take it away", node.id),
        };
        findings.push(Finding::error(node.at.clone(), sentence));
    }
    process.nodes.iter().for_each(|node| meant(process, node, findings));
}

/// Where a level can begin, each once.
pub fn begins<'a>(process: &'a Process, parent: Option<&'a NodeId>) -> Vec<&'a NodeId> {
    let by_event = |node: &&Node| match &node.kind {
        NodeKind::StartEvent(start) => start.catch.is_some(),
        NodeKind::ReceiveTask(task) => task.instantiate,
        NodeKind::EventBasedGateway { instantiate } => *instantiate,
        _ => false,
    };
    let ad_hoc = parent.and_then(|parent| process.node(parent)).and_then(Node::ad_hoc).is_some();
    let level = || process.level(parent);
    let mut begins: Vec<&NodeId> = process.first(parent).map(|first| &first.id).into_iter().collect();
    begins.extend(level().filter(by_event).map(|node| &node.id));
    if ad_hoc {
        begins.extend(level().filter(|node| node.begins()).map(|node| &node.id));
    }
    let mut seen = HashSet::new();
    begins.retain(|begin| seen.insert(*begin));
    begins
}

/// What a node refers to is there and can be meant.
fn meant(process: &Process, node: &Node, findings: &mut Vec<Finding>) {
    let mut refuse = |sentence: String| findings.push(Finding::error(node.at.clone(), sentence));
    match &node.kind {
        NodeKind::UserTask(task) => {
            for other in task.not_same_as.iter().chain(&task.same_as) {
                if !process
                    .node(other)
                    .is_some_and(|other| matches!(other.kind, NodeKind::UserTask(_) | NodeKind::Approval(_)))
                {
                    let tasks = process
                        .nodes
                        .iter()
                        .filter(|task| task.id != node.id && matches!(task.kind, NodeKind::UserTask(_)));
                    refuse(format!(
                        "there is no user task \"{other}\" to compare \"{}\" with{}",
                        node.id,
                        hint(other.as_str(), tasks.map(|node| node.id.as_str()))
                    ));
                }
            }
        }
        NodeKind::Approval(approval) => {
            for barred in &approval.not_same_as {
                if let Barred::Task(other) = barred
                    && *other == node.id
                {
                    refuse(format!("\"{}\" compares the approvers with themselves; name another task", node.id));
                }
            }
        }
        NodeKind::EventBasedGateway { .. } => {
            for &flow in &node.outgoing {
                let flow = &process.flows[flow];
                if process.node(&flow.to).is_some_and(|to| to.incoming.len() > 1) {
                    refuse(format!(
                        "\"{}\" is one of the events that \"{}\" waits for; no other flow leads to it",
                        flow.to, node.id
                    ));
                }
                let waits = process.node(&flow.to).is_some_and(|to| {
                    matches!(to.kind, NodeKind::IntermediateCatchEvent(_) | NodeKind::ReceiveTask(_))
                });
                if !waits || flow.condition.is_some() {
                    refuse(format!(
                        "\"{}\" waits for the first of several events; \"{}\" must be an intermediateCatchEvent or a \
                         receiveTask, without \"if\"",
                        node.id, flow.to
                    ));
                }
            }
        }
        NodeKind::EndEvent(throws) | NodeKind::IntermediateThrowEvent(throws) => {
            for throw in throws {
                match throw {
                    Throw::Compensation(Some(activity)) if process.node(activity).is_none() => {
                        let names = process.nodes.iter().map(|node| node.id.as_str());
                        refuse(format!(
                            "there is no activity \"{activity}\" to undo{}",
                            hint(activity.as_str(), names)
                        ));
                    }
                    Throw::Cancel if !in_transaction(process, node) => {
                        refuse(format!("\"{}\" cancels a transaction; it must stand in the list of one", node.id));
                    }
                    _ => {}
                }
            }
        }
        NodeKind::BoundaryEvent(event) if event.catch.cancel() => {
            let attached = process.node(&event.attached_to);
            if !attached.is_some_and(is_transaction) {
                refuse(format!("\"{}\" is no transaction: it cannot be cancelled from inside", event.attached_to));
            }
        }
        NodeKind::BoundaryEvent(event) if event.interrupting => {
            let attached = process.node(&event.attached_to);
            let thrown =
                attached.and_then(|attached| attached.loops.as_ref()).into_iter().flat_map(thrown).collect::<Vec<_>>();
            if let Some(name) = thrown
                .into_iter()
                .find(|name| event.catch.triggers.iter().any(|trigger| caught(trigger) == Some(*name)))
            {
                refuse(format!(
                    "\"{}\" throws \"{name}\" after its instances and would end itself by it; write \"interrupting: \
                     false\", or \"until\" to end it early",
                    event.attached_to
                ));
            }
        }
        _ => {}
    }
}

/// The names of signals and the codes of escalations that an activity throws after its instances.
fn thrown(loops: &LoopCharacteristics) -> Vec<&str> {
    let LoopCharacteristics::MultiInstance(each) = loops else { return Vec::new() };
    let throws = each.throws.iter().flat_map(|after| &after.throws);
    throws
        .filter_map(|throw| match throw {
            Throw::Signal { name, .. } | Throw::Escalation(name) => Some(name.as_str()),
            _ => None,
        })
        .collect()
}

fn caught(trigger: &Trigger) -> Option<&str> {
    match trigger {
        Trigger::Signal(name) | Trigger::Escalation(Some(name)) => Some(name),
        _ => None,
    }
}

fn is_transaction(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::SubProcess(inner) if inner.transaction)
}

/// Whether a node stands in the very list of a transaction.
fn in_transaction(process: &Process, node: &Node) -> bool {
    node.parent.as_ref().and_then(|parent| process.node(parent)).is_some_and(is_transaction)
}
