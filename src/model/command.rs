//! What can be asked of the engine. Time, ids and the caller come in with the command.

use super::action::{Abort, ActionCall, ActionResult};
use super::beginning::{BeginResult, Beginning};
use super::ids::TokenId;
use super::ids::{BusinessId, InstanceId, JobId, NodeId, SubscriptionId, TaskId, TimerId, UserId};
use super::intervention::{Intervene, Retry, Skip};
use super::json::{Json, JsonMap};
use super::task::NewSubTask;
use super::task_change::{Person, TaskUpdate};
use super::time::Duration;
use super::voting::{Approver, Decide};
use serde::{Deserialize, Serialize};

/// A command to one root instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Start a process.
    Start(Start),
    /// Take a task.
    ClaimTask {
        /// Which.
        task: TaskId,
    },
    /// Give a task back.
    UnclaimTask {
        /// Which.
        task: TaskId,
    },
    /// Finish a task.
    CompleteTask {
        /// Which.
        task: TaskId,
        /// How, when the task offers outcomes.
        outcome: Option<String>,
        /// What the person entered.
        variables: JsonMap,
    },
    /// Give a task to somebody, or back to the candidates. Whether the caller may is decided by who knows the directory.
    AssignTask {
        /// Which.
        task: TaskId,
        /// To whom, by the directory at this moment.
        to: Option<Person>,
    },
    /// Let somebody else do a task, and answer for it.
    DelegateTask {
        /// Which.
        task: TaskId,
        /// Who is to do it, by the directory at this moment.
        to: Person,
        /// What there is to say of it.
        comment: Option<String>,
    },
    /// Give a task back done to who delegated it.
    ResolveTask {
        /// Which.
        task: TaskId,
        /// What the person entered.
        variables: JsonMap,
    },
    /// Say how urgent a task is, or when. Whether the caller may is decided by who knows the directory.
    UpdateTask {
        /// Which.
        task: TaskId,
        /// What.
        update: TaskUpdate,
    },
    /// Give somebody a part of a task.
    CreateSubTask {
        /// The whole.
        task: TaskId,
        /// The part.
        new: NewSubTask,
    },
    /// Vote on what is to be approved.
    Decide {
        /// Which seat's task.
        task: TaskId,
        /// The vote.
        decide: Decide,
    },
    /// Take back what is to be approved, while nobody has voted.
    Withdraw {
        /// The token at the approval.
        approval: TokenId,
        /// Why.
        reason: Option<String>,
    },
    /// Add somebody to those who are asked at the level at work.
    AddApprover {
        /// The token at the approval.
        approval: TokenId,
        /// Whom, by the directory at this moment.
        person: Approver,
        /// Why.
        reason: String,
    },
    /// The record that approvals are about was changed: they look at it again.
    LookAgain {
        /// The tokens at the approvals.
        approvals: Vec<TokenId>,
    },
    /// A timer is due.
    FireTimer {
        /// Which.
        timer: TimerId,
    },
    /// What is waited for has happened: a message or a signal has come, or somebody lets a receive task go on.
    Deliver {
        /// What is waited for.
        subscription: SubscriptionId,
        /// What it brings.
        payload: JsonMap,
    },
    /// Begin an activity of a level that is at work: of an ad-hoc sub-process, or one that nothing leads to.
    Activate {
        /// The instance, root or called.
        instance: InstanceId,
        /// The activity.
        node: NodeId,
    },
    /// One more instance of an activity that is done for each.
    AddInstance {
        /// The instance, root or called.
        instance: InstanceId,
        /// The activity.
        node: NodeId,
        /// The item.
        item: Json,
    },
    /// A worker has done a job.
    CompleteJob {
        /// Which.
        job: JobId,
        /// What came of it.
        result: Json,
    },
    /// A worker could not do a job.
    FailJob {
        /// Which.
        job: JobId,
        /// Why.
        message: String,
        /// Try again after this long, instead of what the process says.
        retry_after: Option<Duration>,
    },
    /// A worker found that a job ends with a BPMN error.
    ThrowJobError {
        /// Which.
        job: JobId,
        /// The code of the error.
        code: String,
        /// Variables that are set first.
        variables: JsonMap,
    },
    /// Try the failed node again.
    RetryIncident(Retry),
    /// The action that the last transition asked for was run.
    Acted {
        /// What was asked.
        call: ActionCall,
        /// What came of it.
        result: ActionResult,
    },
    /// The process that the last transition asked for was begun, or could not be.
    Begun {
        /// What was asked.
        beginning: Beginning,
        /// What came of it.
        result: BeginResult,
    },
    /// The savepoint that an atomic block asked for is set: enter the block.
    EnterAtomic {
        /// The token at the block.
        token: TokenId,
    },
    /// An atomic block was rolled back to its start: it becomes an incident, or its error goes outward.
    RolledBack {
        /// The token at the block.
        token: TokenId,
        /// Why it could not finish.
        abort: Abort,
    },
    /// The savepoint of a finished atomic block is released: go on.
    Continue,
    /// The failed node counts as done.
    SkipIncident(Skip),
    /// Do something with an instance from outside.
    Intervene(Intervene),
}

/// The start of a root instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// The id of the new instance.
    pub instance: InstanceId,
    /// Its business.
    pub business: BusinessId,
    /// The revision it is pinned to.
    pub revision: i64,
    /// The process.
    pub process: String,
    /// The business key.
    pub business_key: Option<String>,
    /// Who starts it.
    pub starter: UserId,
    /// The start variables, already checked against the process's `input` schema.
    pub variables: JsonMap,
    /// The event that begins it; none: it is begun without one.
    #[serde(default)]
    pub event: Option<StartedBy>,
}

/// The event that begins a process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StartedBy {
    /// The start event, or the receive task or catch event that stands for one.
    pub node: NodeId,
    /// What it brings.
    pub payload: JsonMap,
}
