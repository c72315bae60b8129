//! Failures are kept: the node stops with its input, everything else goes on. Inside an atomic block the block fails
//! as a whole.

use super::scope;
use super::work::Work;
use crate::model::action::{Abort, Ask};
use crate::model::event::Event;
use crate::model::ids::IncidentId;
use crate::model::incident::{Failure, Incident};
use crate::model::instance::TokenId;

/// The node of this token failed.
pub(super) fn raise(work: &mut Work, token: TokenId, failure: Failure) {
    match atomic_block(work, token) {
        Some(block) => work.ask = Some(Ask::Rollback { token: block, abort: Abort::Failure(failure) }),
        None => keep(work, token, failure),
    }
}

/// Keeps the incident at this very token.
pub(super) fn keep(work: &mut Work, token: TokenId, failure: Failure) {
    let at = work.token(token);
    let scope = work.scope(at.scope);
    let incident = Incident {
        id: IncidentId(work.next_id()),
        instance: scope.instance.clone(),
        process: scope.process.clone(),
        token,
        node: at.node.clone(),
        failure,
        created_at: work.context.now,
    };
    work.emit(Event::IncidentRaised { incident });
}

/// The token of the atomic block around this one.
fn atomic_block(work: &Work, token: TokenId) -> Option<TokenId> {
    let mut scope = Some(work.token(token).scope);
    while let Some(at) = scope.map(|id| work.scope(id)) {
        if let Some(owner) = at.owner
            && scope::is_atomic(work, owner)
        {
            return Some(owner);
        }
        scope = at.parent;
    }
    None
}
