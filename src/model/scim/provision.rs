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

impl Provision {
    /// What it asks for, for the log.
    pub fn verb(&self) -> &'static str {
        match self {
            Provision::CreateUser(_) => "create user",
            Provision::ReplaceUser(..) => "replace user",
            Provision::PatchUser(..) => "patch user",
            Provision::DeleteUser(_) => "delete user",
            Provision::CreateGroup(_) => "create group",
            Provision::ReplaceGroup(..) => "replace group",
            Provision::PatchGroup(..) => "patch group",
            Provision::DeleteGroup(_) => "delete group",
        }
    }

    /// The user or group that it is about; empty for a new one.
    pub fn id(&self) -> &str {
        match self {
            Provision::CreateUser(_) | Provision::CreateGroup(_) => "",
            Provision::ReplaceUser(id, _) | Provision::PatchUser(id, _) | Provision::DeleteUser(id) => id.as_str(),
            Provision::ReplaceGroup(id, _) | Provision::PatchGroup(id, _) | Provision::DeleteGroup(id) => id,
        }
    }
}

impl Provisioned {
    /// The id of the user or group.
    pub fn id(&self) -> &str {
        match self {
            Provisioned::User(found) => found.user.id.as_str(),
            Provisioned::Group(found) => &found.group.id,
        }
    }
}
