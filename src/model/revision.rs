//! A revision: the files of one business that were checked, stored and can be active.

use super::ids::{BusinessId, UserId};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Files by path inside the project folders (`workflows/sales/pack.yaml`, `plugins/customer-match/decide.rhai`).
pub type Files = BTreeMap<String, Vec<u8>>;

/// A stored revision, without its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// Its business.
    pub business: BusinessId,
    /// Counts from 1 in the business.
    pub number: i64,
    /// SHA-256 over the sorted paths and contents, in hex.
    pub hash: String,
    /// Who deployed it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// What its author said of it.
    pub note: String,
}
