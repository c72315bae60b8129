//! What can still come to a gateway: the nodes from which a token could reach one of its flows.

use super::work::Work;
use crate::model::ids::NodeId;
use crate::model::instance::{ScopeId, TokenId, TokenState};
use crate::model::process::{FlowIndex, Node, NodeKind, Process};
use std::collections::HashSet;

/// Nodes with a path to one of these flows that does not pass through the gateway; an activity reaches what its
/// boundary events reach.
pub(super) fn upstream(process: &Process, gateway: &Node, flows: impl Iterator<Item = FlowIndex>) -> HashSet<NodeId> {
    let mut found = HashSet::new();
    let mut open: Vec<NodeId> = flows.map(|flow| process.flows[flow].from.clone()).collect();
    while let Some(id) = open.pop() {
        if id == gateway.id || !found.insert(id.clone()) {
            continue;
        }
        let Some(node) = process.node(&id) else { continue };
        open.extend(node.incoming.iter().map(|&flow| process.flows[flow].from.clone()));
        if let NodeKind::BoundaryEvent(event) = &node.kind {
            open.push(event.attached_to.clone());
        }
    }
    found
}

/// Incoming flows with the first token that waits on them at the gateway, and those without one.
pub(super) fn split(work: &Work, level: ScopeId, node: &Node) -> (Vec<(FlowIndex, TokenId)>, Vec<FlowIndex>) {
    let (mut full, mut empty) = (Vec::new(), Vec::new());
    for &flow in &node.incoming {
        match waiting(work, level, node, flow) {
            Some(token) => full.push((flow, token)),
            None => empty.push(flow),
        }
    }
    (full, empty)
}

/// The first token that waits at this gateway on this flow.
pub(super) fn waiting(work: &Work, level: ScopeId, node: &Node, flow: FlowIndex) -> Option<TokenId> {
    let tokens = work.instance.tokens.values();
    let mut waiting = tokens.filter(|token| {
        token.scope == level && token.node == node.id && token.flow == Some(flow) && token.state == TokenState::Joining
    });
    waiting.next().map(|token| token.id)
}
