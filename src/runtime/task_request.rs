//! What can be asked of an open task beside taking, giving back and finishing it.

use crate::model::ids::UserId;
use crate::model::json::JsonMap;
use crate::model::task::NewSubTask;
use crate::model::task_change::TaskUpdate;
use crate::model::voting::Decide;

/// What is asked of a task.
#[derive(Debug, Clone, PartialEq)]
pub enum TaskRequest {
    /// Give it to this person, or back to the candidates.
    Assign(Option<UserId>),
    /// Let this person do it.
    Delegate {
        /// Who is to do it.
        to: UserId,
        /// What there is to say of it.
        comment: Option<String>,
    },
    /// Give it back done to who delegated it, with what the person entered.
    Resolve(JsonMap),
    /// Vote on what it is about.
    Decide(Decide),
    /// Say how urgent it is, or when.
    Update(TaskUpdate),
    /// Give somebody a part of it.
    CreateSubTask(NewSubTask),
    /// Take it back, and why: it was made by itself and is not to be done any more.
    Cancel(Option<String>),
}
