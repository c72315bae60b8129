//! One file per BPMN element. `enter` is the table: a new element is a new variant, a new line and a new file.

pub(super) mod boundary_event;
mod business_rule_task;
pub(super) mod call_activity;
mod end_event;
pub(super) mod inclusive_gateway;
mod intermediate_catch_event;
mod job_task;
pub(super) mod parallel_gateway;
mod script_task;
pub(super) mod service_task;
mod sub_process;
mod user_task;

use super::work::Work;
use super::{incident, leave, loops, timers, variables};
use crate::model::event::Event;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::json::Json;
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
    work.emit(match loops::is_whole(work, token, node) {
        true => Event::RepetitionStarted { token },
        false => Event::NodeEntered { token, node: node.id.clone() },
    });
    let entered = timers::plan(work, token, process, node)
        .and_then(|planned| act(work, token, process, node).map(|entered| (entered, planned)));
    match entered {
        Ok((Entered::Done, _)) => leave::leave(work, token),
        Ok((Entered::Waits, planned)) if work.ask.is_none() => timers::set(work, token, planned),
        Ok((Entered::Waits, _)) => {}
        Err(failure) => fail(work, token, failure),
    }
}

/// The activity of this token has failed; its boundary timers run all the same.
pub(super) fn fail(work: &mut Work, token: TokenId, failure: Failure) {
    incident::raise(work, token, failure);
    let Some((process, node)) = work.place(token).filter(|_| work.ask.is_none()) else { return };
    if let Ok(planned) = timers::plan(work, token, &process, &node) {
        timers::set(work, token, planned);
    }
}

/// The activity of this token has its result: sets its `out` variables and leaves. When they cannot be computed, the
/// incident keeps the result, so that a retry does not do the work again.
pub(super) fn finish(work: &mut Work, token: TokenId, result: Json) {
    let Some((_, node)) = work.place(token) else { return };
    let output = match &node.kind {
        NodeKind::ServiceTask(task) => &task.output,
        NodeKind::JobTask(task) => &task.output,
        NodeKind::CallActivity(call) => &call.output,
        _ => return,
    };
    match variables::from_result(work, token, output, result.clone()) {
        Ok(values) => {
            variables::set(work, token, values);
            leave::leave(work, token);
        }
        Err(failure) => {
            let input = serde_json::json!({ "result": result });
            fail(work, token, Failure { code: incident::OUT.into(), input, ..failure });
        }
    }
}

fn act(work: &mut Work, token: TokenId, process: &Process, node: &Node) -> Result<Entered, Failure> {
    if let Some(repeated) = node.loops.as_ref().filter(|_| !loops::is_round(work, token)) {
        return loops::begin(work, token, node, repeated);
    }
    match &node.kind {
        NodeKind::StartEvent
        | NodeKind::ExclusiveGateway
        | NodeKind::ParallelGateway
        | NodeKind::InclusiveGateway
        | NodeKind::IntermediateThrowEvent
        | NodeKind::BoundaryEvent(_) => Ok(Entered::Done),
        NodeKind::IntermediateCatchEvent(timer) => intermediate_catch_event::enter(work, token, node, timer),
        NodeKind::EndEvent(event) => end_event::enter(work, token, node, event),
        NodeKind::UserTask(task) => user_task::enter(work, token, process, node, task),
        NodeKind::ScriptTask(task) => script_task::enter(work, token, task),
        NodeKind::BusinessRuleTask(task) => business_rule_task::enter(work, token, node, task),
        NodeKind::ServiceTask(task) => service_task::enter(work, token, task),
        NodeKind::JobTask(task) => job_task::enter(work, token, node, task),
        NodeKind::CallActivity(call) => call_activity::enter(work, token, call),
        NodeKind::SubProcess(_) => sub_process::enter(work, token, process, node),
    }
}
