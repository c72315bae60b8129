//! Transactional actions: what a service task asks of the store between two moves of the engine.

use super::beginning::Beginning;
use super::ids::{TaskId, TokenId};
use super::incident::Failure;
use super::json::Json;
use serde::{Deserialize, Serialize};

/// A call of an action, by a service task or for what else waits at a token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActionCall {
    /// The token that waits for it.
    pub token: TokenId,
    /// The task that it is asked for; none: for the token.
    pub task: Option<TaskId>,
    /// The action, `records.create`.
    pub action: String,
    /// Its arguments by name.
    pub input: Json,
}

/// What an action gives: its result, or why it failed.
pub type ActionResult = Result<Json, Failure>;

/// Why an atomic block is rolled back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Abort {
    /// A node inside failed: the block becomes an incident.
    Failure(Failure),
    /// A BPMN error left the block: it goes on outward from the block.
    Error(String),
}

/// What the engine needs from the runtime, inside the same transaction, before it can go on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Ask {
    /// Run this action and answer with `Command::Acted`.
    Action(ActionCall),
    /// Begin this process as a root of its own and answer with `Command::Begun`.
    Begin(Beginning),
    /// Set a savepoint and answer with `Command::EnterAtomic`.
    Savepoint {
        /// The token at the atomic block.
        token: TokenId,
    },
    /// Go back to the savepoint, state and store alike, and answer with `Command::RolledBack`.
    Rollback {
        /// The token at the atomic block.
        token: TokenId,
        /// Why it cannot finish.
        abort: Abort,
    },
    /// Release the savepoint and answer with `Command::Continue`.
    Release,
}
