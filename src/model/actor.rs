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
    /// What its token allows at all, `tasks:write`.
    pub scopes: BTreeSet<String>,
}

impl Actor {
    /// The engine itself: timers, recovery.
    pub fn engine(business: BusinessId) -> Actor {
        Actor { business, user: UserId::from("kamflow"), roles: BTreeSet::new(), scopes: BTreeSet::new() }
    }
}
