//! What happened in an instance. `engine::evolve` folds these into the state; `runtime::project` turns them into rows.

use super::ids::{IncidentId, InstanceId, JobId, NodeId, SubscriptionId, TaskId, TimerId, UserId};
pub use super::incident::{Incident, Resolution};
use super::instance::{InstanceState, Scope, ScopeId, TokenId};
use super::job::{Job, JobState};
use super::json::{Json, JsonMap};
use super::subscription::{Message, Subscription};
use super::{beginning::Begun, compensation::Compensation, decision::Decision, eligibility::Proven};
use super::{intervention::Intervention, process::FlowIndex, task::UserTask, task_change::TaskChanged};
use super::{time::Timestamp, timer::Timer, voting::VotingEvent};
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
        task: Box<UserTask>,
    },
    /// Somebody took a task.
    TaskClaimed {
        /// Which.
        task: TaskId,
        /// Who.
        by: UserId,
        /// For whom, as the substitute.
        #[serde(default)]
        acting_for: Option<UserId>,
    },
    /// Somebody finished a task.
    TaskCompleted {
        /// Which.
        task: TaskId,
        /// Who.
        by: UserId,
        /// For whom, as the substitute.
        #[serde(default)]
        acting_for: Option<UserId>,
        /// How.
        outcome: Option<String>,
        /// Who had done the tasks that decide who may do this one, and whose hands were in it: none of them was barred.
        duties: Vec<Proven>,
    },
    /// An open task changed in another way.
    TaskChanged(TaskChanged),
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
        /// Fires of its cycle that were due while nothing ran and do not happen.
        #[serde(default)]
        missed: u32,
    },
    /// A timer is no longer needed.
    TimerCancelled {
        /// Which.
        timer: TimerId,
    },
    /// Something is waited for.
    SubscriptionOpened {
        /// What.
        subscription: Subscription,
    },
    /// It is no longer waited for.
    SubscriptionClosed {
        /// Which.
        subscription: SubscriptionId,
    },
    /// A condition that is waited for became true, or is no longer true.
    ConditionTurned {
        /// Which.
        subscription: SubscriptionId,
        /// Whether it is true now.
        holds: bool,
    },
    /// The event sub-processes of a level wait for their events.
    ScopeListening {
        /// The level.
        scope: ScopeId,
    },
    /// What was waited for has happened.
    EventHappened {
        /// Where: the event.
        node: NodeId,
        /// The scope in which it was waited for.
        scope: ScopeId,
        /// What was waited for; none: a message, a signal or a person began the level here.
        subscription: Option<SubscriptionId>,
        /// What it brought.
        payload: JsonMap,
        /// Whether it came from outside the root.
        outside: bool,
    },
    /// A message was sent.
    MessageThrown {
        /// The token that sent it.
        token: TokenId,
        /// What was sent.
        message: Message,
    },
    /// A signal was sent to everybody.
    SignalThrown {
        /// The token that sent it.
        token: TokenId,
        /// Its name.
        name: String,
        /// What it brings.
        payload: JsonMap,
    },
    /// An escalation was thrown.
    EscalationThrown {
        /// The token that threw it.
        token: TokenId,
        /// Its code.
        code: String,
    },
    /// A token waits until an activity that excludes its own is over.
    TokenBlocked {
        /// Which.
        token: TokenId,
    },
    /// Nothing excludes its activity any more.
    TokenUnblocked {
        /// Which.
        token: TokenId,
    },
    /// A gateway has let a token go on before all have come.
    GatewayPassed {
        /// The token that went on; it stays as a mark that the gateway has fired.
        token: TokenId,
    },
    /// What was done is kept, or undone.
    Compensation(Compensation),
    /// An activity that is done for each got one more.
    RepetitionExtended {
        /// The scope around all rounds.
        scope: ScopeId,
        /// The item; null when it is only counted.
        item: Json,
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
    /// A process was begun that is not waited for.
    ProcessBegun(Begun),
    /// Something happened with the approval that a token stands at.
    Voting(TokenId, VotingEvent),
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
        /// Why, where somebody said so.
        reason: Option<String>,
    },
    /// A person did something with an instance from outside; what comes of it follows.
    Intervened {
        /// The instance, root or called.
        instance: InstanceId,
        /// Who.
        by: UserId,
        /// What.
        what: Intervention,
        /// Why.
        reason: Option<String>,
    },
    /// A node counts as done without its work; its token is about to leave it.
    NodeSkipped {
        /// The token.
        token: TokenId,
        /// The node.
        node: NodeId,
        /// How its work would have ended, when the node offers outcomes.
        outcome: Option<String>,
        /// Who said so, where it is a user task: it counts as done by this person.
        by: Option<UserId>,
    },
}
