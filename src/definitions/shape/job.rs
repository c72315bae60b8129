//! `retry`: what becomes of a job that failed.

use schemars::JsonSchema;
use serde::Deserialize;

/// How often, and when, a job that failed is tried again.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Retry")]
pub struct RetryShape {
    /// How often at most; 0: a failure is an incident at once. 3 when not said.
    #[schemars(range(min = 0, max = 100))]
    pub times: Option<u32>,
    /// The time before it is tried again: PT10S when not said.
    pub every: Option<String>,
    /// By what that time is multiplied after each failure: 2 when not said; 1: it stays the same.
    #[schemars(range(min = 1, max = 10))]
    pub factor: Option<u32>,
    /// The longest it grows to: PT1H when not said.
    pub most: Option<String>,
}
