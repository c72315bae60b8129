//! What happened in an instance. `engine::evolve` folds these into the state; `runtime::project` turns them into rows.

use super::decision::Decision;
use super::ids::{IncidentId, InstanceId, JobId, NodeId, TaskId, TimerId, UserId};
use super::incident::Incident;
use super::instance::{InstanceState, Scope, ScopeId, TokenId};
use super::job::{Job, JobState};
use super::json::{Json, JsonMap};
use super::process::FlowIndex;
use super::task::UserTask;
use super::time::Timestamp;
use super::timer::Timer;
use serde::{Deserialize, Serialize};

/// One thing that happened. The serial numbers that events use are taken in order, so a fold of the events gives
/// exactly the state that decided them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// A process began: the root itself, or one that a call activity called.
    InstanceStarted {
        /// Its id.
        instance: InstanceId,
        /// The instance that called it; none for the root.
        parent: Option<InstanceId>,
        /// Its process.
        process: String,
        /// Its start variables.
        variables: JsonMap,
    },
    /// A process ended.
    InstanceEnded {
        /// Which.
        instance: InstanceId,
        /// How.
        state: InstanceState,
        /// The code of the BPMN error that nobody caught.
        error: Option<String>,
        /// Its variables at the end.
        variables: JsonMap,
    },
    /// A level of nodes opened.
    ScopeOpened {
        /// The new scope.
        scope: Scope,
    },
    /// A level of nodes closed; its variables are gone.
    ScopeClosed {
        /// Which.
        scope: ScopeId,
    },
    /// A token came to a node.
    TokenCreated {
        /// Its number.
        token: TokenId,
        /// Its scope.
        scope: ScopeId,
        /// The node.
        node: NodeId,
        /// The flow it came by.
        flow: Option<FlowIndex>,
    },
    /// A token waits at a joining gateway.
    TokenJoining {
        /// Which.
        token: TokenId,
    },
    /// A token is gone: used up by a join or an end, or cancelled.
    TokenRemoved {
        /// Which.
        token: TokenId,
    },
    /// A token entered its node.
    NodeEntered {
        /// The token.
        token: TokenId,
        /// The node.
        node: NodeId,
    },
    /// A node is done.
    NodeCompleted {
        /// The token.
        token: TokenId,
        /// The node.
        node: NodeId,
    },
    /// A node was cancelled before it was done.
    NodeCancelled {
        /// The token.
        token: TokenId,
        /// The node.
        node: NodeId,
    },
    /// An activity that is done more than once has begun.
    RepetitionStarted {
        /// The token that stands for all rounds.
        token: TokenId,
    },
    /// One round of it is done.
    RoundCompleted {
        /// The scope of the round.
        scope: ScopeId,
        /// What it gives to the lists that are collected.
        values: JsonMap,
    },
    /// Enough rounds are done; the process goes on while others are still open.
    RepetitionPassed {
        /// The token that stands for all rounds.
        token: TokenId,
        /// The scope around them.
        scope: ScopeId,
    },
    /// All that is to be done of it is done.
    RepetitionEnded {
        /// The token that stood for all rounds.
        token: TokenId,
    },
    /// Variables of a scope changed.
    VariablesSet {
        /// The scope.
        scope: ScopeId,
        /// The new values.
        values: JsonMap,
    },
    /// A user task was created.
    TaskCreated {
        /// The task.
        task: UserTask,
    },
    /// Somebody took a task.
    TaskClaimed {
        /// Which.
        task: TaskId,
        /// Who.
        by: UserId,
    },
    /// Somebody gave a task back.
    TaskUnclaimed {
        /// Which.
        task: TaskId,
        /// Who.
        by: UserId,
    },
    /// Somebody finished a task.
    TaskCompleted {
        /// Which.
        task: TaskId,
        /// Who.
        by: UserId,
        /// How.
        outcome: Option<String>,
    },
    /// A task is no longer needed.
    TaskCancelled {
        /// Which.
        task: TaskId,
    },
    /// A job was created for a worker outside.
    JobCreated {
        /// The job.
        job: Job,
    },
    /// A job failed and is tried again.
    JobFailed {
        /// Which.
        job: JobId,
        /// What the worker said.
        message: String,
        /// How often it is tried again at most, after this.
        retries: u32,
        /// When.
        due: Timestamp,
    },
    /// A job is over.
    JobEnded {
        /// Which.
        job: JobId,
        /// How.
        state: JobState,
        /// What the last failure said.
        message: Option<String>,
    },
    /// A timer was set.
    TimerSet {
        /// The timer.
        timer: Timer,
    },
    /// A timer fired.
    TimerFired {
        /// Which.
        timer: TimerId,
    },
    /// A timer is no longer needed.
    TimerCancelled {
        /// Which.
        timer: TimerId,
    },
    /// A business rule decided.
    DecisionMade {
        /// The record.
        decision: Decision,
    },
    /// An action ran.
    ActionPerformed {
        /// The token that asked.
        token: TokenId,
        /// The action.
        action: String,
        /// Its arguments.
        input: Json,
        /// What it gave.
        output: Json,
    },
    /// A BPMN error was thrown.
    ErrorThrown {
        /// The token that threw it.
        token: TokenId,
        /// Its code.
        code: String,
    },
    /// A node failed.
    IncidentRaised {
        /// The incident.
        incident: Incident,
    },
    /// An incident is over.
    IncidentResolved {
        /// Which.
        incident: IncidentId,
        /// Who saw to it.
        by: UserId,
        /// How.
        how: Resolution,
    },
}

/// How an incident ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// The node was tried again.
    Retried,
    /// Its token is gone.
    Cancelled,
}
