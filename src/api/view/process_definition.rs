//! A process definition of the active revision.

use super::text::TextView;
use crate::model::json::Json;
use crate::model::process::{Flow, Node, Process, Uniqueness};
use serde::Serialize;
use utoipa::ToSchema;

/// A process definition, as a list shows it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProcessDefinitionSummary)]
pub(in crate::api) struct DefinitionLine {
    /// Its key.
    key: String,
    /// Its title.
    title: TextView,
    /// The record type it is about.
    subject: Option<String>,
    /// Roles that may start it; empty: whoever may start processes at all.
    starters: Vec<String>,
}

/// A process definition.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProcessDefinition)]
pub(in crate::api) struct DefinitionView {
    /// Its key.
    key: String,
    /// The revision.
    revision: i64,
    /// Its file in the revision.
    file: String,
    /// Its title.
    title: TextView,
    /// The record type it is about.
    subject: Option<String>,
    /// Roles that may start it; empty: whoever may start processes at all.
    starters: Vec<String>,
    /// JSON Schema (2020-12) of the start variables.
    #[schema(value_type = Object)]
    input: Json,
    /// The expression that gives the business key.
    business_key: Option<String>,
    /// What a second start with the same business key does: `none`, `active` or `forever`.
    uniqueness: &'static str,
    /// Variables by which its instances and tasks can be found.
    search: Vec<String>,
    /// Its nodes, in document order.
    nodes: Vec<NodeView>,
    /// Its sequence flows, in document order.
    flows: Vec<FlowView>,
}

/// A node.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProcessNode)]
struct NodeView {
    /// Its id.
    id: String,
    /// Its BPMN type, `userTask`.
    r#type: &'static str,
    /// Its title.
    title: TextView,
    /// The core step that it is.
    step: Option<String>,
    /// The sub-process it stands in.
    parent: Option<String>,
}

/// A sequence flow.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProcessFlow)]
struct FlowView {
    /// The node it leaves.
    from: String,
    /// The node it leads to.
    to: String,
    /// The expression it is taken on.
    condition: Option<String>,
    /// The outcome it is taken on.
    outcome: Option<String>,
    /// Whether it is taken when nothing else is.
    default: bool,
}

/// Shows a process as a list does.
pub(in crate::api) fn line(process: &Process) -> DefinitionLine {
    DefinitionLine {
        key: process.key.clone(),
        title: TextView::from(&process.title),
        subject: process.subject.clone(),
        starters: process.starters.clone(),
    }
}

/// Shows a process of a revision.
pub(in crate::api) fn definition(process: &Process, revision: i64) -> DefinitionView {
    DefinitionView {
        key: process.key.clone(),
        revision,
        file: process.at.file.to_string(),
        title: TextView::from(&process.title),
        subject: process.subject.clone(),
        starters: process.starters.clone(),
        input: process.input.clone(),
        business_key: process.business_key.as_ref().map(|key| key.source.to_string()),
        uniqueness: match process.uniqueness {
            Uniqueness::None => "none",
            Uniqueness::Active => "active",
            Uniqueness::Forever => "forever",
        },
        search: process.search.clone(),
        nodes: process.nodes.iter().map(node).collect(),
        flows: process.flows.iter().map(flow).collect(),
    }
}

fn node(node: &Node) -> NodeView {
    NodeView {
        id: node.id.to_string(),
        r#type: node.kind.name(),
        title: TextView::from(&node.title),
        step: node.step.clone(),
        parent: node.parent.as_ref().map(ToString::to_string),
    }
}

fn flow(flow: &Flow) -> FlowView {
    FlowView {
        from: flow.from.to_string(),
        to: flow.to.to_string(),
        condition: flow.condition.as_ref().map(|condition| condition.source.to_string()),
        outcome: flow.outcome.clone(),
        default: flow.default,
    }
}
