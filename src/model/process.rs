//! A process as the engine runs it: nodes and sequence flows with BPMN 2.0 meaning.
//!
//! The YAML shape stands in `definitions`; this is what it means after every name was resolved. All nodes of all
//! levels lie in one list; `parent` says which sub-process a node belongs to.

pub use super::activity::{
    AdHoc, Binding, BusinessRuleTask, Call, CallActivity, JobTask, Passed, ReceiveTask, Retry, ScriptTask, ServiceTask,
    SubProcess, UserTask,
};
use super::break_glass::BreakGlassRule;
use super::expression::{Expression, Place};
use super::ids::NodeId;
use super::json::{Json, JsonMap};
pub use super::node::{Activation, BoundaryEvent, ComplexGateway, JoinRest, Node, NodeKind, StartEvent};
use super::text::Text;
use super::time::Duration;
use super::work_access::Stand;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A process definition.
#[derive(Debug, Clone)]
pub struct Process {
    /// Its key, `customer-intake`; unique in the revision.
    pub key: String,
    /// Its title.
    pub title: Text,
    /// The record type it is about.
    pub subject: Option<String>,
    /// The variable that holds the id of that record.
    pub subject_id: Option<String>,
    /// Roles that may start it; empty: whoever may start processes at all.
    pub starters: Vec<String>,
    /// Who sees its instances and tasks; none: who starts them or works on them, and those above.
    pub readers: Option<Vec<Stand>>,
    /// Who may see them all the same, with a reason; none: as kamflow has it.
    pub break_glass: Option<BreakGlassRule>,
    /// JSON Schema (2020-12) of the start variables.
    pub input: Json,
    /// The form that draws its start.
    pub form: Option<String>,
    /// Gives the business key at start.
    pub business_key: Option<Expression>,
    /// What a second start with the same business key does.
    pub uniqueness: Uniqueness,
    /// Variables that become filterable columns of its instances and tasks; at most eight.
    pub search: Vec<String>,
    /// How long instances are kept after they ended; none: for ever.
    pub retention: Option<Duration>,
    /// All nodes, outer levels before inner ones, in document order.
    pub nodes: Vec<Node>,
    /// All sequence flows, in document order.
    pub flows: Vec<Flow>,
    /// Position of each node in `nodes`.
    pub index: HashMap<NodeId, usize>,
    /// Positions of the nodes of its outermost level, in document order.
    pub outermost: Vec<usize>,
    /// Its event sub-processes.
    pub events: Vec<NodeId>,
    /// Where `process:` was written.
    pub at: Place,
}

/// What starting again with the same business key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Uniqueness {
    /// A new instance.
    #[default]
    None,
    /// The first instance, while it is active.
    Active,
    /// The first instance, for ever.
    Forever,
}

/// A flow's position in [`Process::flows`].
pub type FlowIndex = usize;

/// A sequence flow.
#[derive(Debug, Clone)]
pub struct Flow {
    /// The node it leaves.
    pub from: NodeId,
    /// The node it leads to.
    pub to: NodeId,
    /// Taken only when this is true.
    pub condition: Option<Expression>,
    /// Taken when its user task ends with this outcome.
    pub outcome: Option<String>,
    /// Taken when no condition beside it is true.
    pub default: bool,
}

/// Named expressions: argument or variable name to expression.
pub type Mapping = BTreeMap<String, Expression>;

impl Process {
    /// The node with this id.
    pub fn node(&self, id: &NodeId) -> Option<&Node> {
        self.index.get(id).map(|&i| &self.nodes[i])
    }

    /// The nodes directly in this level, in document order: `None` is the process itself.
    pub fn level(&self, parent: Option<&NodeId>) -> impl Iterator<Item = &Node> {
        let inside = match parent {
            None => &self.outermost[..],
            Some(parent) => self.node(parent).map_or(&[][..], |parent| &parent.inside),
        };
        inside.iter().map(|&position| &self.nodes[position])
    }

    /// Where a level begins when nothing says otherwise: its start event without a definition, else its first start
    /// event, else its first node.
    pub fn first(&self, parent: Option<&NodeId>) -> Option<&Node> {
        let start = |plain: bool| {
            self.level(parent)
                .find(|node| matches!(&node.kind, NodeKind::StartEvent(start) if start.catch.is_none() || !plain))
        };
        start(true).or_else(|| start(false)).or_else(|| self.level(parent).find(|node| !node.beside()))
    }

    /// Nodes with a path to one of these flows of a gateway that does not pass through the gateway itself; an activity
    /// reaches what its boundary events reach (BPMN 2.0.2, 13.4.3).
    pub fn upstream(&self, gateway: &Node, flows: impl Iterator<Item = FlowIndex>) -> HashSet<NodeId> {
        let mut found = HashSet::new();
        let mut open: Vec<&NodeId> = flows.map(|flow| &self.flows[flow].from).collect();
        while let Some(id) = open.pop() {
            if *id == gateway.id || !found.insert(id.clone()) {
                continue;
            }
            let Some(node) = self.node(id) else { continue };
            open.extend(node.incoming.iter().map(|&flow| &self.flows[flow].from));
            if let NodeKind::BoundaryEvent(event) = &node.kind {
                open.push(&event.attached_to);
            }
        }
        found
    }

    /// Whether a step of it goes by the active revision.
    pub fn asks_latest(&self) -> bool {
        self.nodes.iter().any(|node| match &node.kind {
            NodeKind::BusinessRuleTask(task) => task.binding == Binding::Latest,
            NodeKind::CallActivity(call) => call.binding == Binding::Latest,
            // Roles are of the business as it is now.
            NodeKind::UserTask(task) => task.groups_given.is_some(),
            _ => false,
        })
    }

    /// Of these values those that `input` declares: the process is started with them.
    pub fn declared(&self, values: &JsonMap) -> JsonMap {
        let Some(names) = self.input.get("properties").and_then(Json::as_object) else { return JsonMap::new() };
        let known = values.iter().filter(|(name, _)| names.contains_key(*name));
        known.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// The event sub-processes directly in this level: `None` is the process itself.
    pub fn events(&self, parent: Option<&NodeId>) -> &[NodeId] {
        match parent {
            None => &self.events,
            Some(parent) => self.node(parent).map_or(&[], |node| &node.events),
        }
    }
}
