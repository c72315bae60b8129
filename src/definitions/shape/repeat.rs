//! `forEach` and `loop`: how often an activity is done.

use super::scalar::{Source, Sources};
use crate::model::loop_characteristics::Rest;
use schemars::JsonSchema;
use serde::Deserialize;

/// Once for each: of a list (`in`), or this many times (`count`).
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "ForEach")]
pub struct ForEachShape {
    /// Gives the list.
    #[serde(rename = "in")]
    pub list: Option<Source>,
    /// Gives how many times.
    pub count: Option<Source>,
    /// The variable that holds the item inside each.
    #[serde(rename = "as")]
    pub item: Option<String>,
    /// One after the other; all at once when not said.
    #[serde(default)]
    pub sequential: bool,
    /// Enough is done when this is true; asked after each, over its variables and nrOfInstances, nrOfActiveInstances,
    /// nrOfCompletedInstances, loopCounter.
    pub until: Option<Source>,
    /// Variable: the list of what this expression gives for each that was done, in the order of the items.
    #[serde(default)]
    pub collect: Sources,
    /// What becomes of those still open when enough is done.
    pub rest: Option<Rest>,
}

/// Again and again.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "Loop")]
pub struct LoopShape {
    /// Goes on as long as this is true; loopCounter is the number of the round that would come, from 0.
    #[serde(rename = "while")]
    pub condition: Source,
    /// Asked before the first round too; when not said, it is done at least once.
    #[serde(default)]
    pub test_before: bool,
    /// Rounds at most.
    #[schemars(range(min = 1))]
    pub max: Option<u32>,
}
