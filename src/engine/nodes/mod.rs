//! One file per BPMN element. `enter` is the table: a new element is a new variant, a new line and a new file.

mod business_rule_task;
pub(super) mod call_activity;
mod catch_event;
pub(super) mod complex_gateway;
mod event_based_gateway;
pub(super) mod inclusive_gateway;
mod job_task;
pub(super) mod parallel_gateway;
mod script_task;
pub(super) mod service_task;
pub(super) mod sub_process;
pub(super) mod user_task;

use super::work::Work;
use super::{approvals, incident, leave, loops, subscriptions, throw, variables};
use crate::model::event::Event;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::json::{Json, JsonMap};
use crate::model::process::{Node, NodeKind, Passed, Process};

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
    let entered = subscriptions::at_edge(work, token, process, node)
        .and_then(|planned| act(work, token, process, node).map(|entered| (entered, planned)));
    match entered {
        Ok((Entered::Done, _)) => leave::leave(work, token),
        Ok((Entered::Waits, planned)) if work.ask.is_none() => subscriptions::open(work, token, planned),
        Ok((Entered::Waits, _)) => {}
        Err(failure) => fail(work, token, failure),
    }
}

/// The activity of this token has failed; the events at its edge are waited for all the same.
pub(super) fn fail(work: &mut Work, token: TokenId, failure: Failure) {
    incident::raise(work, token, failure);
    let Some(place) = work.place(token).filter(|_| work.ask.is_none()) else { return };
    if let Ok(planned) = subscriptions::at_edge(work, token, &place.process, place.node()) {
        subscriptions::open(work, token, planned);
    }
}

/// The node of this token has its result, or its event has happened: sets its `out` variables and leaves. When they
/// cannot be computed, the incident keeps the result, so that a retry does not do the work again.
pub(super) fn finish(work: &mut Work, token: TokenId, result: Json) {
    let Some(place) = work.place(token) else { return };
    match output(work, token, place.node(), &result) {
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

/// The variables that a node sets from its result.
fn output(work: &Work, token: TokenId, node: &Node, result: &Json) -> Result<JsonMap, Failure> {
    let mapping = match &node.kind {
        NodeKind::ServiceTask(task) => &task.output,
        NodeKind::JobTask(task) => &task.output,
        NodeKind::Approval(approval) => &approval.output,
        NodeKind::CallActivity(call) => match &call.output {
            Passed::Some(output) => output,
            Passed::All => return Ok(call_activity::all(result)),
        },
        _ => match node.catching() {
            Some(catch) if !catch.output.is_empty() => &catch.output,
            _ => return Ok(JsonMap::new()),
        },
    };
    variables::from_result(work, token, mapping, result.clone())
}

fn act(work: &mut Work, token: TokenId, process: &Process, node: &Node) -> Result<Entered, Failure> {
    if let Some(repeated) = node.loops.as_ref().filter(|_| !loops::is_round(work, token)) {
        return loops::begin(work, token, node, repeated);
    }
    match &node.kind {
        NodeKind::StartEvent(_)
        | NodeKind::ExclusiveGateway
        | NodeKind::ParallelGateway
        | NodeKind::InclusiveGateway
        | NodeKind::ComplexGateway(_)
        | NodeKind::BoundaryEvent(_)
        | NodeKind::EventSubProcess => Ok(Entered::Done),
        NodeKind::EventBasedGateway { .. } => event_based_gateway::enter(work, token, process, node),
        NodeKind::IntermediateCatchEvent(catch) => catch_event::enter(work, token, node, catch),
        NodeKind::ReceiveTask(task) => catch_event::enter(work, token, node, &task.catch),
        NodeKind::IntermediateThrowEvent(throws) | NodeKind::EndEvent(throws) => throw::all(work, token, throws),
        NodeKind::SendTask(message) => {
            let message = throw::message(work, token, message)?;
            work.emit(Event::MessageThrown { token, message });
            Ok(Entered::Done)
        }
        NodeKind::UserTask(task) => user_task::enter(work, token, node, task),
        NodeKind::Approval(approval) => approvals::enter(work, token, approval),
        NodeKind::ScriptTask(task) => script_task::enter(work, token, task),
        NodeKind::BusinessRuleTask(task) => business_rule_task::enter(work, token, node, task),
        NodeKind::ServiceTask(task) => service_task::enter(work, token, task),
        NodeKind::JobTask(task) => job_task::enter(work, token, node, task),
        NodeKind::CallActivity(call) => call_activity::enter(work, token, call),
        NodeKind::SubProcess(inner) => sub_process::enter(work, token, process, node, inner),
    }
}
