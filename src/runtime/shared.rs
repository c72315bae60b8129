//! What writers, reads and the worker of one node share.

use super::clock::Clock;
use super::libraries::Libraries;
use crate::model::scim::group::GroupRoles;
use crate::store::Url;
use std::sync::Arc;
use tokio::sync::Notify;

/// The shared parts.
pub struct Shared {
    /// Where the rows are.
    pub url: Url,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Revisions in memory.
    pub libraries: Libraries,
    /// The roles that groups of an outside directory give by their names.
    pub group_roles: GroupRoles,
    /// Wakes the worker when a timer was set.
    pub timers: Notify,
}
