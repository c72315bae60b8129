//! Modify: tokens are placed before and after nodes and taken away, all steps or none. Then the walk moves what it can.
//!
//! A node inside a sub-process is started in the level that is open; where none is, the sub-process is entered first, as
//! a token would that came to it, but for the token at its first node. A level that loses its last token is cancelled
//! with its activity, outward; it is never taken for one that was completed.

use super::skip::ends_with;
use crate::engine::intervention_error::{InterventionError, StepError};
use crate::engine::nodes::sub_process;
use crate::engine::work::Work;
use crate::engine::{duties, scope, subscriptions};
use crate::model::event::Event;
use crate::model::ids::{NodeId, token_name};
use crate::model::instance::{ScopeId, ScopeKind, TokenId};
use crate::model::intervention::Step;
use crate::model::process::{Node, NodeKind, Process, SubProcess};
use std::sync::Arc;

/// Steps of one modification at most.
const MOST: usize = 100;

/// `level` is that of the whole process.
pub(super) fn modify(work: &mut Work, level: ScopeId, steps: &[Step]) -> Result<(), InterventionError> {
    if !(1..=MOST).contains(&steps.len()) {
        return Err(InterventionError::Steps { given: steps.len(), most: MOST });
    }
    let mut emptied = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        let done = match step {
            Step::StartBefore { node } => start_before(work, level, node),
            Step::StartAfter { node, outcome } => start_after(work, level, node, outcome),
            Step::Cancel { token } => cancel(work, level, *token).map(|scope| emptied.push(scope)),
        };
        done.map_err(|wrong| InterventionError::Step { number, wrong })?;
    }
    close(work, level, emptied)
}

/// The scope that a token of this instance runs in; `level` is that of its whole process.
pub(super) fn token_of(work: &Work, level: ScopeId, token: TokenId) -> Option<ScopeId> {
    let scope = work.instance.tokens.get(&token)?.scope;
    (work.scope(scope).instance == work.scope(level).instance).then_some(scope)
}

fn start_before(work: &mut Work, level: ScopeId, node: &NodeId) -> Result<(), StepError> {
    let (process, node) = startable(work, level, node)?;
    let joins =
        matches!(node.kind, NodeKind::ParallelGateway | NodeKind::InclusiveGateway | NodeKind::ComplexGateway(_));
    if joins && node.incoming.len() > 1 {
        return Err(StepError::Join(node.id));
    }
    let level = level_of(work, level, &process, &node)?;
    work.place_token(level, &node.id, None);
    Ok(())
}

fn start_after(work: &mut Work, level: ScopeId, node: &NodeId, outcome: &Option<String>) -> Result<(), StepError> {
    let (process, node) = startable(work, level, node)?;
    if matches!(node.kind, NodeKind::EventBasedGateway { .. }) {
        return Err(StepError::Choice(node.id));
    }
    ends_with(&node, outcome)?;
    let by = duties::said_done(work, level, &node)?;
    let level = level_of(work, level, &process, &node)?;
    let token = work.place_token(level, &node.id, None);
    work.emit(Event::NodeEntered { token, node: node.id.clone() });
    work.emit(Event::NodeSkipped { token, node: node.id, outcome: outcome.clone(), by });
    Ok(())
}

fn cancel(work: &mut Work, level: ScopeId, token: TokenId) -> Result<ScopeId, StepError> {
    let gone = || StepError::NoToken {
        instance: work.scope(level).instance.clone(),
        token: token_name(&work.instance.id, token),
    };
    let scope = token_of(work, level, token).ok_or_else(gone)?;
    scope::cancel_token(work, token);
    Ok(scope)
}

/// A node that a token can be placed at, with its process.
fn startable(work: &Work, level: ScopeId, node: &NodeId) -> Result<(Arc<Process>, Node), StepError> {
    let none = || StepError::NoNode { process: work.scope(level).process.clone(), node: node.clone() };
    let process = work.process(level).ok_or_else(none)?;
    let found = process.node(node).cloned().ok_or_else(none)?;
    let what = match found.kind {
        NodeKind::BoundaryEvent(_) => "a boundary event",
        NodeKind::EventSubProcess => "an event sub-process",
        _ if found.undoes => "an activity that undoes another one",
        _ => return Ok((process, found)),
    };
    Err(StepError::Beside { node: found.id, what })
}

/// The level that a node stands in; sub-processes on the way that are not open are entered.
fn level_of(work: &mut Work, whole: ScopeId, process: &Process, node: &Node) -> Result<ScopeId, StepError> {
    let Some(around) = node.parent.as_ref().and_then(|parent| process.node(parent)) else { return Ok(whole) };
    let (inner, outer) = (node.id.clone(), around.id.clone());
    let sub_process = match &around.kind {
        NodeKind::SubProcess(sub) if sub.atomic => return Err(StepError::Atomic { node: inner, block: outer }),
        NodeKind::SubProcess(sub) if !around.undoes => Some(sub),
        _ => None,
    };
    if around.loops.is_some() {
        return Err(StepError::Repeated { node: inner, around: outer });
    }
    let level = level_of(work, whole, process, around)?;
    let mut open = work
        .instance
        .scopes
        .values()
        .filter(|scope| scope.parent == Some(level) && scope.node.as_ref() == Some(&around.id) && scope.is_level());
    match (open.next().map(|scope| scope.id), open.next(), sub_process) {
        (None, _, Some(sub_process)) => enter(work, level, process, around, sub_process),
        (None, _, None) => Err(StepError::NotOpen { node: inner, around: outer }),
        (Some(open), None, _) => Ok(open),
        (Some(_), Some(_), _) => Err(StepError::Several { node: inner, around: outer }),
    }
}

/// A new token enters a sub-process; nothing is inside yet.
fn enter(
    work: &mut Work,
    level: ScopeId,
    process: &Process,
    node: &Node,
    sub_process: &SubProcess,
) -> Result<ScopeId, StepError> {
    let token = work.place_token(level, &node.id, None);
    work.emit(Event::NodeEntered { token, node: node.id.clone() });
    let planned = subscriptions::at_edge(work, token, process, node)
        .map_err(|failure| StepError::Closed { around: node.id.clone(), sentence: failure.message })?;
    let inside = sub_process::inside(work, token, process, node, sub_process);
    let scope = scope::open_empty(work, inside);
    subscriptions::open(work, token, planned);
    Ok(scope)
}

/// Cancels the levels that were left without a token, outward, up to the process itself.
fn close(work: &mut Work, whole: ScopeId, mut emptied: Vec<ScopeId>) -> Result<(), InterventionError> {
    while let Some(level) = emptied.pop() {
        let is_left = work.instance.tokens.values().any(|token| token.scope == level)
            || work.instance.scopes.values().any(|inner| inner.parent == Some(level));
        let Some(scope) = work.instance.scopes.get(&level).filter(|_| !is_left) else { continue };
        if level == whole {
            return Err(InterventionError::NothingLeft(scope.instance.clone()));
        }
        if let (ScopeKind::Round(_), Some(node)) = (&scope.kind, &scope.node) {
            return Err(InterventionError::Round(node.clone()));
        }
        let Some(owner) = scope.owner else { continue };
        let around = work.token(owner).scope;
        scope::cancel_token(work, owner);
        emptied.push(around);
    }
    Ok(())
}
