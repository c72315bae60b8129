//! What an instance waits for beside people and time: messages, signals, conditions.

use super::ids::{InstanceId, NodeId, SubscriptionId};
use super::instance::HolderId;
use super::json::JsonMap;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One thing that is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// The instance that waits, root or called.
    pub instance: InstanceId,
    /// The token or the scope that holds it.
    pub holder: HolderId,
    /// The event that happens.
    pub node: NodeId,
    /// Which of the event's triggers it is, by its position.
    pub trigger: usize,
    /// What is waited for.
    pub awaits: Awaited,
}

/// What is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Awaited {
    /// A message of this name.
    Message {
        /// Its name.
        name: String,
        /// The key that it must have.
        key: Option<String>,
    },
    /// A signal of this name.
    Signal {
        /// Its name.
        name: String,
    },
    /// That the condition becomes true.
    Condition {
        /// Whether it was true when it was last looked at.
        holds: bool,
    },
    /// That somebody lets it go on.
    Call,
}

/// A message that was sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its name.
    pub name: String,
    /// Its key.
    pub key: Option<String>,
    /// What it brings.
    pub payload: JsonMap,
    /// Until when it is kept when nobody waits for it; none: it is not kept.
    pub until: Option<Timestamp>,
}
