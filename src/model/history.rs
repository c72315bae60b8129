//! The history of an instance, one entry an event, as people and auditors read it.

use super::ids::{BusinessId, InstanceId, NodeId, UserId};
use super::json::Json;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One entry: what happened, where, by whom, when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// Its business.
    pub business: BusinessId,
    /// The root instance.
    pub root: InstanceId,
    /// Rises in the root; numbers of bookkeeping events (tokens, scopes) are left out.
    pub sequence: i64,
    /// When.
    pub at: Timestamp,
    /// The instance it happened in: the root or a called one.
    pub instance: InstanceId,
    /// The kind of event, `task_completed`.
    pub kind: String,
    /// The node, where there is one.
    pub node: Option<NodeId>,
    /// Who made it happen.
    pub actor: UserId,
    /// What else is to say, by kind.
    pub data: Json,
}

/// A node was entered or left, as far as a diagram wants to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// When.
    pub at: Timestamp,
    /// The node.
    pub node: NodeId,
    /// What happened there.
    pub pass: Pass,
}

/// How a token passes a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// It came in.
    Entered,
    /// Its work was done, and it went on.
    Left,
    /// It was taken away.
    Cancelled,
}
