//! One file per BPMN element. `enter` is the table: a new element is a new variant, a new line and a new file.

pub(super) mod boundary_event;
mod business_rule_task;
pub(super) mod call_activity;
mod end_event;
pub(super) mod inclusive_gateway;
pub(super) mod parallel_gateway;
mod script_task;
pub(super) mod service_task;
mod sub_process;
mod user_task;

use super::work::Work;
use super::{incident, leave, timers};
use crate::model::event::Event;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::process::{Node, NodeKind, Process};

/// What a node does with the token that entered it.
pub(super) enum Entered {
    /// Its work is done.
    Done,
    /// It waits, or has moved the token on itself.
    Waits,
}

/// A token enters a node and the node does its work. A failure becomes an incident.
pub(super) fn enter(work: &mut Work, token: TokenId, process: &Process, node: &Node) {
    work.emit(Event::NodeEntered { token, node: node.id.clone() });
    match act(work, token, process, node) {
        Ok(Entered::Done) => leave::leave(work, token),
        Ok(Entered::Waits) => {}
        Err(failure) => incident::raise(work, token, failure),
    }
    if work.ask.is_some() {
        return;
    }
    if let Err(failure) = timers::arm(work, token, process, node) {
        incident::raise(work, token, failure);
    }
}

fn act(work: &mut Work, token: TokenId, process: &Process, node: &Node) -> Result<Entered, Failure> {
    match &node.kind {
        NodeKind::StartEvent
        | NodeKind::ExclusiveGateway
        | NodeKind::ParallelGateway
        | NodeKind::InclusiveGateway
        | NodeKind::BoundaryEvent(_) => Ok(Entered::Done),
        NodeKind::EndEvent(event) => end_event::enter(work, token, node, event),
        NodeKind::UserTask(task) => user_task::enter(work, token, process, node, task),
        NodeKind::ScriptTask(task) => script_task::enter(work, token, task),
        NodeKind::BusinessRuleTask(task) => business_rule_task::enter(work, token, node, task),
        NodeKind::ServiceTask(task) => service_task::enter(work, token, task),
        NodeKind::CallActivity(call) => call_activity::enter(work, token, call),
        NodeKind::SubProcess(_) => sub_process::enter(work, token, process, node),
    }
}
