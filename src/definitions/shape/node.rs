//! The nodes of a process: one struct per BPMN element, with the keys that all share written once. Events and gateways
//! stand here, tasks in `task`, sub-processes and calls in `block`.

use super::approval::Approval;
use super::block::{CallActivity, SubProcess};
use super::event::{BoundaryShape, with_event};
use super::repeat::{ForEachShape, LoopShape};
use super::scalar::{Source, Targets};
use super::task::{BusinessRuleTask, ReceiveTask, ScriptTask, SendTask, ServiceTask, UserTask};
use crate::model::process::JoinRest;
use crate::model::text::Text;
use schemars::JsonSchema;
use serde::Deserialize;

/// A node, told apart by `type`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "camelCase")]
#[schemars(rename = "Node")]
pub enum NodeShape {
    /// Where a level begins.
    StartEvent(StartEvent),
    /// Where a path ends.
    EndEvent(EndEvent),
    /// Work for a person.
    UserTask(Box<UserTask>),
    /// Several people have to agree, level after level.
    Approval(Box<Approval>),
    /// A script, or variables set by expressions.
    ScriptTask(ScriptTask),
    /// A script whose decision is kept.
    BusinessRuleTask(BusinessRuleTask),
    /// An action in the engine's transaction, or a job for a worker outside.
    ServiceTask(Box<ServiceTask>),
    /// The first flow whose `if` is true.
    ExclusiveGateway(ExclusiveGateway),
    /// All flows; joins one token from each.
    ParallelGateway(ParallelGateway),
    /// Every flow whose `if` is true; joins what can still arrive.
    InclusiveGateway(InclusiveGateway),
    /// The flow whose event happens first.
    EventBasedGateway(EventBasedGateway),
    /// Every flow whose `if` is true; joins by a rule of its own.
    ComplexGateway(ComplexGateway),
    /// A message is sent.
    SendTask(SendTask),
    /// A message is waited for.
    ReceiveTask(ReceiveTask),
    /// Another process, as a step of this one.
    CallActivity(CallActivity),
    /// A path waits for an event.
    IntermediateCatchEvent(IntermediateCatchEvent),
    /// Something is reached, and the path goes on.
    IntermediateThrowEvent(IntermediateThrowEvent),
    /// A level of nodes with variables of its own.
    SubProcess(SubProcess),
}

/// The keys that all nodes share.
pub struct Head<'a> {
    /// The id.
    pub id: &'a str,
    /// The title.
    pub name: Option<&'a Text>,
    /// The core step that it is.
    pub step: Option<&'a str>,
    /// What follows.
    pub next: Option<&'a [String]>,
    /// What follows, with conditions.
    pub flows: Option<&'a [FlowShape]>,
    /// What only activities have.
    pub activity: Activity<'a>,
}

/// The keys that only activities have.
#[derive(Default)]
pub struct Activity<'a> {
    /// Events at its edge.
    pub boundary: &'a [BoundaryShape],
    /// Whether it is done once for each of a list.
    pub for_each: Option<&'a ForEachShape>,
    /// Whether it is done again and again.
    pub again: Option<&'a LoopShape>,
    /// The activity that undoes it.
    pub compensation: Option<&'a str>,
    /// Tokens that it takes to begin.
    pub start_quantity: Option<u32>,
    /// Tokens that leave it on each flow.
    pub completion_quantity: Option<u32>,
    /// The word that excludes others.
    pub mutex: Option<&'a str>,
}

macro_rules! node {
    ($(#[$doc:meta])* $name:ident $(($boundary:ident))? { $($(#[$attribute:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, rename_all = "camelCase")]
        pub struct $name {
            /// Its id, unique in the process.
            pub id: String,
            /// Its title.
            pub name: Option<Text>,
            /// The core step of the pack that it is.
            pub step: Option<String>,
            /// What comes next, when that is not the node below it.
            pub next: Option<Targets>,
            /// The flows that leave it, when they have conditions.
            #[schemars(length(min = 1))]
            pub flows: Option<Vec<FlowShape>>,
            $(
                /// Events at its edge.
                #[serde(default)]
                pub $boundary: Vec<BoundaryShape>,
                /// Once for each of a list, or this many times.
                pub for_each: Option<ForEachShape>,
                /// Again, as long as a condition holds.
                #[serde(rename = "loop")]
                pub again: Option<LoopShape>,
                /// The activity that undoes it; no flow leads there.
                pub compensation: Option<String>,
                /// Tokens that it takes to begin; 1 when not said.
                #[schemars(range(min = 1))]
                pub start_quantity: Option<u32>,
                /// Tokens that leave it on each flow; 1 when not said.
                #[schemars(range(min = 1))]
                pub completion_quantity: Option<u32>,
                /// Activities of one instance with the same word are never at work at the same time.
                pub mutex: Option<String>,
            )?
            $($(#[$attribute])* pub $field: $type,)*
        }

        impl $name {
            /// The keys that all nodes share.
            pub fn head(&self) -> Head<'_> {
                let activity: [Activity<'_>; _] = [$(Activity {
                    boundary: self.$boundary.as_slice(),
                    for_each: self.for_each.as_ref(),
                    again: self.again.as_ref(),
                    compensation: self.compensation.as_deref(),
                    start_quantity: self.start_quantity,
                    completion_quantity: self.completion_quantity,
                    mutex: self.mutex.as_deref(),
                })?];
                Head {
                    id: &self.id,
                    name: self.name.as_ref(),
                    step: self.step.as_deref(),
                    next: self.next.as_ref().map(|targets| targets.0.as_slice()),
                    flows: self.flows.as_deref(),
                    activity: activity.into_iter().next().unwrap_or_default(),
                }
            }
        }
    };
}

