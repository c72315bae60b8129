//! Why the engine refuses a command. A refused command changes nothing.

use super::intervention_error::InterventionError;
use super::voting_error::VotingError;
use crate::model::ids::{IncidentId, InstanceId, JobId, NodeId, SubscriptionId, TaskId, TimerId, UserId};
use crate::model::refusal::{FieldError, Refusal, RefusalKind};
use crate::model::task::{TaskState, TaskVerb};
use thiserror::Error;

/// A refusal of the engine.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EngineError {
    /// A command other than start without an instance.
    #[error("there is no such instance")]
    NoInstance,
    /// The revision has no such process.
    #[error("the active revision has no process \"{0}\"")]
    NoProcess(String),
    /// The task is not open any more, or never was.
    #[error("task {0} is not open any more")]
    TaskNotOpen(TaskId),
    /// The task's state does not allow it.
    #[error("{}", wrong_state(.task, *.state, *.verb, .assignee.as_ref()))]
    WrongState {
        /// The task.
        task: TaskId,
        /// Its state.
        state: TaskState,
        /// What was tried.
        verb: TaskVerb,
        /// Who has it.
        assignee: Option<UserId>,
    },
    /// The caller is not one of those the task is for.
    #[error("{user} is not among those who may take task {task}")]
    NotCandidate {
        /// The task.
        task: TaskId,
        /// The caller.
        user: UserId,
    },
    /// Who is to be given it is not one of those the task is for.
    #[error("task {task} is not for {user}, neither by name nor by role; give it to one of its candidates")]
    NotForThem {
        /// The task.
        task: TaskId,
        /// Who was to be given it.
        user: UserId,
    },
    /// The delegate has it.
    #[error("task {0} is delegated; the delegate resolves it first, or its owner claims it back")]
    DelegationPending(TaskId),
    /// Nobody delegated it.
    #[error("task {0} is not delegated, so there is nothing to resolve; complete it")]
    NotDelegated(TaskId),
    /// To delegate is to let somebody else do it.
    #[error("task {0} is yours already; delegate it to somebody else")]
    DelegatedToOneself(TaskId),
    /// It is a step of a process, or somebody else made it.
    #[error("task {0} is taken back by who made it by itself; a step of a process ends with its process")]
    NotCancellable(TaskId),
    /// Parts of it are still open.
    #[error("task {task} has open sub-tasks: {}; they are done first", listed(.open))]
    SubTasksOpen {
        /// The task.
        task: TaskId,
        /// Its open parts.
        open: Vec<TaskId>,
    },
    /// A part has no parts.
    #[error("task {0} is itself a part of another; parts have no parts")]
    SubTaskOfSubTask(TaskId),
    /// It has as many parts as it can have.
    #[error("task {task} has {most} open sub-tasks, and can have no more")]
    TooManySubTasks {
        /// The task.
        task: TaskId,
        /// How many it can have.
        most: usize,
    },
    /// Somebody else must do it, or the same person as before.
    #[error("{}", duties(.task, .user, .other, *.same))]
    SeparationOfDuties {
        /// The task.
        task: TaskId,
        /// The caller.
        user: UserId,
        /// The node of the task that it is compared with.
        other: NodeId,
        /// Whether the same person must do both; else different ones.
        same: bool,
    },
    /// The task is for its assignee alone.
    #[error("task {task} is for {user} alone; given back, nobody could take it")]
    ForOneAlone {
        /// The task.
        task: TaskId,
        /// Its assignee, who asks.
        user: UserId,
    },
    /// The task offers outcomes and none, or another one, was given.
    #[error("task {task} ends with one of {}; {}", .offered.join(", "), given(.outcome.as_deref()))]
    WrongOutcome {
        /// The task.
        task: TaskId,
        /// What was given.
        outcome: Option<String>,
        /// What it offers.
        offered: Vec<String>,
    },
    /// The job is done, or no longer needed.
    #[error("job {0} is not open any more")]
    JobNotOpen(JobId),
    /// The timer fired already or is no longer needed.
    #[error("timer {0} is not set any more")]
    TimerGone(TimerId),
    /// It has happened already or is no longer waited for.
    #[error("{0} is not waited for any more")]
    SubscriptionGone(SubscriptionId),
    /// No level that is at work lets this node begin.
    #[error("\"{node}\" cannot be begun now: no ad-hoc sub-process that is at work has it to begin")]
    NotActivatable {
        /// The node.
        node: NodeId,
    },
    /// No activity that is done for each takes another one.
    #[error("\"{node}\" takes no more instances: it is not at work, or does not say \"mayAdd\"")]
    TakesNoMore {
        /// The node.
        node: NodeId,
    },
    /// The incident is over.
    #[error("incident {0} is not open any more")]
    IncidentNotOpen(IncidentId),
    /// An answer of the runtime that nothing waits for.
    #[error("nothing waits for this answer")]
    NothingAsked,
    /// The root was stopped by a person.
    #[error("instance {0} is suspended; nothing in it moves until it is resumed")]
    Suspended(InstanceId),
    /// What was to be done with an instance from outside cannot be done.
    #[error(transparent)]
    Intervention(#[from] InterventionError),
    /// A vote, or the withdrawal of an approval, is not possible.
    #[error(transparent)]
    Voting(#[from] VotingError),
}

fn wrong_state(task: &TaskId, state: TaskState, verb: TaskVerb, assignee: Option<&UserId>) -> String {
    match (state, verb, assignee) {
        (TaskState::Claimed, TaskVerb::Claim, Some(user)) => {
            format!("task {task} is already claimed by {user}; {user} can give it back")
        }
        (TaskState::Claimed, _, Some(user)) => format!("task {task} is claimed by {user}; only {user} can do this"),
        (TaskState::Created, TaskVerb::Unclaim, _) => {
            format!("task {task} is not claimed; there is nothing to give back")
        }
        (TaskState::Created, _, _) => format!("task {task} is not claimed yet; claim it first"),
        _ => format!("task {task} is {}; nothing more can be done with it", state.name()),
    }
}

fn duties(task: &TaskId, user: &UserId, other: &NodeId, same: bool) -> String {
    match same {
        true => format!("task {task} is for the person who did \"{other}\"; that was not {user}"),
        false => format!("{user} did \"{other}\"; task {task} is for somebody else"),
    }
}

fn listed(tasks: &[TaskId]) -> String {
    tasks.iter().map(TaskId::as_str).collect::<Vec<_>>().join(", ")
}

fn given(outcome: Option<&str>) -> String {
    outcome.map_or("none was given".to_owned(), |outcome| format!("\"{outcome}\" was given"))
}

impl From<EngineError> for Refusal {
    fn from(error: EngineError) -> Refusal {
        use RefusalKind::{Conflict, Forbidden, Invalid, NotFound};
        let (kind, code) = match &error {
            EngineError::NoInstance => (NotFound, "instance_not_found"),
            EngineError::NoProcess(_) => (NotFound, "process_not_found"),
            EngineError::TaskNotOpen(_) => (Conflict, "task_not_open"),
            EngineError::WrongState { state: TaskState::Claimed, verb: TaskVerb::Claim, .. } => {
                (Conflict, "task_already_claimed")
            }
            EngineError::WrongState { state: TaskState::Claimed, .. } => (Forbidden, "task_of_another"),
            EngineError::WrongState { state: TaskState::Created, .. } => (Conflict, "task_not_claimed"),
            EngineError::WrongState { .. } => (Conflict, "task_not_open"),
            EngineError::NotCandidate { .. } => (Forbidden, "not_candidate"),
            EngineError::NotForThem { .. } => (Conflict, "not_for_them"),
            EngineError::SubTasksOpen { .. } => (Conflict, "sub_tasks_open"),
            EngineError::SubTaskOfSubTask(_) => (Conflict, "sub_task_of_sub_task"),
            EngineError::TooManySubTasks { .. } => (Conflict, "too_many_sub_tasks"),
            EngineError::NotCancellable(_) => (Forbidden, "not_cancellable"),
            EngineError::DelegationPending(_) => (Conflict, "delegation_pending"),
            EngineError::NotDelegated(_) => (Conflict, "not_delegated"),
            EngineError::DelegatedToOneself(_) => (Conflict, "delegated_to_oneself"),
            EngineError::SeparationOfDuties { .. } => (Forbidden, "separation_of_duties"),
            EngineError::ForOneAlone { .. } => (Conflict, "task_for_one_alone"),
            EngineError::WrongOutcome { .. } => (Invalid, "wrong_outcome"),
            EngineError::JobNotOpen(_) => (Conflict, "job_not_open"),
            EngineError::TimerGone(_) => (Conflict, "timer_gone"),
            EngineError::SubscriptionGone(_) => (Conflict, "subscription_gone"),
            EngineError::NotActivatable { .. } => (Conflict, "not_activatable"),
            EngineError::TakesNoMore { .. } => (Conflict, "takes_no_more"),
            EngineError::IncidentNotOpen(_) => (Conflict, "incident_not_open"),
            EngineError::NothingAsked => (Conflict, "nothing_asked"),
            EngineError::Suspended(_) => (Conflict, "instance_suspended"),
            EngineError::Intervention(error) => return error.clone().into(),
            EngineError::Voting(error) => return error.clone().into(),
        };
        let refusal = Refusal::new(kind, code, error.to_string());
        match error {
            EngineError::WrongOutcome { .. } => {
                let detail = refusal.detail.clone();
                refusal.with_errors(vec![FieldError { pointer: "/outcome".into(), code: code.into(), detail }])
            }
            _ => refusal,
        }
    }
}
