//! Failures are kept: the node stops with its input, everything else goes on. Inside an atomic block the block fails
//! as a whole.

use super::scope;
use super::work::Work;
use crate::model::action::{Abort, Ask};
use crate::model::event::Event;
use crate::model::ids::IncidentId;
use crate::model::incident::{Failure, Incident};
use crate::model::instance::TokenId;

/// The work of the node is done, but none of its flows can be taken: a retry only leaves it.
pub(super) const FLOW: &str = "flow";
/// The work of the node is done, but its `out` variables cannot be computed: a retry only takes the kept result.
pub(super) const OUT: &str = "out";
/// A block that is all or nothing failed and was taken back: a retry does the whole block.
pub(super) const ATOMIC: &str = "atomic";

/// The node of this token failed.
pub(super) fn raise(work: &mut Work, token: TokenId, failure: Failure) {
    match scope::block_around(work, token) {
        Some(block) => {
            // The incident stands at the block; its reader must know where inside to look.
            let message = format!("{}: {}", work.token(token).node, failure.message);
            let failure = Failure { message, ..failure };
            work.ask = Some(Ask::Rollback { token: block, abort: Abort::Failure(failure) });
        }
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
