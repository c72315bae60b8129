//! An organisation on its way in from files: what each row says, and where it stands.

use super::directory::{Period, Unit};
use super::ids::UserId;
use super::json::JsonMap;
use serde::{Deserialize, Serialize};

/// Users, units and positions from files.
#[derive(Debug, Clone, Default)]
pub struct OrgImport {
    /// Users.
    pub users: Vec<Line<Person>>,
    /// Units.
    pub units: Vec<Line<Unit>>,
    /// Positions: what each of them is for a time, with its id.
    pub positions: Vec<Line<(String, Period)>>,
    /// Only say what would come of it.
    pub dry_run: bool,
}

/// A user as a file tells of one; what it does not tell stays as it is, and so does the password.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The login.
    pub id: UserId,
    /// The name.
    pub name: String,
    /// Whether the user is active.
    pub active: Option<bool>,
    /// Roles.
    pub roles: Option<Vec<String>>,
    /// What assignment scripts look at.
    pub attributes: Option<JsonMap>,
}

/// A row of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Line<T> {
    /// Where it stands: `users.csv:3`.
    pub at: String,
    /// What it says.
    pub value: T,
}

/// What came of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OrgImported {
    /// Of users.
    pub users: Tally,
    /// Of units.
    pub units: Tally,
    /// Of positions.
    pub positions: Tally,
}

/// How many there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    /// New ones.
    pub created: usize,
    /// Such that were there and are otherwise now.
    pub changed: usize,
    /// Such that were there just so.
    pub same: usize,
}
