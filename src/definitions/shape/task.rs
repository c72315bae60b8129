//! Tasks: work for people, scripts, actions and messages.

use super::event::BoundaryShape;
use super::job::RetryShape;
use super::node::{Activity, FlowShape, Head, node};
use super::repeat::{ForEachShape, LoopShape};
use super::scalar::{Groups, Source, Sources, Targets};
use super::task_timing::{DueShape, EscalateShape, FollowUpShape, RemindShape};
use super::work_access::TaskAccessShape;
use crate::model::process::Binding;
use crate::model::text::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

node!(
    /// A user task.
    UserTask(boundary) {
        /// Gives its title when it depends on the variables.
        title: Option<Source>,
        /// Gives what there is to say of it: a text of at most 10,000 characters, or nothing.
        description: Option<Source>,
        /// Gives the login of the person it is for.
        assignee: Option<Source>,
        /// Gives a list of logins of people who may claim it.
        candidate_users: Option<Source>,
        /// Roles whose members may claim it, or an expression that gives a list of them.
        #[serde(default)]
        candidate_groups: Groups,
        /// Who sees it; who sees the process, when not said.
        access: Option<TaskAccessShape>,
        /// The form shown and checked on completion.
        form: Option<String>,
        /// Tasks of this process that whoever takes this one must not have done (separation of duties).
        #[serde(default)]
        not_same_as: Vec<String>,
        /// Tasks of this process that whoever takes this one must have done.
        #[serde(default)]
        same_as: Vec<String>,
        /// Outcomes to choose from, each with the node that follows.
        #[schemars(extend("minProperties" = 1))]
        outcomes: Option<BTreeMap<String, String>>,
        /// Gives 0 to 100, higher first; 50 when not said.
        priority: Option<Source>,
        /// When it is due.
        due: Option<DueShape>,
        /// When whoever has it wants to look at it again.
        follow_up: Option<FollowUpShape>,
        /// When whoever has it, or may take it, is reminded.
        remind: Option<RemindShape>,
        /// To whom it goes when it is not done in time.
        escalate: Option<EscalateShape>,
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
        /// Of which revision the function is: the one that the instance is pinned to, when not said, or the active one in
        /// the moment of the step.
        #[serde(default)]
        binding: Binding,
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
    /// A send task.
    SendTask(boundary) {
        /// The name of the message.
        message: String,
        /// Gives its key.
        correlate: Option<Source>,
        /// What it brings: name, expression over the variables.
        #[serde(default, rename = "in")]
        input: Sources,
        /// How long it is kept while nobody waits for it: PT1H.
        ttl: Option<String>,
    }
);
node!(
    /// A receive task; without a message somebody lets it go on.
    ReceiveTask(boundary) {
        /// The name of the message.
        message: Option<String>,
        /// Gives the key that the message must have.
        correlate: Option<Source>,
        /// Variable: expression over `result`, what the message brought.
        #[serde(default, rename = "out")]
        output: Sources,
        /// Whether the message begins the process.
        #[serde(default)]
        instantiate: bool,
    }
);
