//! `processes/<key>.yaml`.

use super::block::EventSubProcessShape;
use super::node::NodeShape;
use super::scalar::{SchemaShape, Source};
use super::work_access::ProcessAccessShape;
use crate::model::process::Uniqueness;
use crate::model::text::Text;
use schemars::JsonSchema;
use serde::Deserialize;

/// A process.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ProcessShape {
    /// The key of the process: the name of its file.
    pub process: String,
    /// Its title.
    pub title: Text,
    /// The record type that it is about.
    pub subject: Option<String>,
    /// The variable that holds the id of that record: tasks are found by it, and by the fields of the record.
    pub subject_id: Option<String>,
    /// Roles that may start it.
    #[serde(default)]
    pub starters: Vec<String>,
    /// Who sees its instances and tasks; those who start them or work on them, and those above, when not said.
    pub access: Option<ProcessAccessShape>,
    /// JSON Schema of the start variables.
    pub input: Option<SchemaShape>,
    /// The form that draws the start: labels, order and what is computed of the start variables.
    pub form: Option<String>,
    /// Gives the business key at start.
    pub business_key: Option<Source>,
    /// What starting again with the same business key does.
    #[serde(default)]
    pub uniqueness: Uniqueness,
    /// Variables that become filterable columns of tasks and instances; at most eight.
    #[serde(default)]
    #[schemars(length(max = 8))]
    pub search: Vec<String>,
    /// How long instances are kept after they ended, `P5Y`; for ever when not said.
    pub retention: Option<String>,
    /// The nodes; the list is a sequence.
    pub nodes: Vec<NodeShape>,
    /// Event sub-processes: nodes that an event begins while the process is at work.
    #[serde(default)]
    pub events: Vec<EventSubProcessShape>,
}
