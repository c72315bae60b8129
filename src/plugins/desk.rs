//! The desk an action works at: the open transaction, whose business it is, and what the revision says.

use crate::engine::evaluator::Evaluator;
use crate::model::definitions::Definitions;
use crate::model::ids::{BusinessId, InstanceId, UserId};
use crate::model::incident::Failure;
use crate::model::record_type::RecordType;
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::store::{Connection, StoreError};
use std::sync::Arc;

/// Everything an action may touch.
pub struct Desk<'a> {
    /// The open transaction.
    pub conn: &'a mut Connection,
    /// The business whose rows it sees.
    pub business: &'a BusinessId,
    /// On whose behalf.
    pub actor: &'a UserId,
    /// The client that acts as that person; none when the person acts itself.
    pub through: Option<&'a str>,
    /// The time of the command.
    pub now: Timestamp,
    /// The process instance that asks; none for a request from outside.
    pub instance: Option<&'a InstanceId>,
    /// Why, for every change that says nothing else.
    pub reason: Option<&'a str>,
    /// The definitions of the active revision: there is one store of records, and these are its rules.
    pub definitions: &'a Definitions,
    /// Its scripts.
    pub scripts: &'a dyn Evaluator,
    /// The definitions of the revision that the instance is pinned to, when that is another one.
    pub pinned: Option<&'a Definitions>,
    /// Makes a new id.
    pub new_id: &'a mut dyn FnMut() -> String,
}

impl Desk<'_> {
    /// The record type with this name.
    pub fn record_type(&self, name: &str) -> Result<Arc<RecordType>, Stop> {
        let found = self.definitions.records.get(name).cloned();
        found.ok_or_else(|| Refusal::not_found("record type", name).into())
    }
}

/// Why something did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// It makes no sense or breaks a rule; nothing of it was kept.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database failed; the whole command is tried again or given up.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A refusal as a node's failure: one sentence with every wrong place.
pub fn failure(refusal: &Refusal) -> Failure {
    let mut message = refusal.detail.clone();
    for error in &refusal.errors {
        message.push_str(&format!("; {}: {}", error.pointer, error.detail));
    }
    Failure::new(&refusal.code, message)
}
