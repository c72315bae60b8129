//! Who is away, and who stands in for whom.

use super::authority::Limits;
use super::ids::UserId;
use super::window::Window;
use serde::{Deserialize, Serialize};

/// A time in which somebody is away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Absence {
    /// Its id.
    pub id: String,
    /// Who is away.
    pub user: UserId,
    /// When.
    pub window: Window,
    /// What there is to say of it.
    pub note: Option<String>,
    /// Counts its changes: the entity tag.
    pub version: i64,
}

/// A time in which somebody acts for somebody else. It is not handed on: who stands in for a substitute does not stand
/// in for those the substitute stands in for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Substitution {
    /// Its id.
    pub id: String,
    /// Who acts.
    pub user: UserId,
    /// For whom.
    pub for_user: UserId,
    /// When.
    pub window: Window,
    /// How far at most, where less than the person who is stood in for.
    pub limits: Limits,
    /// In which processes only; none: in all.
    pub processes: Option<Vec<String>>,
    /// Counts its changes: the entity tag.
    pub version: i64,
}

impl Substitution {
    /// Whether it counts in a process; outside of processes only one for all of them does.
    pub fn covers(&self, process: Option<&str>) -> bool {
        self.processes.as_ref().is_none_or(|only| process.is_some_and(|process| only.iter().any(|one| one == process)))
    }
}
