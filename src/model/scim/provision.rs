//! What an outside directory can ask to be written.

use super::edit::Edit;
use super::{group, person};
use crate::model::ids::UserId;
use serde::{Deserialize, Serialize};

/// One request of a directory.
#[derive(Debug, Clone, PartialEq)]
pub enum Provision {
    /// A new user.
    CreateUser(Vec<Edit>),
    /// A user as a whole.
    ReplaceUser(UserId, Vec<Edit>),
    /// Parts of a user.
    PatchUser(UserId, Vec<Edit>),
    /// A user goes.
    DeleteUser(UserId),
    /// A new group.
    CreateGroup(Vec<Edit>),
    /// A group as a whole.
    ReplaceGroup(String, Vec<Edit>),
    /// Parts of a group.
    PatchGroup(String, Vec<Edit>),
    /// A group goes.
    DeleteGroup(String),
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Provisioned {
    /// A user.
    User(person::Provisioned),
    /// A group.
    Group(group::Provisioned),
}
