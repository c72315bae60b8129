//! Complete: a person has done a task.

use super::claim::{may, open_task};
use super::sub_task;
use crate::engine::error::EngineError;
use crate::engine::work::Work;
use crate::engine::{duties, leave, lifecycle, task_clock, variables};
use crate::model::event::Event;
use crate::model::ids::TaskId;
use crate::model::json::JsonMap;
use crate::model::task::TaskVerb;

pub(super) fn complete(
    work: &mut Work,
    task: &TaskId,
    outcome: &Option<String>,
    values: &JsonMap,
) -> Result<(), EngineError> {
    let acting_for = may(work, task, TaskVerb::Complete)?;
    let open = open_task(work, task)?;
    if !lifecycle::fits(&open.outcomes, outcome) {
        let (outcome, offered) = (outcome.clone(), open.outcomes.clone());
        return Err(EngineError::WrongOutcome { task: task.clone(), outcome, offered });
    }
    let open = open.clone();
    let (token, is_part) = (open.token, open.parent.is_some());
    let parts = sub_task::open(work, task);
    if !parts.is_empty() {
        return Err(EngineError::SubTasksOpen { task: task.clone(), open: parts });
    }
    let by = work.context.actor.user.clone();
    let duties = duties::proven(work, &open, TaskVerb::Complete, acting_for.as_ref());
    work.emit(Event::TaskCompleted { task: task.clone(), by, acting_for, outcome: outcome.clone(), duties });
    if is_part {
        variables::set(work, token, values.clone());
        return Ok(());
    }
    task_clock::stop(work, &open);
    variables::set(work, token, values.clone());
    leave::leave(work, token);
    Ok(())
}
