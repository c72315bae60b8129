//! The nodes of a process: one struct per BPMN element, with the keys that all share written once.

use super::job::RetryShape;
use super::repeat::{ForEachShape, LoopShape};
use super::scalar::{Source, Sources, Targets};
use super::work_access::TaskAccessShape;
use crate::model::text::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

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
    /// Events at its edge.
    pub boundary: &'a [BoundaryShape],
    /// Whether it is done once for each of a list.
    pub for_each: Option<&'a ForEachShape>,
    /// Whether it is done again and again.
    pub again: Option<&'a LoopShape>,
}

/// What only activities have.
type Repeatable<'a> = (&'a [BoundaryShape], Option<&'a ForEachShape>, Option<&'a LoopShape>);

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
            )?
            $($(#[$attribute])* pub $field: $type,)*
        }

        impl $name {
            fn head(&self) -> Head<'_> {
                let activity: [Repeatable<'_>; _] = [$((self.$boundary.as_slice(), self.for_each.as_ref(), self.again.as_ref()))?];
                let (boundary, for_each, again) = activity.into_iter().next().unwrap_or_default();
                Head {
                    id: &self.id,
                    name: self.name.as_ref(),
                    step: self.step.as_deref(),
                    next: self.next.as_ref().map(|targets| targets.0.as_slice()),
                    flows: self.flows.as_deref(),
                    boundary,
                    for_each,
                    again,
                }
            }
        }
    };
}

node!(
    /// A start event.
    StartEvent {}
);
node!(
    /// An end event.
    EndEvent {
        /// Throws this BPMN error.
        error: Option<String>,
        /// Ends everything in its level at once.
        #[serde(default)]
        terminate: bool,
    }
);
node!(
    /// A user task.
    UserTask(boundary) {
        /// Gives the login of the person it is for.
        assignee: Option<Source>,
        /// Gives a list of logins of people who may claim it.
        candidate_users: Option<Source>,
        /// Roles whose members may claim it.
        #[serde(default)]
        candidate_groups: Vec<String>,
        /// Who sees it; who sees the process, when not said.
        access: Option<TaskAccessShape>,
        /// The form shown and checked on completion.
        form: Option<String>,
        /// Outcomes to choose from, each with the node that follows.
        #[schemars(extend("minProperties" = 1))]
        outcomes: Option<BTreeMap<String, String>>,
        /// 0 to 100, higher first; 50 when not said.
        #[schemars(range(min = 0, max = 100))]
        priority: Option<u8>,
        /// When it is due.
        due: Option<Due>,
    }
);
node!(
    /// A script task: a function with `in` and `out`, or `set`.
    ScriptTask(boundary) {
        /// The function, plugin/function.
        script: Option<String>,
        /// Argument: expression over the variables.
        #[serde(default, rename = "in")]
        input: Sources,
        /// Variable: expression over `result`.
        #[serde(default, rename = "out")]
        output: Sources,
        /// Variable: expression over the variables.
        set: Option<Sources>,
    }
);
node!(
    /// A business rule task.
    BusinessRuleTask(boundary) {
        /// The function that decides, plugin/function.
        decision: String,
        /// Argument: expression over the variables.
        #[serde(default, rename = "in")]
        input: Sources,
        /// Variable: expression over `result`.
        #[serde(default, rename = "out")]
        output: Sources,
    }
);
node!(
    /// A service task: an action in the engine's transaction, or a job for a worker outside.
    ServiceTask(boundary) {
        /// The action, such as records.create.
        action: Option<String>,
        /// The type of the job, such as send-mail.
        job: Option<String>,
        /// Argument: expression over the variables.
        #[serde(default, rename = "in")]
        input: Sources,
        /// Variable: expression over `result`.
        #[serde(default, rename = "out")]
        output: Sources,
        /// What becomes of a job that failed.
        retry: Option<RetryShape>,
        /// A job that is not done this long after it was offered is an incident: PT1H, P1D.
        timeout: Option<String>,
        /// Jobs of a higher number are taken first: 0 to 100; 50 when not said.
        #[schemars(range(min = 0, max = 100))]
        priority: Option<u8>,
    }
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
    /// A call activity.
    CallActivity(boundary) {
        /// The called process.
        process: String,
        /// Its start variables: expressions over the variables.
        #[serde(default, rename = "in")]
        input: Sources,
        /// Variable: expression over `result`, the end variables of the called process.
        #[serde(default, rename = "out")]
        output: Sources,
    }
);
node!(
    /// An intermediate catch event.
    IntermediateCatchEvent {
        /// Waits until this point in time.
        timer: TimerShape,
    }
);
node!(
    /// An intermediate throw event without a definition: a milestone.
    IntermediateThrowEvent {}
);
node!(
    /// A sub-process.
    SubProcess(boundary) {
        /// Its own nodes.
        nodes: Vec<NodeShape>,
        /// All or nothing: a failure inside rolls back to its start.
        #[serde(default)]
        atomic: bool,
    }
);

impl NodeShape {
    /// The keys that all nodes share.
    pub fn head(&self) -> Head<'_> {
        match self {
            NodeShape::StartEvent(node) => node.head(),
            NodeShape::EndEvent(node) => node.head(),
            NodeShape::UserTask(node) => node.head(),
            NodeShape::ScriptTask(node) => node.head(),
            NodeShape::BusinessRuleTask(node) => node.head(),
            NodeShape::ServiceTask(node) => node.head(),
            NodeShape::ExclusiveGateway(node) => node.head(),
            NodeShape::ParallelGateway(node) => node.head(),
            NodeShape::InclusiveGateway(node) => node.head(),
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

/// When a user task is due.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// This long after it was created: P1D, PT4H.
    pub after: String,
}

/// An event at the edge of an activity: a timer or an error.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "BoundaryEvent")]
pub struct BoundaryShape {
    /// Its id; `<node>.boundary1` when not said.
    pub id: Option<String>,
    /// Fires at a point in time.
    pub timer: Option<TimerShape>,
    /// Catches the BPMN error with this code; `any` catches each.
    pub error: Option<String>,
    /// The node that follows; `end` ends the path.
    pub to: String,
    /// Whether it cancels the activity; true when not said.
    pub interrupting: Option<bool>,
}

/// When a timer fires: `duration` or `date`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Timer")]
pub struct TimerShape {
    /// This long after it was set: P1D, PT4H.
    pub duration: Option<String>,
    /// At the instant that the expression gives, RFC 3339 text.
    pub date: Option<Source>,
}
