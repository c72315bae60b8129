//! What people keep beside tasks.

use super::row;

row!(
    /// A saved list of tasks.
    TaskFilterRow, task_filters = "task_filters", (business, id), {
        business: String,
        id: String,
        owner: String,
        name: String,
        filter: String,
        sort: Option<String>,
        roles: String,
        created_at: i64,
        updated_at: i64,
        version: i64,
    }
);

row!(
    /// A role whose members use a saved list.
    TaskFilterRoleRow, task_filter_roles = "task_filter_roles", (business, role, filter), {
        business: String,
        role: String,
        filter: String,
    }
);

row!(
    /// A remark on a task.
    TaskCommentRow, task_comments = "task_comments", (business, task, id), {
        business: String,
        task: String,
        id: String,
        author: String,
        text: String,
        at: i64,
    }
);

row!(
    /// A file that was added to a task.
    TaskAttachmentRow, task_attachments = "task_attachments", (business, task, file), {
        business: String,
        task: String,
        file: String,
        attached_by: String,
        attached_at: i64,
    }
);
