//! Transactional actions: what a service task asks of the store between two moves of the engine.

use super::incident::Failure;
use super::instance::TokenId;
use super::json::Json;
use serde::{Deserialize, Serialize};

/// A call of an action by a service task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActionCall {
    /// The token that waits for it.
    pub token: TokenId,
    /// The action, `records.create`.
    pub action: String,
    /// Its arguments by name.
    pub input: Json,
}

/// What an action gives: its result, or why it failed.
pub type ActionResult = Result<Json, Failure>;
