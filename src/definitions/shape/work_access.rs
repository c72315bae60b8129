//! `access:` of a process or a task.

use schemars::JsonSchema;
use serde::Deserialize;

/// Who sees it: anyone, role:NAME, starter, assignee, candidate, superior(starter), direct_superior(assignee) and so on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "WorkAccess")]
pub struct WorkAccessShape {
    /// May read; nobody else does.
    #[schemars(length(min = 1))]
    pub read: Vec<String>,
}
