//! A process as the engine runs it: nodes and sequence flows with BPMN 2.0 meaning.
//!
//! The YAML shape stands in `definitions`; this is what it means after every name was resolved. All nodes of all
//! levels lie in one list; `parent` says which sub-process a node belongs to.

use super::break_glass::BreakGlassRule;
use super::expression::{Expression, FunctionRef, Place};
use super::ids::NodeId;
use super::json::Json;
use super::loop_characteristics::LoopCharacteristics;
use super::text::Text;
use super::time::Duration;
use super::work_access::Stand;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// A process definition.
#[derive(Debug, Clone)]
pub struct Process {
    /// Its key, `customer-intake`; unique in the revision.
    pub key: String,
    /// Its title.
    pub title: Text,
    /// The record type it is about.
    pub subject: Option<String>,
    /// Roles that may start it; empty: whoever may start processes at all.
    pub starters: Vec<String>,
    /// Who sees its instances and tasks; none: who starts them or works on them, and those above.
    pub readers: Option<Vec<Stand>>,
    /// Who may see them all the same, with a reason; none: as kamflow has it.
    pub break_glass: Option<BreakGlassRule>,
    /// JSON Schema (2020-12) of the start variables.
    pub input: Json,
    /// Gives the business key at start.
    pub business_key: Option<Expression>,
    /// What a second start with the same business key does.
    pub uniqueness: Uniqueness,
    /// Variables that become filterable columns of its instances and tasks; at most eight.
    pub search: Vec<String>,
    /// All nodes, outer levels before inner ones, in document order.
    pub nodes: Vec<Node>,
    /// All sequence flows, in document order.
    pub flows: Vec<Flow>,
    /// Position of each node in `nodes`.
    pub index: HashMap<NodeId, usize>,
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

/// A node of a process.
#[derive(Debug, Clone)]
pub struct Node {
    /// The author's id.
    pub id: NodeId,
    /// Its title; the id when the author gave none.
    pub title: Text,
    /// The core step of the pack that it is.
    pub step: Option<String>,
    /// The sub-process it stands in.
    pub parent: Option<NodeId>,
    /// What it is and does.
    pub kind: NodeKind,
    /// Flows that lead to it.
    pub incoming: Vec<FlowIndex>,
    /// Flows that leave it, in document order.
    pub outgoing: Vec<FlowIndex>,
    /// What repeats it; none: it is done once.
    pub loops: Option<LoopCharacteristics>,
    /// Boundary events attached to it.
    pub boundary: Vec<NodeId>,
    /// Where its id was written.
    pub at: Place,
}

/// What a node is: one variant per BPMN element.
#[derive(Debug, Clone)]
pub enum NodeKind {
    /// Where a level begins.
    StartEvent,
    /// Where a path ends.
    EndEvent(EndEvent),
    /// Work for a person.
    UserTask(UserTask),
    /// A script, or variables set by expressions.
    ScriptTask(ScriptTask),
    /// A script whose decision is kept.
    BusinessRuleTask(BusinessRuleTask),
    /// An action in the engine's transaction.
    ServiceTask(ServiceTask),
    /// A service task that a worker outside does.
    JobTask(JobTask),
    /// The first true flow.
    ExclusiveGateway,
    /// All flows; joins one token from each.
    ParallelGateway,
    /// Every true flow; joins what can still arrive.
    InclusiveGateway,
    /// Another process, as a step of this one.
    CallActivity(CallActivity),
    /// A level of nodes with variables of its own.
    SubProcess(SubProcess),
    /// A path waits until a point in time.
    IntermediateCatchEvent(TimerSpec),
    /// Something is reached, and the path goes on.
    IntermediateThrowEvent,
    /// An event at the edge of an activity.
    BoundaryEvent(BoundaryEvent),
}

/// An end event.
#[derive(Debug, Clone, Default)]
pub struct EndEvent {
    /// Throws this BPMN error.
    pub error: Option<String>,
    /// Ends everything in its level at once.
    pub terminate: bool,
}

/// Named expressions: argument or variable name to expression.
pub type Mapping = BTreeMap<String, Expression>;

/// A user task.
#[derive(Debug, Clone, Default)]
pub struct UserTask {
    /// Gives the login of the person it is for.
    pub assignee: Option<Expression>,
    /// Gives a list of logins of people who may claim it.
    pub candidate_users: Option<Expression>,
    /// Roles whose members may claim it.
    pub candidate_groups: Vec<String>,
    /// Who sees it; none: who sees the process.
    pub readers: Option<Vec<Stand>>,
    /// The form shown and checked on completion.
    pub form: Option<String>,
    /// Outcomes to choose from, in document order; empty: completed without one.
    pub outcomes: Vec<String>,
    /// 0 to 100, higher first; 50 when not said.
    pub priority: i64,
    /// Due this long after it was created.
    pub due: Option<Duration>,
}

/// A script task.
#[derive(Debug, Clone)]
pub enum ScriptTask {
    /// Calls a plugin's function.
    Call(Call),
    /// Sets variables.
    Set(Mapping),
}

/// A call of a script function: arguments in, variables out of `result`.
#[derive(Debug, Clone)]
pub struct Call {
    /// The function.
    pub function: FunctionRef,
    /// Argument name to expression over the variables.
    pub input: Mapping,
    /// Variable name to expression over the variables and `result`.
    pub output: Mapping,
}

/// A business rule task: its inputs, output, script and explanation are kept as a decision record.
#[derive(Debug, Clone)]
pub struct BusinessRuleTask {
    /// The decision function.
    pub call: Call,
}

/// A service task.
#[derive(Debug, Clone)]
pub struct ServiceTask {
    /// The action, `records.create`.
    pub action: String,
    /// Argument name to expression over the variables.
    pub input: Mapping,
    /// Variable name to expression over the variables and `result`.
    pub output: Mapping,
}

/// A service task that is offered to workers outside.
#[derive(Debug, Clone)]
pub struct JobTask {
    /// What kind of work it is.
    pub job_type: String,
    /// Argument name to expression over the variables.
    pub input: Mapping,
    /// Variable name to expression over the variables and `result`.
    pub output: Mapping,
    /// What becomes of a failure.
    pub retry: Retry,
    /// An incident, when it is not done this long after it was offered.
    pub timeout: Option<Duration>,
    /// 0 to 100, higher first; 50 when not said.
    pub priority: i64,
}

/// How often, and when, something that failed is tried again. The time between two tries grows, up to a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// How often at most.
    pub times: u32,
    /// The time before the first of them.
    pub every: Duration,
    /// By what the time is multiplied after each.
    pub factor: u32,
    /// The longest time.
    pub most: Duration,
}

