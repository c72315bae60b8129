//! Claim and unclaim: taking a task and giving it back.

use crate::engine::approvals;
use crate::engine::duties;
use crate::engine::error::EngineError;
use crate::engine::lifecycle;
use crate::engine::work::Work;
use crate::model::event::Event;
use crate::model::ids::{TaskId, UserId};
use crate::model::task::{TaskVerb, UserTask};
use crate::model::task_change::{TaskChange, TaskChanged};

pub(super) fn claim(work: &mut Work, task: &TaskId) -> Result<(), EngineError> {
    let acting_for = may(work, task, TaskVerb::Claim)?;
    approvals::may_vote(work, open_task(work, task)?, &work.context.actor.user)?;
    let by = work.context.actor.user.clone();
    work.emit(Event::TaskClaimed { task: task.clone(), by, acting_for });
    Ok(())
}

pub(super) fn unclaim(work: &mut Work, task: &TaskId) -> Result<(), EngineError> {
    may(work, task, TaskVerb::Unclaim)?;
    change(work, task, TaskChange::Unclaimed);
    Ok(())
}

/// The open task with this id.
pub(super) fn open_task<'w>(work: &'w Work, task: &TaskId) -> Result<&'w UserTask, EngineError> {
    work.instance.tasks.get(task).ok_or_else(|| EngineError::TaskNotOpen(task.clone()))
}

/// Refuses what the caller may not do with an open task; else for whom it is done, as the substitute.
pub(super) fn may(work: &Work, task: &TaskId, verb: TaskVerb) -> Result<Option<UserId>, EngineError> {
    let open = open_task(work, task)?;
    let capacities = lifecycle::capacities(open, verb, work.context.actor)?;
    duties::choose(work, open, verb, capacities)
}

/// The caller changes an open task.
pub(super) fn change(work: &mut Work, task: &TaskId, change: TaskChange) {
    let by = work.context.actor.user.clone();
    work.emit(Event::TaskChanged(TaskChanged { task: task.clone(), by, change }));
}
