//! Who may have access beyond the rules, and how.

use schemars::JsonSchema;
use serde::Deserialize;

/// Access beyond the rules, with a reason.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "BreakGlass")]
pub struct BreakGlassShape {
    /// Roles that may ask for it; an empty list: nobody.
    pub roles: Vec<String>,
    /// Roles of the second person who must agree; left out or empty: nobody need.
    #[serde(default)]
    pub second: Vec<String>,
    /// How long it stays open; one hour when not said.
    #[serde(rename = "for")]
    pub time: Option<String>,
}
