//! What has come to a joining gateway.

use super::work::Work;
use crate::model::instance::{ScopeId, TokenId, TokenState};
use crate::model::process::{FlowIndex, Node};

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
