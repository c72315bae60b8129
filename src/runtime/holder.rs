//! Whose tokens are to be void.

use crate::model::ids::UserId;

/// Whose tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// A user's.
    User(UserId),
    /// A service account's, and those that it has as somebody else.
    Client(String),
}
