//! A user task: work for a person, from its creation to its end.

use super::ids::TokenId;
use super::ids::{InstanceId, NodeId, TaskId, UserId};
use super::json::JsonMap;
use super::text::Text;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A user task with all that a task list shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserTask {
    /// Its id.
    pub id: TaskId,
    /// The instance it belongs to.
    pub instance: InstanceId,
    /// The process of that instance.
    pub process: String,
    /// The token that waits for it.
    pub token: TokenId,
    /// Its node.
    pub node: NodeId,
    /// Its title.
    pub title: Text,
    /// Where it is in its life.
    pub state: TaskState,
    /// Who has it.
    pub assignee: Option<UserId>,
    /// Who may claim it by name.
    pub candidate_users: Vec<UserId>,
    /// Roles whose members may claim it.
    pub candidate_groups: Vec<String>,
    /// The form, by name in the pinned revision.
    pub form: Option<String>,
    /// The outcomes to choose from.
    pub outcomes: Vec<String>,
    /// 0 to 100, higher first.
    pub priority: i64,
    /// When it is due.
    pub due: Option<Timestamp>,
    /// What the process says of itself in its `search` list, as it was when the task was created.
    pub search: JsonMap,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Who completed it.
    pub completed_by: Option<UserId>,
    /// How it was completed.
    pub outcome: Option<String>,
    /// Counts its changes: the entity tag.
    pub version: i64,
    /// Whether its root is suspended: nothing can be done with it until that is resumed.
    #[serde(default)]
    pub suspended: bool,
    /// The seat of an approval whose vote it is, from 0; none: it is no vote.
    #[serde(default)]
    pub seat: Option<usize>,
}

/// The life of a user task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// Open, nobody has it.
    Created,
    /// Somebody has it.
    Claimed,
    /// Done.
    Completed,
    /// No longer needed.
    Cancelled,
}

impl TaskState {
    /// The word in columns and JSON.
    pub fn name(self) -> &'static str {
        match self {
            TaskState::Created => "created",
            TaskState::Claimed => "claimed",
            TaskState::Completed => "completed",
            TaskState::Cancelled => "cancelled",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<TaskState> {
        [TaskState::Created, TaskState::Claimed, TaskState::Completed, TaskState::Cancelled]
            .into_iter()
            .find(|state| state.name() == word)
    }
}

/// What a person may do with a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskVerb {
    /// Take it.
    Claim,
    /// Give it back.
    Unclaim,
    /// Finish it.
    Complete,
    /// Vote.
    Decide,
}

/// A task with what a caller may do with it now.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenTask {
    /// The task.
    pub task: UserTask,
    /// What the caller may do.
    pub verbs: Vec<TaskVerb>,
}
