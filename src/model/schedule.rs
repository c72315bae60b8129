//! When a timer at the start of a process begins it next.

use super::ids::{BusinessId, NodeId};
use super::time::Timestamp;

/// A timer of a start event of the active revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The business.
    pub business: BusinessId,
    /// The process.
    pub process: String,
    /// The start event.
    pub node: NodeId,
    /// Which of the event's triggers it is, by its position.
    pub trigger: usize,
    /// What its author wrote: a timer that says the same goes on through a deployment.
    pub spec: String,
    /// When; none: it is over.
    pub due: Option<Timestamp>,
    /// How often a counted cycle fires after this one; none: it is not counted.
    pub left: Option<u32>,
}
