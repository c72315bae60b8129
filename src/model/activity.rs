//! What the activities of a process do.

use super::event_definition::Catching;
use super::expression::{Expression, FunctionRef};
use super::ids::NodeId;
use super::process::Mapping;
use super::task_timing::Timing;
use super::time::Duration;
use super::work_access::Stand;

/// A receive task.
#[derive(Debug, Clone)]
pub struct ReceiveTask {
    /// What it waits for.
    pub catch: Catching,
    /// Whether its message begins the process.
    pub instantiate: bool,
}

/// A user task.
#[derive(Debug, Clone, Default)]
pub struct UserTask {
    /// Gives the title; none: the node's.
    pub title: Option<Expression>,
    /// Gives what there is to say of it.
    pub description: Option<Expression>,
    /// Tasks that whoever takes it must not have done.
    pub not_same_as: Vec<NodeId>,
    /// Tasks that whoever takes it must have done, if anybody has.
    pub same_as: Vec<NodeId>,
    /// Gives the login of the person it is for.
    pub assignee: Option<Expression>,
    /// Gives a list of logins of people who may claim it.
    pub candidate_users: Option<Expression>,
    /// Roles whose members may claim it.
    pub candidate_groups: Vec<String>,
    /// Gives a list of such roles, beside those.
    pub groups_given: Option<Expression>,
    /// Who sees it; none: who sees the process.
    pub readers: Option<Vec<Stand>>,
    /// The form shown and checked on completion.
    pub form: Option<String>,
    /// Outcomes to choose from, in document order; empty: completed without one.
    pub outcomes: Vec<String>,
    /// Gives 0 to 100, higher first; none: 50.
    pub priority: Option<Expression>,
    /// When it is due, reminded of and escalated.
    pub timing: Box<Timing>,
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
    /// Of which revision.
    pub binding: Binding,
}

/// Of which revision something is that a process uses by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Binding {
    /// Of the one that the process is pinned to.
    #[default]
    Deployment,
    /// Of the active one in the moment of the step.
    Latest,
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
    pub input: Passed,
    /// Variable name to expression over the variables and `result`, the end variables of the called instance.
    pub output: Passed,
    /// Of which revision the called process is.
    pub binding: Binding,
    /// Whether the process waits for the end of the called one; else that one is a root of its own.
    pub wait: bool,
}

/// What a call activity passes on.
#[derive(Debug, Clone)]
pub enum Passed {
    /// These.
    Some(Mapping),
    /// All variables, under their names.
    All,
}

/// An embedded sub-process.
#[derive(Debug, Clone, Default)]
pub struct SubProcess {
    /// All or nothing: a failure inside rolls back to its start.
    pub atomic: bool,
    /// What was done in it can be cancelled and undone as a whole (BPMN: transaction).
    pub transaction: bool,
    /// Its activities are done in no fixed order (BPMN: ad-hoc).
    pub ad_hoc: Option<AdHoc>,
}

/// How the activities of an ad-hoc sub-process are done.
#[derive(Debug, Clone)]
pub struct AdHoc {
    /// It is done early when this is true; asked after every activity.
    pub until: Option<Expression>,
    /// One after the other; else all at once.
    pub sequential: bool,
}
