//! What comes in from outside with every command: the time, the caller, and the revisions that its root runs on.

use super::evaluator::Evaluator;
use crate::model::actor::Actor;
use crate::model::process::Process;
use crate::model::text::Text;
use crate::model::time::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What comes in with a command.
pub struct Context<'a> {
    /// The time of the command.
    pub now: Timestamp,
    /// Who asks.
    pub actor: &'a Actor,
    /// The IANA name of the time zone in which the business is.
    pub time_zone: &'a str,
    /// The revision that the root is pinned to.
    pub pinned: Revision<'a>,
    /// Those that processes which it called are pinned to instead.
    pub called: Vec<Revision<'a>>,
    /// The active one, when something of the others asks for it (`binding: latest`).
    pub latest: Option<Revision<'a>>,
}

/// A revision as the engine needs it.
#[derive(Clone, Copy)]
pub struct Revision<'a> {
    /// Its number in the business.
    pub number: i64,
    /// Its processes by key.
    pub processes: &'a BTreeMap<String, Arc<Process>>,
    /// Its scripts.
    pub scripts: &'a dyn Evaluator,
    /// The roles that its packs declare, with their titles.
    pub roles: &'a BTreeMap<String, Text>,
}

impl<'a> Context<'a> {
    /// Whether one of the revisions declares this role: a role that was added since an instance began is a role.
    pub fn has_role(&self, role: &str) -> bool {
        let mut all = [self.pinned].into_iter().chain(self.called.iter().copied()).chain(self.latest);
        all.any(|revision| revision.roles.contains_key(role))
    }

    /// The revision of this number; none when it did not come with the command.
    pub fn revision(&self, number: i64) -> Option<Revision<'a>> {
        let mut all = [self.pinned].into_iter().chain(self.called.iter().copied()).chain(self.latest);
        all.find(|revision| revision.number == number)
    }
}
