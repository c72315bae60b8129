//! A process that a call activity begins without waiting for it: a root of its own.

use super::ids::{InstanceId, TokenId};
use super::incident::Failure;
use super::json::JsonMap;
use serde::{Deserialize, Serialize};

/// A process that is to be begun, in the same transaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beginning {
    /// The token at the call activity.
    pub token: TokenId,
    /// The process.
    pub process: String,
    /// The revision that the new instance is pinned to.
    pub revision: i64,
    /// Its start variables.
    pub variables: JsonMap,
}

/// A process that was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// The token at the call activity.
    pub token: TokenId,
    /// The process.
    pub process: String,
    /// Its instance.
    pub instance: InstanceId,
    /// Whether that instance was there already, under the same business key and with the same start variables.
    pub existing: bool,
}

/// What came of it, or why it could not be begun.
pub type BeginResult = Result<Begun, Failure>;
