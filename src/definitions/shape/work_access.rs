//! `access:` of a process or a task.

use super::break_glass::BreakGlassShape;
use schemars::JsonSchema;
use serde::Deserialize;

/// Who sees a process.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schemars(rename = "ProcessAccess")]
pub struct ProcessAccessShape {
    /// May read, and nobody else: anyone, role:NAME, starter, assignee, candidate, superior(starter),
    /// direct_superior(assignee) and so on.
    #[schemars(length(min = 1))]
    pub read: Option<Vec<String>>,
    /// Who may see it all the same, with a reason.
    pub break_glass: Option<BreakGlassShape>,
}

/// Who sees a task.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "TaskAccess")]
pub struct TaskAccessShape {
    /// May read, and nobody else, in the words of the access of a process.
    #[schemars(length(min = 1))]
    pub read: Vec<String>,
}
