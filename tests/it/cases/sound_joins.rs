//! What must be true of tokens that wait for one another, by the words of BPMN and without any cleverness.

use super::sound::Seen;
use kamflow::model::instance::{Token, TokenState};
use kamflow::model::process::{FlowIndex, Node, NodeKind, Process};
use std::collections::BTreeSet;

/// Tokens wait only where several come together.
pub fn joining_tokens_are_at_joins(seen: &Seen) -> bool {
    seen.state.tokens.values().all(|token| {
        let Some(node) = seen.node(token) else { return false };
        let gateway =
            matches!(node.kind, NodeKind::ParallelGateway | NodeKind::InclusiveGateway | NodeKind::ComplexGateway(_));
        match token.state {
            TokenState::Joining => gateway && node.incoming.len() > 1 || node.start_quantity > 1,
            TokenState::Blocked => node.mutex.is_some(),
            _ => true,
        }
    })
}

/// A parallel join with a token on each flow would have fired.
pub fn no_parallel_join_is_due(seen: &Seen) -> bool {
    joining(seen).filter(|(_, _, node)| matches!(node.kind, NodeKind::ParallelGateway)).all(|(token, _, node)| {
        let (_, empty) = flows(seen, token, node);
        !empty.is_empty()
    })
}

/// An inclusive join fires when every token that can come to a flow without a token can come to one with a token too.
pub fn no_inclusive_join_is_due(seen: &Seen) -> bool {
    let inclusive = joining(seen).filter(|(_, _, node)| matches!(node.kind, NodeKind::InclusiveGateway));
    seen.asks
        || seen.stands_still()
        || inclusive.clone().all(|(token, process, node)| {
            let (full, empty) = flows(seen, token, node);
            let others = seen.state.tokens.values().filter(|other| other.scope == token.scope && other.node != node.id);
            others.filter(|other| other.state != TokenState::Passed).any(|other| {
                let comes_to = |flows: &[FlowIndex]| ways(process, node, other).iter().any(|flow| flows.contains(flow));
                comes_to(&empty) && !comes_to(&full)
            })
        })
}

fn joining<'s>(seen: &'s Seen) -> impl Iterator<Item = (&'s Token, &'s Process, &'s Node)> + Clone {
    let waiting = seen.state.tokens.values().filter(|token| token.state == TokenState::Joining);
    waiting.filter_map(|token| Some((token, seen.process(token.scope)?, seen.node(token)?)))
}

/// The flows of a join on which a token waits, and the others.
fn flows(seen: &Seen, token: &Token, node: &Node) -> (Vec<FlowIndex>, Vec<FlowIndex>) {
    let waits_on = |flow: &FlowIndex| {
        let mut tokens = seen.state.tokens.values();
        tokens.any(|other| {
            (other.scope, &other.node, other.flow, other.state)
                == (token.scope, &node.id, Some(*flow), TokenState::Joining)
        })
    };
    node.incoming.iter().copied().partition(waits_on)
}

/// Every flow that a token may come by, not going through this gateway.
fn ways(process: &Process, gateway: &Node, token: &Token) -> BTreeSet<FlowIndex> {
    let mut ways = BTreeSet::new();
    let mut looked = BTreeSet::new();
    let mut open = vec![token.node.clone()];
    while let Some(id) = open.pop() {
        if id == gateway.id || !looked.insert(id.clone()) {
            continue;
        }
        let Some(node) = process.node(&id) else { continue };
        open.extend(node.boundary.iter().cloned());
        ways.extend(&node.outgoing);
        open.extend(node.outgoing.iter().map(|flow| process.flows[*flow].to.clone()));
    }
    ways
}
