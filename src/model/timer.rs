//! A timer that an instance waits for.

use super::ids::{NodeId, TimerId};
use super::instance::HolderId;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A timer set by an event; fires at or after `due`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// Its id.
    pub id: TimerId,
    /// The token of the activity it watches, or the scope that an event sub-process waits in.
    #[serde(alias = "token")]
    pub holder: HolderId,
    /// The event that happens.
    pub node: NodeId,
    /// Which of the event's triggers it is, by its position.
    #[serde(default)]
    pub trigger: usize,
    /// When it fires.
    pub due: Timestamp,
    /// How often a counted cycle fires after this one; none: it is not counted.
    #[serde(default)]
    pub left: Option<u32>,
}
