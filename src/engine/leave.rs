//! Leaving a node: which of its flows are taken (BPMN 2.0: conditional flows, implicit fork, default flow).

use super::incident::FLOW;
use super::work::Work;
use super::{compensation, condition, incident, loops, scope, subscriptions};
use crate::model::event::Event;
use crate::model::incident::Failure;
use crate::model::instance::{ScopeId, ScopeKind, TokenId, TokenState};
use crate::model::process::{FlowIndex, Node, NodeKind, Process};

/// The node's work is done: takes its outgoing flows, or keeps an incident when none can be taken. Of an activity that
/// is done more than once, a round is done, or all that is to be done of it.
pub(super) fn leave(work: &mut Work, token: TokenId) {
    if loops::is_round(work, token) {
        return loops::round_done(work, token);
    }
    let Some(place) = work.place(token) else {
        let failure = Failure::new(FLOW, "the pinned revision does not have this node any more");
        return incident::raise(work, token, failure);
    };
    let (process, node) = (&*place.process, place.node());
    if node.loops.is_some() && loops::whole(work, token).is_some() {
        return loops::end(work, token);
    }
    let chosen = choose(work, token, process, node).and_then(|flows| Ok((flows, enough(work, token, process)?)));
    match chosen {
        Err(failure) => incident::raise(work, token, failure),
        Ok((flows, enough)) => {
            subscriptions::close(work, token);
            if node.loops.is_none() {
                compensation::keep(work, token, node);
            }
            match node.loops {
                Some(_) => work.emit(Event::RepetitionEnded { token }),
                None if work.token(token).state == TokenState::Happened => {}
                None => work.emit(Event::NodeCompleted { token, node: node.id.clone() }),
            }
            let scope = work.token(token).scope;
            take(work, scope, process, node, flows);
            work.emit(Event::TokenRemoved { token });
            if enough || interrupted(work, scope, process, node) {
                scope::cancel_tokens(work, scope);
                return scope::end(work, scope);
            }
            scope::settle(work, scope);
        }
    }
}

/// Whether an ad-hoc sub-process is done early, now that an activity in it is done.
fn enough(work: &Work, token: TokenId, process: &Process) -> Result<bool, Failure> {
    let level = work.scope(work.token(token).scope);
    let around = level.node.as_ref().filter(|_| level.is_level()).and_then(|node| process.node(node));
    let until = around.and_then(Node::ad_hoc).and_then(|ad_hoc| ad_hoc.until.as_ref());
    let Some(until) = until else { return Ok(false) };
    condition::holds(work, token, until, None).map_err(|failure| Failure { code: FLOW.into(), ..failure })
}

/// Whether an event that ended an ad-hoc sub-process has been dealt with: what was not begun yet is not begun any more.
fn interrupted(work: &Work, scope: ScopeId, process: &Process, node: &Node) -> bool {
    let interrupts = |start: &Node| matches!(&start.kind, NodeKind::StartEvent(start) if start.interrupting);
    matches!(node.kind, NodeKind::EventSubProcess)
        && matches!(work.scope(scope).kind, ScopeKind::AdHoc(_))
        && process.first(Some(&node.id)).is_some_and(interrupts)
}

/// A gateway lets its token go on before all have come; the token stays as a mark. Whether it could.
pub(super) fn pass_gateway(work: &mut Work, token: TokenId, process: &Process, node: &Node) -> bool {
    match choose(work, token, process, node) {
        Err(failure) => {
            incident::raise(work, token, failure);
            false
        }
        Ok(flows) => {
            work.emit(Event::NodeCompleted { token, node: node.id.clone() });
            work.emit(Event::GatewayPassed { token });
            take(work, work.token(token).scope, process, node, flows);
            true
        }
    }
}

/// The process goes on from an activity while rounds of it are still open; `whole` is the scope around them.
pub(super) fn pass(work: &mut Work, token: TokenId, whole: ScopeId) {
    let Some(place) = work.place(token) else { return };
    let (process, node) = (&*place.process, place.node());
    match choose(work, token, process, node) {
        Err(failure) => incident::raise(work, token, failure),
        Ok(flows) => {
            subscriptions::close(work, token);
            work.emit(Event::RepetitionPassed { token, scope: whole });
            take(work, work.token(token).scope, process, node, flows);
        }
    }
}

fn take(work: &mut Work, scope: ScopeId, process: &Process, node: &Node, flows: Vec<FlowIndex>) {
    for flow in flows {
        for _ in 0..node.completion_quantity {
            work.place_token(scope, &process.flows[flow].to, Some(flow));
        }
    }
}

fn choose(work: &Work, token: TokenId, process: &Process, node: &Node) -> Result<Vec<FlowIndex>, Failure> {
    if node.outgoing.is_empty() {
        return Ok(Vec::new());
    }
    let only_first = matches!(node.kind, NodeKind::ExclusiveGateway);
    let outcome = work.token(token).outcome.as_deref();
    let (mut taken, mut default) = (Vec::new(), None);
    for &index in &node.outgoing {
        let flow = &process.flows[index];
        if flow.default {
            default = Some(index);
        } else if flow.outcome.is_some() {
            if flow.outcome.as_deref() == outcome {
                taken.push(index);
            }
        } else if holds(work, token, process, index)? {
            taken.push(index);
            if only_first {
                break;
            }
        }
    }
    if taken.is_empty() {
        taken.extend(default);
    }
    if taken.is_empty() {
        let sentence = format!("no flow of \"{}\" is true and it has no default", node.id);
        return Err(Failure::new(FLOW, sentence));
    }
    Ok(taken)
}

/// Whether a flow's condition is true; a flow without one always is.
fn holds(work: &Work, token: TokenId, process: &Process, index: FlowIndex) -> Result<bool, Failure> {
    let Some(condition) = &process.flows[index].condition else { return Ok(true) };
    condition::holds(work, token, condition, None).map_err(|failure| Failure { code: FLOW.into(), ..failure })
}
