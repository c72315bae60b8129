//! Leaving a node: which of its flows are taken (BPMN 2.0: conditional flows, implicit fork, default flow).

use super::incident::FLOW;
use super::work::Work;
use super::{condition, incident, loops, scope, timers};
use crate::model::event::Event;
use crate::model::incident::Failure;
use crate::model::instance::{ScopeId, TokenId};
use crate::model::process::{FlowIndex, Node, NodeKind, Process};

/// The node's work is done: takes its outgoing flows, or keeps an incident when none can be taken. Of an activity that
/// is done more than once, a round is done, or all that is to be done of it.
pub(super) fn leave(work: &mut Work, token: TokenId) {
    if loops::is_round(work, token) {
        return loops::round_done(work, token);
    }
    let Some((process, node)) = work.place(token) else {
        let failure = Failure::new(FLOW, "the pinned revision does not have this node any more");
        return incident::raise(work, token, failure);
    };
    if node.loops.is_some() && loops::whole(work, token).is_some() {
        return loops::end(work, token);
    }
    match choose(work, token, &process, &node) {
        Err(failure) => incident::raise(work, token, failure),
        Ok(flows) => {
            timers::cancel(work, token);
            work.emit(match node.loops {
                Some(_) => Event::RepetitionEnded { token },
                None => Event::NodeCompleted { token, node: node.id.clone() },
            });
            let scope = work.token(token).scope;
            take(work, scope, &process, flows);
            work.emit(Event::TokenRemoved { token });
            scope::settle(work, scope);
        }
    }
}

/// The process goes on from an activity while rounds of it are still open; `whole` is the scope around them.
pub(super) fn pass(work: &mut Work, token: TokenId, whole: ScopeId) {
    let Some((process, node)) = work.place(token) else { return };
    match choose(work, token, &process, &node) {
        Err(failure) => incident::raise(work, token, failure),
        Ok(flows) => {
            timers::cancel(work, token);
            work.emit(Event::RepetitionPassed { token, scope: whole });
            take(work, work.token(token).scope, &process, flows);
        }
    }
}

fn take(work: &mut Work, scope: ScopeId, process: &Process, flows: Vec<FlowIndex>) {
    for flow in flows {
        work.place_token(scope, &process.flows[flow].to, Some(flow));
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
