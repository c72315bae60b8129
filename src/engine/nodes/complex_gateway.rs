//! Complex gateway as a join: it lets one token go on as soon as enough have come. Those that come later are taken up,
//! or are cancelled where they are; when all have come, or none can come any more, it begins anew (BPMN 2.0.2, 13.4.5).

use super::fail;
use crate::engine::arrived::split;
use crate::engine::work::Work;
use crate::engine::{condition, leave, scope};
use crate::model::event::Event;
use crate::model::ids::NodeId;
use crate::model::incident::Failure;
use crate::model::instance::{ScopeId, TokenId, TokenState};
use crate::model::json::JsonMap;
use crate::model::node::ACTIVATION_COUNT;
use crate::model::process::{Activation, ComplexGateway, JoinRest, Node, NodeKind, Process};

/// A token has arrived: lets it go on when enough have come.
pub(in crate::engine) fn join(
    work: &mut Work,
    token: TokenId,
    process: &Process,
    node: &Node,
    gateway: &ComplexGateway,
) {
    let level = work.token(token).scope;
    if mark(work, level, &node.id).is_some() {
        return;
    }
    match enough(work, token, level, node, gateway) {
        Ok(false) => {}
        Ok(true) => {
            work.emit(Event::NodeEntered { token, node: node.id.clone() });
            if leave::pass_gateway(work, token, process, node) && gateway.rest == JoinRest::Cancel {
                cancel_rest(work, level, process, node);
            }
        }
        Err(failure) => fail(work, token, failure),
    }
}

/// Begins anew every complex gateway that has let a token go on and to which nothing can come any more.
pub(in crate::engine) fn reset_finished(work: &mut Work) {
    while work.ask.is_none() {
        let Some((level, node, used)) = marks(work).into_iter().find_map(|mark| finished(work, mark)) else { return };
        let mark = mark(work, level, &node);
        for token in used.into_iter().chain(mark) {
            work.emit(Event::TokenRemoved { token });
        }
        scope::settle(work, level);
    }
}

fn enough(work: &Work, token: TokenId, level: ScopeId, node: &Node, gateway: &ComplexGateway) -> Result<bool, Failure> {
    let tokens = work.instance.tokens.values();
    let count = tokens
        .filter(|token| token.scope == level && token.node == node.id && token.state == TokenState::Joining)
        .count();
    match &gateway.activation {
        Activation::Count(wanted) => Ok(count >= wanted.unwrap_or(node.incoming.len())),
        Activation::When(activation) => {
            let counted = JsonMap::from_iter([(ACTIVATION_COUNT.to_owned(), count.into())]);
            condition::holds(work, token, activation, Some(&counted))
        }
    }
}

/// Cancels what could still come to the gateway; not what it has just let go on, in a loop around it.
fn cancel_rest(work: &mut Work, level: ScopeId, process: &Process, node: &Node) {
    let before = process.upstream(node, node.incoming.iter().copied());
    let tokens = work.instance.tokens.values().filter(|token| token.scope == level);
    let coming = tokens.filter(|token| {
        let fresh = token.flow.is_some_and(|flow| node.outgoing.contains(&flow));
        let arriving = token.node == node.id && token.state == TokenState::Ready;
        !fresh && (arriving || before.contains(&token.node))
    });
    let coming: Vec<TokenId> = coming.map(|token| token.id).collect();
    coming.into_iter().for_each(|token| scope::cancel_token(work, token));
}

/// The token by which a gateway is marked as having fired.
fn mark(work: &Work, level: ScopeId, gateway: &NodeId) -> Option<TokenId> {
    let mut tokens = work.instance.tokens.values();
    let mark = tokens.find(|token| token.scope == level && token.node == *gateway && token.state == TokenState::Passed);
    mark.map(|mark| mark.id)
}

/// The marks of all complex gateways.
fn marks(work: &Work) -> Vec<TokenId> {
    let gateways = work.instance.tokens.doing(TokenState::Passed).filter(|token| {
        work.place(token.id).is_some_and(|place| matches!(place.node().kind, NodeKind::ComplexGateway(_)))
    });
    gateways.map(|token| token.id).collect()
}

/// The gateway of a mark, and the tokens that it has taken up, when all have come or none can come any more.
fn finished(work: &Work, mark: TokenId) -> Option<(ScopeId, NodeId, Vec<TokenId>)> {
    let place = work.place(mark)?;
    let (process, node) = (&place.process, place.node());
    let at = work.token(mark);
    let (full, mut empty) = split(work, at.scope, node);
    empty.retain(|flow| at.flow != Some(*flow));
    let to_empty = process.upstream(node, empty.iter().copied());
    let may_come = work.instance.tokens.values().filter(|token| token.scope == at.scope).any(|token| {
        let arriving = token.node == node.id && token.state == TokenState::Ready;
        arriving || (token.state != TokenState::Passed && to_empty.contains(&token.node))
    });
    (empty.is_empty() || !may_come)
        .then(|| (at.scope, node.id.clone(), full.into_iter().map(|(_, token)| token).collect()))
}
