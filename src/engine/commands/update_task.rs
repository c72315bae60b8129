//! Update: how urgent a task is, and when it is due or to be looked at again. That the caller may say so was found in the
//! directory. Reminders and escalations count anew from another due time.

use super::claim::{change, may, open_task};
use crate::engine::error::EngineError;
use crate::engine::task_clock;
use crate::engine::work::Work;
use crate::model::ids::TaskId;
use crate::model::task::TaskVerb;
use crate::model::task_change::{TaskChange, TaskUpdate};

pub(super) fn update(work: &mut Work, task: &TaskId, update: &TaskUpdate) -> Result<(), EngineError> {
    may(work, task, TaskVerb::Update)?;
    change(work, task, TaskChange::Updated(update.clone()));
    let open = open_task(work, task)?;
    if update.due.is_some() && open.parent.is_none() {
        let open = open.clone();
        task_clock::stop(work, &open);
        task_clock::set(work, task);
    }
    Ok(())
}
