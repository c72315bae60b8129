//! What writers, reads and the worker of one node share.

use super::clock::Clock;
use super::libraries::Libraries;
use super::sessions::People;
use crate::model::scim::group::GroupRoles;
use crate::store::{Checkpoints, Log, Url};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use tokio::sync::Notify;

/// The shared parts.
pub struct Shared {
    /// Where the rows are.
    pub url: Url,
    /// What is committed, on its way to the disk.
    pub log: Arc<Log>,
    /// Keeps the log of the file short; none on PostgreSQL.
    pub checkpoints: Option<Checkpoints>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What this node changed of people.
    pub people: People,
    /// Revisions in memory.
    pub libraries: Libraries,
    /// The roles that groups of an outside directory give by their names.
    pub group_roles: GroupRoles,
    /// Wakes the worker when a timer was set, or something was sent.
    pub timers: Notify,
    /// Wakes who waits for jobs when one may be there, and when the server stops.
    pub jobs: Notify,
    /// Whether the server stops: nobody waits for jobs any more.
    pub stopping: AtomicBool,
    /// Wakes the worker when a revision was activated.
    pub derivations: Notify,
}
