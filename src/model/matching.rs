//! How a record is looked at for being one that is there already: which functions find and decide, and which record keeps
//! a suspicion. Declared under `match:` of a record type.

use super::expression::FunctionRef;
use super::ids::RecordId;
use super::process::Mapping;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The words of `match:`.
#[derive(Debug, Clone)]
pub struct Matching {
    /// From the fields to `{keys, similar}`: what the record can be recognised by, as `records.candidates` takes it.
    pub find: Step,
    /// From the fields, `found` (what `find` answers), `candidates` and `cut` to `{decision, candidates: [{id, band}]}`.
    pub decide: Step,
    /// With which bands a new record from outside is refused; with the others it is kept and told as a suspicion.
    pub refuse: Vec<Band>,
    /// What a suspicion is kept as.
    pub suspect: Suspect,
}

/// A function and its arguments.
#[derive(Debug, Clone)]
pub struct Step {
    /// The function.
    pub function: FunctionRef,
    /// Its arguments: expressions.
    pub input: Mapping,
}

/// The record that keeps a suspicion.
#[derive(Debug, Clone)]
pub struct Suspect {
    /// Its type.
    pub record: String,
    /// Its fields: expressions over `first` and `second`, the ids of the two in order, and `found`, what `decide` says of
    /// the other one.
    pub fields: Mapping,
}

/// How a record stands to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// They are one.
    Same,
    /// Somebody has to look.
    Review,
}

/// How far a look at all records of a type has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rescan {
    /// The type.
    pub record_type: String,
    /// The hash of the functions that it goes by.
    pub rules: String,
    /// The last record that was looked at.
    pub reached: Option<RecordId>,
    /// How many were.
    pub looked: i64,
    /// Pairs that were kept as suspicions.
    pub suspected: i64,
    /// Pairs that were known before, whatever was said of them.
    pub known: i64,
    /// When it began.
    pub started_at: Timestamp,
    /// When there were no more.
    pub finished_at: Option<Timestamp>,
}
