//! What people keep beside tasks: saved lists, remarks, files. None of it is state of the engine.

use super::ids::{FileId, TaskId, UserId};
use super::json::JsonMap;
use super::text::Text;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A saved list of tasks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskFilter {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub owner: UserId,
    /// What it is called.
    pub name: Text,
    /// Its conditions, as a search has them.
    pub filter: JsonMap,
    /// Its order, `-due`.
    pub sort: Option<String>,
    /// Roles whose members use it as well; empty: nobody else does.
    pub roles: Vec<String>,
    /// When it was saved first.
    pub created_at: Timestamp,
    /// When it was saved last.
    pub updated_at: Timestamp,
    /// Counts its changes: the entity tag.
    pub version: i64,
}

/// A remark on a task. It is never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskComment {
    /// Its id; later ones have greater ids.
    pub id: String,
    /// On which task.
    pub task: TaskId,
    /// Who wrote it.
    pub author: UserId,
    /// What.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// Characters of a remark at most.
pub const COMMENT_MOST: usize = 4_000;

/// What somebody does beside a task.
#[derive(Debug, Clone, PartialEq)]
pub enum TaskPaper {
    /// Saves a new list; id, owner, times and version are the store's.
    CreateFilter(TaskFilter),
    /// Saves a list anew.
    UpdateFilter(TaskFilter),
    /// Removes a list.
    DeleteFilter(String),
    /// Writes a remark.
    Comment {
        /// On which task.
        task: TaskId,
        /// What.
        text: String,
    },
    /// Adds a file.
    Attach {
        /// To which task.
        task: TaskId,
        /// Which.
        file: FileId,
    },
    /// Takes a file off.
    Detach {
        /// Off which task.
        task: TaskId,
        /// Which.
        file: FileId,
    },
}
