//! When a user task is due, to be looked at again, reminded of and escalated.

use super::scalar::Source;
use schemars::JsonSchema;
use serde::Deserialize;

/// When a user task is due: `after` or `at`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Due")]
pub struct DueShape {
    /// This long after it was created: P1D, PT4H.
    pub after: Option<String>,
    /// Gives an RFC 3339 instant; null: never.
    pub at: Option<Source>,
}

/// When whoever has a task wants to look at it again.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FollowUp")]
pub struct FollowUpShape {
    /// This long after it was created: P1D.
    pub after: String,
}

/// When people are reminded of a task: `before`, `after` or both.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Remind")]
pub struct RemindShape {
    /// Once, this long before it is due.
    pub before: Option<String>,
    /// This long after it is due, or after it was created where nothing is due.
    pub after: Option<String>,
    /// After that again in this distance.
    pub every: Option<String>,
    /// How often at most, the first time included; 3 when not said.
    #[schemars(range(min = 1, max = 100))]
    pub most: Option<u32>,
}

/// To whom a task goes that is not done in time.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Escalate")]
pub struct EscalateShape {
    /// This long after it is due, or after it was created where nothing is due; to superiors again after as long.
    pub after: String,
    /// superior, or role:NAME.
    pub to: String,
}
