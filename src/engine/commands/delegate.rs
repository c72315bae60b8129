//! Delegate and resolve: an assignee lets somebody else do the work and answers for it; the delegate gives it back done.

use super::claim::{change, may, open_task};
use crate::engine::error::EngineError;
use crate::engine::work::Work;
use crate::engine::{approvals, duties, variables};
use crate::model::ids::TaskId;
use crate::model::json::JsonMap;
use crate::model::task::TaskVerb;
use crate::model::task_change::{Person, TaskChange};

pub(super) fn delegate(
    work: &mut Work,
    task: &TaskId,
    to: &Person,
    comment: &Option<String>,
) -> Result<(), EngineError> {
    may(work, task, TaskVerb::Delegate)?;
    if to.user == work.context.actor.user {
        return Err(EngineError::DelegatedToOneself(task.clone()));
    }
    let open = open_task(work, task)?;
    duties::check(work, open, std::slice::from_ref(&to.user))?;
    approvals::may_vote(work, open, &to.user)?;
    change(work, task, TaskChange::Delegated { to: to.user.clone(), comment: comment.clone() });
    Ok(())
}

pub(super) fn resolve(work: &mut Work, task: &TaskId, values: &JsonMap) -> Result<(), EngineError> {
    let acting_for = may(work, task, TaskVerb::Resolve)?;
    let token = open_task(work, task)?.token;
    change(work, task, TaskChange::Resolved { acting_for });
    variables::set(work, token, values.clone());
    Ok(())
}
