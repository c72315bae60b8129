//! A timer that an instance waits for.

use super::ids::TokenId;
use super::ids::{NodeId, TimerId};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A timer set by a node; fires once, at or after `due`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// Its id.
    pub id: TimerId,
    /// The token of the activity it watches.
    pub token: TokenId,
    /// The event node that set it.
    pub node: NodeId,
    /// When it fires.
    pub due: Timestamp,
}
