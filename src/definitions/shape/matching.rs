//! `match:` of `records/<type>.yaml`.

use super::scalar::Sources;
use crate::model::matching::Band;
use schemars::JsonSchema;
use serde::Deserialize;

/// How a record is looked at for being one that is there already.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Match")]
pub struct MatchShape {
    /// Answers `{keys, similar}`, what the record can be recognised by; its arguments are expressions over the fields.
    pub find: StepShape,
    /// Answers `{decision, candidates: [{id, band}]}`; its arguments are expressions over the fields, `found`
    /// (what `find` answers), `candidates` and `cut`.
    pub decide: StepShape,
    /// With which bands a new record from outside a process is refused; `[same]` when not said.
    pub refuse: Option<Vec<Band>>,
    /// What a suspicion is kept as.
    pub suspect: SuspectShape,
}

/// A function and its arguments.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MatchStep")]
pub struct StepShape {
    /// The function, plugin/function.
    pub function: String,
    /// Argument: expression.
    #[serde(default, rename = "in")]
    pub input: Sources,
}

/// The record that keeps a suspicion.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Suspect")]
pub struct SuspectShape {
    /// Its type, which has a unique rule: a pair is kept once.
    pub record: String,
    /// Its fields: expressions over `first` and `second`, the ids of the two in order, and `found`, what `decide` says of
    /// the other one.
    pub fields: Sources,
}
