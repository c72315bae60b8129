//! Who asks: a person or a service, with what the directory and the token say of it at this moment.

use super::ids::{BusinessId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The caller of a command or a read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The one business whose data it sees.
    pub business: BusinessId,
    /// The user.
    pub user: UserId,
    /// Roles from the directory, read at decision time.
    pub roles: BTreeSet<String>,
    /// Roles that an outside issuer's claims were mapped to. They let somebody start processes and touch records; they
    /// never make a candidate of a task, an approver or an administrator, which is why they stand apart.
    pub mapped: BTreeSet<String>,
    /// What its token allows at all, `tasks:write`.
    pub scopes: BTreeSet<String>,
    /// The client that acts as this person; none when the person acts itself.
    pub through: Option<String>,
    /// For whom it stands in now, by login.
    #[serde(default)]
    pub stands_in: Vec<StandsIn>,
}

/// Somebody for whom the caller stands in at this moment. It is about tasks alone: no other right goes with it, and it is
/// not handed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandsIn {
    /// Who is stood in for.
    pub user: UserId,
    /// The roles of that person: groups of tasks.
    pub roles: BTreeSet<String>,
    /// In which processes only; none: in all.
    pub processes: Option<Vec<String>>,
}

impl StandsIn {
    /// Whether it counts in a process.
    pub fn covers(&self, process: &str) -> bool {
        self.processes.as_ref().is_none_or(|only| only.iter().any(|one| one == process))
    }
}

/// The name under which the engine itself acts.
const ENGINE: &str = "kamflow";

/// Whether nobody may have this login, since the engine acts under it: in whatever case, so that no history can be misread.
pub fn is_reserved(login: &str) -> bool {
    login.to_lowercase() == ENGINE
}

impl Actor {
    /// The engine itself: timers, recovery.
    pub fn engine(business: BusinessId) -> Actor {
        Actor::of(business, UserId::from(ENGINE))
    }

    /// Somebody of whom nothing is known yet but the name.
    pub fn of(business: BusinessId, user: UserId) -> Actor {
        Actor {
            business,
            user,
            roles: BTreeSet::new(),
            mapped: BTreeSet::new(),
            scopes: BTreeSet::new(),
            through: None,
            stands_in: Vec::new(),
        }
    }

    /// What its requests are counted and remembered under: the login, and the client between them if there is one. No
    /// login has a space in it, so the two cannot be mixed up.
    pub fn caller(&self) -> String {
        match &self.through {
            Some(client) => format!("{} through {client}", self.user),
            None => self.user.0.clone(),
        }
    }
}
