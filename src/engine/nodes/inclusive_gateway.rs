//! Inclusive gateway as a join, as in BPMN 2.0.2: it fires when at least one incoming flow holds a token and every
//! token with a path to an empty incoming flow (not through this gateway) also has a path to a non-empty one.

use super::enter;
use crate::engine::arrived::split;
use crate::engine::incident;
use crate::engine::work::{Place, Work};
use crate::model::event::Event;
use crate::model::incident::Failure;
use crate::model::instance::{ScopeId, Token, TokenId, TokenState};
use crate::model::process::{FlowIndex, NodeKind};
use std::collections::{BTreeSet, HashSet};

/// Fires every inclusive join that can fire now. Asked after every move and cancellation.
pub(in crate::engine) fn fire_enabled(work: &mut Work) {
    while work.ask.is_none() {
        let enabled = joins(work).into_iter().find_map(|(level, place)| {
            let (full, empty) = split(work, level, place.node());
            let fires = !full.is_empty() && !someone_may_come(work, level, &place, &full, &empty);
            fires.then_some((place, full))
        });
        let Some((place, mut full)) = enabled else { return };
        let Some(last) = full.pop() else { return };
        for (_, token) in full {
            work.emit(Event::TokenRemoved { token });
        }
        enter(work, last.1, &place.process, place.node());
    }
}

/// Joins that block each other while nothing else in their level can move become an incident that names them.
/// Whether one was reported.
pub(in crate::engine) fn report_deadlock(work: &mut Work) -> bool {
    let stuck = joins(work).into_iter().find_map(|(level, _)| {
        // A mark that something was passed here stays where it is.
        let tokens = work.instance.tokens.values().filter(|token| token.scope == level);
        let tokens: Vec<&Token> = tokens.filter(|token| token.state != TokenState::Passed).collect();
        let all_join = tokens.iter().all(|token| token.state == TokenState::Joining);
        let names = || tokens.iter().map(|token| token.node.to_string()).collect::<BTreeSet<_>>();
        tokens.first().filter(|_| all_join).map(|first| (first.id, names()))
    });
    let Some((token, names)) = stuck else { return false };
    let names: Vec<String> = names.into_iter().collect();
    let sentence = format!("these joins wait for each other and nothing else can move: {}", names.join(", "));
    incident::raise(work, token, Failure::new("deadlock", sentence));
    true
}

/// Inclusive joins at which tokens wait, in the order of their first token.
fn joins(work: &Work) -> Vec<(ScopeId, Place)> {
    let mut seen = HashSet::new();
    let waiting = work.instance.tokens.doing(TokenState::Joining);
    waiting
        .filter(|token| seen.insert((token.scope, &token.node)))
        .filter_map(|token| Some((token.scope, work.place(token.id)?)))
        .filter(|(_, place)| matches!(place.node().kind, NodeKind::InclusiveGateway))
        .collect()
}

fn someone_may_come(
    work: &Work,
    level: ScopeId,
    place: &Place,
    full: &[(FlowIndex, TokenId)],
    empty: &[FlowIndex],
) -> bool {
    let (process, node) = (&place.process, place.node());
    let to_empty = process.upstream(node, empty.iter().copied());
    let to_full = process.upstream(node, full.iter().map(|(flow, _)| *flow));
    work.instance.tokens.values().filter(|token| token.scope == level).any(|token| {
        if token.node == node.id {
            // it is on one of the flows already and arrives with its next move
            return token.state == TokenState::Ready;
        }
        token.state != TokenState::Passed && to_empty.contains(&token.node) && !to_full.contains(&token.node)
    })
}