/// A call activity.
#[derive(Debug, Clone)]
pub struct CallActivity {
    /// The called process.
    pub process: String,
    /// Its start variables.
    pub input: Mapping,
    /// Variable name to expression over the variables and `result`, the end variables of the called instance.
    pub output: Mapping,
}

/// An embedded sub-process.
#[derive(Debug, Clone, Default)]
pub struct SubProcess {
    /// All or nothing: a failure inside rolls back to its start.
    pub atomic: bool,
}

/// A boundary event.
#[derive(Debug, Clone)]
pub struct BoundaryEvent {
    /// The activity it is attached to.
    pub attached_to: NodeId,
    /// What it waits for.
    pub trigger: Trigger,
    /// Whether it cancels the activity.
    pub interrupting: bool,
}

/// What an event waits for.
#[derive(Debug, Clone)]
pub enum Trigger {
    /// A point in time.
    Timer(TimerSpec),
    /// A BPMN error from inside the activity: this code, or any.
    Error(Option<String>),
}

/// When a timer fires.
#[derive(Debug, Clone)]
pub enum TimerSpec {
    /// This long after it was set.
    Duration(Duration),
    /// At the instant that the expression gives, RFC 3339 text.
    Date(Expression),
}

impl Process {
    /// The node with this id.
    pub fn node(&self, id: &NodeId) -> Option<&Node> {
        self.index.get(id).map(|&i| &self.nodes[i])
    }

    /// The nodes directly in this level, in document order: `None` is the process itself.
    pub fn level<'a>(&'a self, parent: Option<&'a NodeId>) -> impl Iterator<Item = &'a Node> {
        self.nodes.iter().filter(move |node| node.parent.as_ref() == parent)
    }

    /// Where a level begins: its start event, else its first node.
    pub fn first<'a>(&'a self, parent: Option<&'a NodeId>) -> Option<&'a Node> {
        self.level(parent)
            .find(|node| matches!(node.kind, NodeKind::StartEvent))
            .or_else(|| self.level(parent).find(|node| !matches!(node.kind, NodeKind::BoundaryEvent(_))))
    }
}

impl NodeKind {
    /// The BPMN name, as written in YAML under `type`.
    pub fn name(&self) -> &'static str {
        match self {
            NodeKind::StartEvent => "startEvent",
            NodeKind::EndEvent(_) => "endEvent",
            NodeKind::UserTask(_) => "userTask",
            NodeKind::ScriptTask(_) => "scriptTask",
            NodeKind::BusinessRuleTask(_) => "businessRuleTask",
            NodeKind::ServiceTask(_) | NodeKind::JobTask(_) => "serviceTask",
            NodeKind::ExclusiveGateway => "exclusiveGateway",
            NodeKind::ParallelGateway => "parallelGateway",
            NodeKind::InclusiveGateway => "inclusiveGateway",
            NodeKind::CallActivity(_) => "callActivity",
            NodeKind::SubProcess(_) => "subProcess",
            NodeKind::IntermediateCatchEvent(_) => "intermediateCatchEvent",
            NodeKind::IntermediateThrowEvent => "intermediateThrowEvent",
            NodeKind::BoundaryEvent(_) => "boundaryEvent",
        }
    }
}
