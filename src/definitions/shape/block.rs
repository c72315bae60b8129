//! Activities with a process inside: sub-processes, event sub-processes, calls of another process.

use super::event::BoundaryShape;
use super::node::{Activity, FlowShape, Head, NodeShape, node};
use super::repeat::{ForEachShape, LoopShape};
use super::scalar::{PassedShape, Source, Targets};
use crate::model::process::Binding;
use crate::model::text::Text;
use schemars::JsonSchema;
use serde::Deserialize;

node!(
    /// A call activity.
    CallActivity(boundary) {
        /// The called process.
        process: String,
        /// Its start variables: expressions over the variables, or `all`.
        #[serde(default, rename = "in")]
        input: PassedShape,
        /// Variable: expression over `result`, the end variables of the called process; or `all`.
        #[serde(default, rename = "out")]
        output: PassedShape,
        /// Of which revision the called process is: the one that the instance is pinned to, when not said, or the active
        /// one in the moment of the step.
        #[serde(default)]
        binding: Binding,
        /// Whether the process waits for the end of the called one; true when not said. With `false` the called process is
        /// an instance of its own, and nothing comes back.
        wait: Option<bool>,
    }
);
node!(
    /// A sub-process.
    SubProcess(boundary) {
        /// Its own nodes.
        nodes: Vec<NodeShape>,
        /// Event sub-processes inside it.
        #[serde(default)]
        events: Vec<EventSubProcessShape>,
        /// All or nothing: a failure inside rolls back to its start.
        #[serde(default)]
        atomic: bool,
        /// What was done in it can be cancelled and undone as a whole.
        #[serde(default)]
        transaction: bool,
        /// Its activities that nothing leads to are done in no fixed order.
        ad_hoc: Option<AdHocShape>,
    }
);

/// Nodes that an event begins while the level around them is at work.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "EventSubProcess")]
pub struct EventSubProcessShape {
    /// Its id, unique in the process.
    pub id: String,
    /// Its title.
    pub name: Option<Text>,
    /// Its nodes; the first is a start event that says what begins it.
    pub nodes: Vec<NodeShape>,
}

/// How the activities of an ad-hoc sub-process are done.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AdHoc")]
pub struct AdHocShape {
    /// It is done early when this is true; asked after every activity.
    pub until: Option<Source>,
    /// One after the other, or all at once.
    #[serde(default)]
    pub ordering: Ordering,
}

/// In what order the activities of an ad-hoc sub-process are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ordering {
    /// All at once.
    #[default]
    Parallel,
    /// One after the other.
    Sequential,
}
