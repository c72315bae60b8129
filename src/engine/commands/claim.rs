//! Claim and unclaim: taking a task and giving it back.

use crate::engine::duties;
use crate::engine::error::EngineError;
use crate::engine::lifecycle;
use crate::engine::work::Work;
use crate::model::event::Event;
use crate::model::ids::TaskId;
use crate::model::task::{TaskVerb, UserTask};

pub(super) fn claim(work: &mut Work, task: &TaskId) -> Result<(), EngineError> {
    let open = open_task(work, task)?;
    lifecycle::check(open, TaskVerb::Claim, work.context.actor)?;
    duties::check(work, open)?;
    work.emit(Event::TaskClaimed { task: task.clone(), by: work.context.actor.user.clone() });
    Ok(())
}

pub(super) fn unclaim(work: &mut Work, task: &TaskId) -> Result<(), EngineError> {
    lifecycle::check(open_task(work, task)?, TaskVerb::Unclaim, work.context.actor)?;
    work.emit(Event::TaskUnclaimed { task: task.clone(), by: work.context.actor.user.clone() });
    Ok(())
}

/// The open task with this id.
pub(super) fn open_task<'w>(work: &'w Work, task: &TaskId) -> Result<&'w UserTask, EngineError> {
    work.instance.tasks.get(task).ok_or_else(|| EngineError::TaskNotOpen(task.clone()))
}
