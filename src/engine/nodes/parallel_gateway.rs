//! Parallel gateway as a join: it fires when each incoming flow holds a token; two tokens on one flow do not fire it.

use super::enter;
use crate::engine::arrived::waiting;
use crate::engine::work::Work;
use crate::model::event::Event;
use crate::model::instance::{ScopeId, TokenId};
use crate::model::process::Node;

/// A token has arrived: fires the join when it was the last one missing.
pub(in crate::engine) fn join(work: &mut Work, token: TokenId, node: &Node) {
    let level = work.token(token).scope;
    let Some(mut used) = one_of_each(work, level, node) else { return };
    let Some(process) = work.process(level) else { return };
    let last = used.pop().unwrap_or(token);
    for token in used {
        work.emit(Event::TokenRemoved { token });
    }
    enter(work, last, &process, node);
}

/// The first waiting token of every incoming flow; none when a flow has none.
fn one_of_each(work: &Work, level: ScopeId, node: &Node) -> Option<Vec<TokenId>> {
    node.incoming.iter().map(|flow| waiting(work, level, node, *flow)).collect()
}
