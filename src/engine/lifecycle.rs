//! The life of a user task as a table: which verb is possible in which state, and for whom.

use super::error::EngineError;
use crate::model::actor::Actor;
use crate::model::ids::root_of;
use crate::model::task::{TaskState, TaskVerb, UserTask};

/// The state that a verb leads to; `None`: not possible in this state.
fn next(state: TaskState, verb: TaskVerb) -> Option<TaskState> {
    match (state, verb) {
        (TaskState::Created, TaskVerb::Claim) => Some(TaskState::Claimed),
        (TaskState::Claimed, TaskVerb::Unclaim) => Some(TaskState::Created),
        (TaskState::Claimed, TaskVerb::Complete | TaskVerb::Decide) => Some(TaskState::Completed),
        (TaskState::Created, TaskVerb::Unclaim | TaskVerb::Complete | TaskVerb::Decide) => None,
        (TaskState::Claimed, TaskVerb::Claim) => None,
        (TaskState::Completed | TaskState::Cancelled, _) => None,
    }
}

/// Whether this caller may do this with this task now; if not, why.
pub(super) fn check(task: &UserTask, verb: TaskVerb, actor: &Actor) -> Result<(), EngineError> {
    let mine = task.assignee.as_ref() == Some(&actor.user);
    let refused =
        || EngineError::WrongState { task: task.id.clone(), state: task.state, verb, assignee: task.assignee.clone() };
    if task.suspended {
        return Err(EngineError::Suspended(root_of(task.id.as_str())));
    }
    if task.state == TaskState::Created && !may_claim(task, actor) {
        return Err(EngineError::NotCandidate { task: task.id.clone(), user: actor.user.clone() });
    }
    if next(task.state, verb).is_none() {
        return Err(refused());
    }
    match verb {
        TaskVerb::Claim => Ok(()),
        TaskVerb::Unclaim if mine && task.candidate_users.is_empty() && task.candidate_groups.is_empty() => {
            Err(EngineError::ForOneAlone { task: task.id.clone(), user: actor.user.clone() })
        }
        TaskVerb::Unclaim | TaskVerb::Complete | TaskVerb::Decide if mine => Ok(()),
        TaskVerb::Unclaim | TaskVerb::Complete | TaskVerb::Decide => Err(refused()),
    }
}

/// Whether the task is for this caller, by name or by role.
pub fn may_claim(task: &UserTask, actor: &Actor) -> bool {
    task.candidate_users.contains(&actor.user) || task.candidate_groups.iter().any(|group| actor.roles.contains(group))
}

/// Whether an outcome is one of those that are offered; where none is offered, none is given.
pub(super) fn fits(offered: &[String], outcome: &Option<String>) -> bool {
    match outcome {
        Some(outcome) => offered.contains(outcome),
        None => offered.is_empty(),
    }
}

/// What this caller may do with this task now: `allowedActions`.
pub fn verbs(task: &UserTask, actor: &Actor) -> Vec<TaskVerb> {
    let done_by = if task.seat.is_some() { TaskVerb::Decide } else { TaskVerb::Complete };
    let verbs = [TaskVerb::Claim, TaskVerb::Unclaim, done_by].into_iter();
    verbs.filter(|verb| check(task, *verb, actor).is_ok()).collect()
}
