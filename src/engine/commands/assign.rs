//! Assign: a task is given to somebody, or back to the candidates. That the caller may do so was found in the directory.

use super::claim::{change, may, open_task};
use crate::engine::error::EngineError;
use crate::engine::work::Work;
use crate::engine::{duties, lifecycle};
use crate::model::ids::TaskId;
use crate::model::task::TaskVerb;
use crate::model::task_change::{Person, TaskChange};

pub(super) fn assign(work: &mut Work, task: &TaskId, to: &Option<Person>) -> Result<(), EngineError> {
    may(work, task, TaskVerb::Assign)?;
    let open = open_task(work, task)?;
    let alone = lifecycle::is_for_one(open);
    match (to, &open.assignee) {
        (Some(to), _) => {
            if !alone && !lifecycle::is_for(open, &to.user, &to.roles) {
                return Err(EngineError::NotForThem { task: task.clone(), user: to.user.clone() });
            }
            duties::check(work, open, std::slice::from_ref(&to.user))?;
        }
        (None, Some(user)) if alone => {
            return Err(EngineError::ForOneAlone { task: task.clone(), user: user.clone() });
        }
        (None, _) => {}
    }
    change(work, task, TaskChange::Assigned { to: to.as_ref().map(|to| to.user.clone()) });
    Ok(())
}
