//! Complete: a person has done a task.

use super::claim::open_task;
use crate::engine::error::EngineError;
use crate::engine::voting_error::VotingError;
use crate::engine::work::Work;
use crate::engine::{duties, leave, lifecycle, variables};
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
    let open = open_task(work, task)?;
    if open.seat.is_some() {
        return Err(VotingError::Vote(task.clone()).into());
    }
    lifecycle::check(open, TaskVerb::Complete, work.context.actor)?;
    duties::check(work, open)?;
    if !lifecycle::fits(&open.outcomes, outcome) {
        let (outcome, offered) = (outcome.clone(), open.outcomes.clone());
        return Err(EngineError::WrongOutcome { task: task.clone(), outcome, offered });
    }
    let token = open.token;
    let by = work.context.actor.user.clone();
    work.emit(Event::TaskCompleted { task: task.clone(), by, outcome: outcome.clone() });
    variables::set(work, token, values.clone());
    leave::leave(work, token);
    Ok(())
}