pub(super) use node;

/// A node that waits for or sets off an event.
macro_rules! event_node {
    ($(#[$doc:meta])* $name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty,)* }) => {
        with_event!(
            $(#[$doc])*
            $name {
                /// Its id, unique in the process.
                id: String,
                /// Its title.
                name: Option<Text>,
                /// The core step of the pack that it is.
                step: Option<String>,
                /// What comes next, when that is not the node below it.
                next: Option<Targets>,
                /// The flows that leave it, when they have conditions.
                #[schemars(length(min = 1))]
                flows: Option<Vec<FlowShape>>,
                $($(#[$attribute])* $field: $type,)*
            }
        );

        impl $name {
            /// The keys that all nodes share.
            pub fn head(&self) -> Head<'_> {
                Head {
                    id: &self.id,
                    name: self.name.as_ref(),
                    step: self.step.as_deref(),
                    next: self.next.as_ref().map(|targets| targets.0.as_slice()),
                    flows: self.flows.as_deref(),
                    activity: Activity::default(),
                }
            }
        }
    };
}

event_node!(
    /// A start event.
    StartEvent {
        /// Of an event sub-process: whether it ends what else is at work around it; true when not said.
        interrupting: Option<bool>,
    }
);
event_node!(
    /// An end event.
    EndEvent {}
);
event_node!(
    /// An intermediate catch event.
    IntermediateCatchEvent {}
);
event_node!(
    /// An intermediate throw event; without a definition a milestone.
    IntermediateThrowEvent {}
);
node!(
    /// An exclusive gateway.
    ExclusiveGateway {}
);
node!(
    /// A parallel gateway.
    ParallelGateway {}
);
node!(
    /// An inclusive gateway.
    InclusiveGateway {}
);
node!(
    /// An event-based gateway: `next` names the events of which the first one decides.
    EventBasedGateway {
        /// Whether the first of these events begins the process.
        #[serde(default)]
        instantiate: bool,
    }
);
node!(
    /// A complex gateway.
    ComplexGateway {
        /// How many tokens it waits for.
        join: Option<JoinShape>,
        /// Lets a token go on when this is true, over the variables and activationCount.
        activation: Option<Source>,
    }
);
/// How many tokens a complex gateway waits for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Join")]
pub struct JoinShape {
    /// So many.
    #[schemars(range(min = 1))]
    pub n: u32,
    /// What becomes of the others; `absorb` when not said.
    #[serde(default)]
    pub rest: JoinRest,
}

impl NodeShape {
    /// Whether it is an activity: a task, a sub-process or a call.
    pub fn is_activity(&self) -> bool {
        match self {
            NodeShape::UserTask(_)
            | NodeShape::Approval(_)
            | NodeShape::ScriptTask(_)
            | NodeShape::BusinessRuleTask(_)
            | NodeShape::ServiceTask(_)
            | NodeShape::SendTask(_)
            | NodeShape::ReceiveTask(_)
            | NodeShape::CallActivity(_)
            | NodeShape::SubProcess(_) => true,
            NodeShape::StartEvent(_)
            | NodeShape::EndEvent(_)
            | NodeShape::IntermediateCatchEvent(_)
            | NodeShape::IntermediateThrowEvent(_)
            | NodeShape::ExclusiveGateway(_)
            | NodeShape::ParallelGateway(_)
            | NodeShape::InclusiveGateway(_)
            | NodeShape::EventBasedGateway(_)
            | NodeShape::ComplexGateway(_) => false,
        }
    }

    /// The keys that all nodes share.
    pub fn head(&self) -> Head<'_> {
        match self {
            NodeShape::StartEvent(node) => node.head(),
            NodeShape::EndEvent(node) => node.head(),
            NodeShape::UserTask(node) => node.head(),
            NodeShape::Approval(node) => node.head(),
            NodeShape::ScriptTask(node) => node.head(),
            NodeShape::BusinessRuleTask(node) => node.head(),
            NodeShape::ServiceTask(node) => node.head(),
            NodeShape::ExclusiveGateway(node) => node.head(),
            NodeShape::ParallelGateway(node) => node.head(),
            NodeShape::InclusiveGateway(node) => node.head(),
            NodeShape::EventBasedGateway(node) => node.head(),
            NodeShape::ComplexGateway(node) => node.head(),
            NodeShape::SendTask(node) => node.head(),
            NodeShape::ReceiveTask(node) => node.head(),
            NodeShape::CallActivity(node) => node.head(),
            NodeShape::IntermediateCatchEvent(node) => node.head(),
            NodeShape::IntermediateThrowEvent(node) => node.head(),
            NodeShape::SubProcess(node) => node.head(),
        }
    }
}

/// A sequence flow.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Flow")]
pub struct FlowShape {
    /// Taken only when this is true; at a gateway the flow without it is the default.
    #[serde(rename = "if")]
    pub condition: Option<Source>,
    /// The node it leads to; `end` ends the path.
    pub to: String,
    /// A label for the reader of the process.
    #[expect(dead_code, reason = "a label is checked like every text and shown by the file itself")]
    pub name: Option<Text>,
}
