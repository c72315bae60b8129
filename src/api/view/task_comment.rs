//! A remark on a task.

use crate::model::task_paper::TaskComment;
use serde::Serialize;
use utoipa::ToSchema;

/// A remark on a task. It is never changed.
#[derive(Serialize, ToSchema)]
#[schema(as = TaskComment)]
pub(in crate::api) struct TaskCommentView {
    /// Its id.
    id: String,
    /// The task.
    task: String,
    /// Who wrote it.
    author: String,
    /// What.
    text: String,
    /// When.
    at: String,
}

/// Shows a remark.
pub(in crate::api) fn comment(comment: TaskComment) -> TaskCommentView {
    let TaskComment { id, task, author, text, at } = comment;
    TaskCommentView { id, task: task.0, author: author.0, text, at: at.rfc3339() }
}
