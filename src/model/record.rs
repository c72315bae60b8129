//! A business record and its history.

use super::ids::{BusinessId, RecordId, UserId};
use super::json::{Json, JsonMap};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A record: an object of a declared type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Its business.
    pub business: BusinessId,
    /// Its type.
    pub record_type: String,
    /// Its id.
    pub id: RecordId,
    /// Its fields; a field without a value is absent.
    pub fields: JsonMap,
    /// Counts its changes: the entity tag.
    pub version: i64,
    /// When it was created.
    pub created_at: Timestamp,
    /// Who created it.
    pub created_by: UserId,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Who changed it last.
    pub updated_by: UserId,
    /// The stamp of its type that it was last derived by; none: before there were stamps.
    #[serde(skip)]
    pub derived: Option<String>,
    /// The record that it was merged into; it is a redirect then, and hidden from every list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<RecordId>,
}

/// In the history of a loser: what it was merged into.
pub const MERGED_INTO: &str = "$merged_into";
/// In the history of a winner: what was merged into it.
pub const MERGED: &str = "$merged";

/// Whether a change tells of a merge, and not of a field.
pub fn is_about_merge(field: &str) -> bool {
    [MERGED, MERGED_INTO].contains(&field)
}

/// One change of one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The version that the change made.
    pub version: i64,
    /// The field.
    pub field: String,
    /// Its value before; null when it had none.
    pub old: Json,
    /// Its value after; null when it has none.
    pub new: Json,
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Why, when somebody said so.
    pub reason: Option<String>,
    /// The process instance that made it.
    pub instance: Option<String>,
    /// The client that acted as the person; none when the person acted itself.
    pub through: Option<String>,
}
