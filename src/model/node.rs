//! A node of a process: what it is, what leads to it and what stands at its edge. What activities do stands in
//! `activity`, what events wait for and set off in `event_definition`.

use super::activity::{
    AdHoc, BusinessRuleTask, CallActivity, JobTask, ReceiveTask, ScriptTask, ServiceTask, SubProcess, UserTask,
};
use super::approval::Approval;
use super::event_definition::{Catching, Throw, ThrownMessage};
use super::expression::{Expression, Place};
use super::ids::NodeId;
use super::loop_characteristics::LoopCharacteristics;
use super::process::FlowIndex;
use super::text::Text;
use serde::Deserialize;

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
    /// Positions in the process of the nodes directly in it, in document order.
    pub inside: Vec<usize>,
    /// Event sub-processes inside it.
    pub events: Vec<NodeId>,
    /// Whether it undoes another one: no flow leads to it.
    pub undoes: bool,
    /// The activity that undoes it.
    pub compensation: Option<NodeId>,
    /// Tokens that it takes to begin, 1 or more (BPMN: startQuantity).
    pub start_quantity: u32,
    /// Tokens that leave it on each flow, 1 or more (BPMN: completionQuantity).
    pub completion_quantity: u32,
    /// Activities of one instance with the same word are never at work at the same time.
    pub mutex: Option<String>,
    /// Where its id was written.
    pub at: Place,
}

/// What a node is: one variant per BPMN element.
#[derive(Debug, Clone)]
pub enum NodeKind {
    /// Where a level begins.
    StartEvent(StartEvent),
    /// Where a path ends, and what it sets off.
    EndEvent(Vec<Throw>),
    /// Work for a person.
    UserTask(UserTask),
    /// Several people have to agree.
    Approval(Box<Approval>),
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
    /// The flow whose event happens first.
    EventBasedGateway {
        /// Whether one of its events begins the process.
        instantiate: bool,
    },
    /// Every true flow; joins by a rule of its own.
    ComplexGateway(ComplexGateway),
    /// A message is sent.
    SendTask(ThrownMessage),
    /// A message is waited for.
    ReceiveTask(ReceiveTask),
    /// Another process, as a step of this one.
    CallActivity(CallActivity),
    /// A level of nodes with variables of its own.
    SubProcess(SubProcess),
    /// A level of nodes that an event begins while the level around it is at work.
    EventSubProcess,
    /// A path waits for an event.
    IntermediateCatchEvent(Catching),
    /// Something is reached or set off, and the path goes on.
    IntermediateThrowEvent(Vec<Throw>),
    /// An event at the edge of an activity.
    BoundaryEvent(BoundaryEvent),
}

/// A start event.
#[derive(Debug, Clone)]
pub struct StartEvent {
    /// What begins the level; none: it is begun.
    pub catch: Option<Catching>,
    /// Of an event sub-process: whether it ends what else is at work in the level around it.
    pub interrupting: bool,
}

/// How a complex gateway joins.
#[derive(Debug, Clone)]
pub struct ComplexGateway {
    /// When it lets a token go on.
    pub activation: Activation,
    /// What becomes of tokens that come later, or have not come yet.
    pub rest: JoinRest,
}

/// The number of tokens that have come to a complex gateway, in its `activation`.
pub const ACTIVATION_COUNT: &str = "activationCount";

/// When a complex gateway lets a token go on.
#[derive(Debug, Clone)]
pub enum Activation {
    /// When so many tokens have come; none: one on every flow.
    Count(Option<usize>),
    /// When this is true over the variables and `activationCount`, the number of tokens that have come.
    When(Expression),
}

/// What becomes of the tokens that a complex gateway did not wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum JoinRest {
    /// They are taken up when they come; then it begins anew.
    #[default]
    Absorb,
    /// They are cancelled where they are.
    Cancel,
}

/// A boundary event.
#[derive(Debug, Clone)]
pub struct BoundaryEvent {
    /// The activity it is attached to.
    pub attached_to: NodeId,
    /// What it waits for.
    pub catch: Catching,
    /// Whether it cancels the activity.
    pub interrupting: bool,
}

impl Node {
    /// Whether no sequence flow leads here: it begins by something else than a token that comes.
    pub fn beside(&self) -> bool {
        matches!(self.kind, NodeKind::BoundaryEvent(_) | NodeKind::EventSubProcess) || self.undoes
    }

    /// How its activities are done, of an ad-hoc sub-process.
    pub fn ad_hoc(&self) -> Option<&AdHoc> {
        match &self.kind {
            NodeKind::SubProcess(inner) => inner.ad_hoc.as_ref(),
            _ => None,
        }
    }

    /// Whether it can be begun in an ad-hoc sub-process: nothing leads to it.
    pub fn begins(&self) -> bool {
        self.incoming.is_empty() && !self.beside()
    }

    /// What it waits for, of an event or a receive task.
    pub fn catching(&self) -> Option<&Catching> {
        match &self.kind {
            NodeKind::StartEvent(start) => start.catch.as_ref(),
            NodeKind::IntermediateCatchEvent(catch) => Some(catch),
            NodeKind::ReceiveTask(task) => Some(&task.catch),
            NodeKind::BoundaryEvent(event) => Some(&event.catch),
            _ => None,
        }
    }
}

impl NodeKind {
    /// The BPMN name, as written in YAML under `type`.
    pub fn name(&self) -> &'static str {
        match self {
            NodeKind::StartEvent(_) => "startEvent",
            NodeKind::EndEvent(_) => "endEvent",
            NodeKind::UserTask(_) => "userTask",
            NodeKind::Approval(_) => "approval",
            NodeKind::ScriptTask(_) => "scriptTask",
            NodeKind::BusinessRuleTask(_) => "businessRuleTask",
            NodeKind::ServiceTask(_) | NodeKind::JobTask(_) => "serviceTask",
            NodeKind::ExclusiveGateway => "exclusiveGateway",
            NodeKind::ParallelGateway => "parallelGateway",
            NodeKind::InclusiveGateway => "inclusiveGateway",
            NodeKind::EventBasedGateway { .. } => "eventBasedGateway",
            NodeKind::ComplexGateway(_) => "complexGateway",
            NodeKind::SendTask(_) => "sendTask",
            NodeKind::ReceiveTask(_) => "receiveTask",
            NodeKind::CallActivity(_) => "callActivity",
            NodeKind::SubProcess(_) => "subProcess",
            NodeKind::EventSubProcess => "eventSubProcess",
            NodeKind::IntermediateCatchEvent(_) => "intermediateCatchEvent",
            NodeKind::IntermediateThrowEvent(_) => "intermediateThrowEvent",
            NodeKind::BoundaryEvent(_) => "boundaryEvent",
        }
    }
}
