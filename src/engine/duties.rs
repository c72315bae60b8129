//! Who may do a user task after what was done before: not those who did certain others, or only those.

use super::error::EngineError;
use super::work::Work;
use crate::model::ids::NodeId;
use crate::model::process::NodeKind;
use crate::model::task::UserTask;

/// Refuses a caller who has done what must be done by somebody else, or has not done what the same person must do.
pub(super) fn check(work: &Work, task: &UserTask) -> Result<(), EngineError> {
    let Some(place) = work.place(task.token) else { return Ok(()) };
    let NodeKind::UserTask(definition) = &place.node().kind else { return Ok(()) };
    let process = work.scope(work.process_scope(work.token(task.token).scope));
    let user = &work.context.actor.user;
    let did = |other: &&NodeId| process.performers.get(*other).is_some_and(|people| people.contains(user));
    let done = |other: &&NodeId| process.performers.get(*other).is_some_and(|people| !people.is_empty());
    let refused = |other: &NodeId, same: bool| EngineError::SeparationOfDuties {
        task: task.id.clone(),
        user: user.clone(),
        other: other.clone(),
        same,
    };
    if let Some(other) = definition.not_same_as.iter().find(did) {
        return Err(refused(other, false));
    }
    match definition.same_as.iter().find(|other| done(other) && !did(other)) {
        Some(other) => Err(refused(other, true)),
        None => Ok(()),
    }
}
