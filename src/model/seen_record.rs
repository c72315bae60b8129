//! A record as a caller sees it: without what is hidden, and with what the caller may do with it.

use super::json::Json;
use super::record::Record;
use serde::{Deserialize, Deserializer, Serialize};

/// A record for one caller.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeenRecord {
    /// The record; fields that the caller may not read are absent.
    pub record: Record,
    /// What the caller may do with it.
    pub allowed: Vec<RecordVerb>,
    /// Fields that the caller may not change while `allowed` has [`RecordVerb::Update`].
    pub read_only: Vec<String>,
    /// Fields that the caller may not read, whether they have a value or not.
    pub hidden: Vec<String>,
}

/// What can be done with a record that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordVerb {
    /// Change fields of it.
    Update,
    /// Take it away.
    Delete,
}

/// An answer that was kept before records said what may be done with them is a bare record. Read by way of JSON: what
/// serde buffers by itself loses numbers with all their digits.
impl<'de> Deserialize<'de> for SeenRecord {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Whole {
            record: Record,
            allowed: Vec<RecordVerb>,
            read_only: Vec<String>,
            hidden: Vec<String>,
        }
        let found = Json::deserialize(from)?;
        let read = if found.get("record").is_some() {
            let whole = serde_json::from_value::<Whole>(found);
            whole.map(|Whole { record, allowed, read_only, hidden }| SeenRecord { record, allowed, read_only, hidden })
        } else {
            let bare = serde_json::from_value(found);
            bare.map(|record| SeenRecord { record, allowed: Vec::new(), read_only: Vec::new(), hidden: Vec::new() })
        };
        read.map_err(serde::de::Error::custom)
    }
}
