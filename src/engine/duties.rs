//! Who may do a user task after what was done before: not those who did certain others, or only those.

use super::error::EngineError;
use super::work::Work;
use crate::model::ids::{NodeId, UserId};
use crate::model::process::{NodeKind, UserTask as Definition};
use crate::model::task::UserTask;

/// What keeps a person from a task: who did another one, or did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Barrier<'d> {
    /// The other task.
    pub other: &'d NodeId,
    /// Whether it had to be the same person.
    pub same: bool,
}

/// What keeps a person from a task; `did` says who did another task of the instance so far.
pub fn barrier<'d, 'p>(
    definition: &'d Definition,
    did: impl Fn(&NodeId) -> &'p [UserId],
    user: &UserId,
) -> Option<Barrier<'d>> {
    if let Some(other) = definition.not_same_as.iter().find(|other| did(other).contains(user)) {
        return Some(Barrier { other, same: false });
    }
    let another = |other: &&NodeId| !did(other).is_empty() && !did(other).contains(user);
    definition.same_as.iter().find(another).map(|other| Barrier { other, same: true })
}

/// Refuses a caller who has done what must be done by somebody else, or has not done what the same person must do.
pub(super) fn check(work: &Work, task: &UserTask) -> Result<(), EngineError> {
    let Some(place) = work.place(task.token) else { return Ok(()) };
    let NodeKind::UserTask(definition) = &place.node().kind else { return Ok(()) };
    let process = work.scope(work.process_scope(work.token(task.token).scope));
    let did = |other: &NodeId| process.performers.get(other).map_or(&[][..], Vec::as_slice);
    let user = &work.context.actor.user;
    match barrier(definition, did, user) {
        Some(Barrier { other, same }) => Err(EngineError::SeparationOfDuties {
            task: task.id.clone(),
            user: user.clone(),
            other: other.clone(),
            same,
        }),
        None => Ok(()),
    }
}
