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
}

impl Actor {
    /// The engine itself: timers, recovery.
    pub fn engine(business: BusinessId) -> Actor {
        Actor::of(business, UserId::from("kamflow"))
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
