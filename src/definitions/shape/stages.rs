//! `stages/<list>.yaml`.

use super::scalar::Codes;
use crate::model::stage::{Back, StageKind};
use crate::model::text::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A stage list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("x-planned" = ["segments", "when"]))]
pub struct StagesShape {
    /// The name of the list: the name of its file.
    pub stages: String,
    /// Its title.
    pub title: Text,
    /// How its stages follow one another.
    pub kind: StageKind,
    /// Where a record may begin.
    #[serde(default)]
    pub enter: EnterShape,
    /// How a record moves on, and back.
    #[serde(default)]
    pub advance: AdvanceShape,
    /// The stages, in their order.
    #[schemars(length(min = 1, max = 100))]
    pub list: Vec<StageShape>,
    /// The moves that are allowed; for nonlinear.
    #[serde(default)]
    pub transitions: Vec<TransitionShape>,
}

/// Where a record may begin.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Enter")]
pub struct EnterShape {
    /// In which stages: `first`, `any`, or codes; the first when not said.
    pub at: Option<Codes>,
    /// What who begins elsewhere than in the first stage must give.
    pub requires: Option<Requires>,
}

/// What must be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Requires {
    /// A reason.
    Reason,
}

/// How a record moves on, and back.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "Advance")]
pub struct AdvanceShape {
    /// Whether stages may be left out; not when not said.
    pub skip: Option<bool>,
    /// Who may take a record back to an earlier stage; nobody when not said.
    pub back: Option<Back>,
    /// From where the outcome `lost` is open before the last stage: `any`, or codes; from nowhere when not said.
    pub lost_from: Option<Codes>,
    /// How often a record may be taken back; without an end when not said.
    #[schemars(range(min = 1))]
    pub max_returns: Option<u32>,
}

/// A stage.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "Stage", extend("x-planned" = ["tasks", "with", "exit", "evidence", "gate", "join"]))]
pub struct StageShape {
    /// What records keep of it.
    pub code: String,
    /// Its title.
    pub title: Text,
    /// Days that a record should stay in it at most.
    #[schemars(range(min = 1))]
    pub max_days: Option<u32>,
    /// The phase of the buyer's journey that it belongs to; for journey.
    pub phase: Option<String>,
    /// A record ends here, in one of these ways.
    #[schemars(extend("minProperties" = 1))]
    pub terminal: Option<BTreeMap<String, OutcomeShape>>,
}

/// A way to end.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "StageOutcome")]
pub struct OutcomeShape {
    /// The field of the record that must then have a value.
    pub require: Option<String>,
}

/// A move that is allowed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Transition")]
pub struct TransitionShape {
    /// From this stage.
    pub from: String,
    /// To that one.
    pub to: String,
    /// Whether who moves must say why.
    #[serde(default)]
    pub reason: bool,
}
