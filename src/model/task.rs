//! A user task: work for a person, from its creation to its end.

use super::ids::TokenId;
use super::ids::{InstanceId, NodeId, RecordId, TaskId, UserId};
use super::json::JsonMap;
use super::text::Text;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A user task with all that a task list shows. In documents what is empty is left out.
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
    /// What there is to say of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it is in its life.
    pub state: TaskState,
    /// Who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<UserId>,
    /// Who may claim it by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidate_users: Vec<UserId>,
    /// Roles whose members may claim it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidate_groups: Vec<String>,
    /// The form, by name in the pinned revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// The outcomes to choose from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<String>,
    /// 0 to 100, higher first.
    pub priority: i64,
    /// When it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// What the process says of itself in its `search` list, as it was when the task was created.
    #[serde(default, skip_serializing_if = "JsonMap::is_empty")]
    pub search: JsonMap,
    /// The record that its process is about, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<RecordId>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Who completed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_by: Option<UserId>,
    /// How it was completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// Counts its changes: the entity tag.
    pub version: i64,
    /// Whether its root is suspended: nothing can be done with it until that is resumed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspended: bool,
    /// What is beside it; none: it was not counted.
    #[serde(skip)]
    pub papers: Option<Papers>,
    /// Who let somebody else do it and answers for it; none: it was not delegated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<UserId>,
    /// How far the delegation is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delegation: Option<Delegation>,
    /// For whom the assignee has it, as the substitute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting_for: Option<UserId>,
    /// For whom it was completed, by the substitute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_for: Option<UserId>,
    /// Who did a part of it: delegates who gave it back done, and for whom they did.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub helpers: Vec<UserId>,
    /// Who started its root instance: no substitute in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starter: Option<UserId>,
    /// When whoever has it wants to come back to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<Timestamp>,
    /// The task that it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<TaskId>,
    /// To whom it was escalated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raised: Option<Raised>,
    /// The seat of an approval whose vote it is, from 0; none: it is no vote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<usize>,
}

/// A part of a task that somebody else is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewSubTask {
    /// Its title.
    pub title: Text,
    /// Who has it.
    pub assignee: Option<UserId>,
    /// Who may claim it by name.
    pub candidate_users: Vec<UserId>,
    /// Roles whose members may claim it.
    pub candidate_groups: Vec<String>,
    /// When it is due.
    pub due: Option<Timestamp>,
    /// 0 to 100, higher first; none: that of the task it is a part of.
    pub priority: Option<i64>,
}

/// The key of the process of tasks that people make by themselves: it comes with kamflow.
pub const STANDALONE: &str = "task";

/// A task that somebody makes and that belongs to no deployed process.
#[derive(Debug, Clone, PartialEq)]
pub struct NewTask {
    /// What is to be done.
    pub name: String,
    /// What there is to say of it.
    pub description: Option<String>,
    /// Who has it.
    pub assignee: Option<UserId>,
    /// Who may claim it by name.
    pub candidate_users: Vec<UserId>,
    /// Roles whose members may claim it.
    pub candidate_groups: Vec<String>,
    /// When it is due.
    pub due: Option<Timestamp>,
    /// 0 to 100, higher first; none: 50.
    pub priority: Option<i64>,
    /// The record that it is about: type and id.
    pub record: Option<(String, RecordId)>,
}

/// How far a delegation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delegation {
    /// The delegate has it.
    Pending,
    /// The delegate gave it back done.
    Resolved,
}

/// The people a task was escalated to: they may take it, as candidates do, also from an assignee who does not act.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raised {
    /// By name.
    pub users: Vec<UserId>,
    /// By role.
    pub groups: Vec<String>,
    /// Whether they may take it from its assignee: until somebody takes it or is given it, and again after the next time.
    pub open: bool,
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

impl Delegation {
    /// The word in columns and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Delegation::Pending => "pending",
            Delegation::Resolved => "resolved",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Delegation> {
        [Delegation::Pending, Delegation::Resolved].into_iter().find(|one| one.name() == word)
    }
}

impl TaskState {
    /// All of them, as life goes.
    pub const ALL: [TaskState; 4] =
        [TaskState::Created, TaskState::Claimed, TaskState::Completed, TaskState::Cancelled];

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
        TaskState::ALL.into_iter().find(|state| state.name() == word)
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
    /// Let somebody else do it, and answer for it.
    Delegate,
    /// Give it back done to who delegated it.
    Resolve,
    /// Give it to somebody, or back to the candidates.
    Assign,
    /// Say how urgent it is, and when it is due or to be looked at again.
    Update,
    /// Give somebody a part of it.
    CreateSubTask,
    /// Take it back: it is not to be done any more.
    Cancel,
}

impl UserTask {
    /// Whether somebody made it by itself: no process, and no other task, goes on when it is done.
    pub fn is_standalone(&self) -> bool {
        self.process == STANDALONE && self.parent.is_none()
    }
}

impl TaskVerb {
    /// Every verb, in the order in which they are shown.
    pub const ALL: [TaskVerb; 10] = [
        TaskVerb::Claim,
        TaskVerb::Unclaim,
        TaskVerb::Complete,
        TaskVerb::Decide,
        TaskVerb::Delegate,
        TaskVerb::Resolve,
        TaskVerb::CreateSubTask,
        TaskVerb::Assign,
        TaskVerb::Update,
        TaskVerb::Cancel,
    ];

    /// The word that callers see.
    pub fn name(self) -> &'static str {
        match self {
            TaskVerb::Claim => "claim",
            TaskVerb::Unclaim => "unclaim",
            TaskVerb::Complete => "complete",
            TaskVerb::Decide => "decide",
            TaskVerb::Delegate => "delegate",
            TaskVerb::Resolve => "resolve",
            TaskVerb::CreateSubTask => "createSubTask",
            TaskVerb::Cancel => "cancel",
            TaskVerb::Assign => "assign",
            TaskVerb::Update => "update",
        }
    }
}

/// A task with what a caller may do with it now.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenTask {
    /// The task.
    pub task: UserTask,
    /// What the caller may do.
    pub verbs: Vec<TaskVerb>,
    /// What is beside it.
    pub papers: Papers,
}

/// How much people have put beside a task.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Papers {
    /// Remarks.
    pub comments: i64,
    /// Files.
    pub attachments: i64,
}
