//! Why an intervention is refused. A refused intervention changes nothing, whatever its first steps were.

use crate::model::ids::{InstanceId, NodeId, UserId};
use crate::model::refusal::RefusalKind::{Conflict, Forbidden, Invalid};
use crate::model::refusal::{FieldError, Refusal, RefusalKind};
use thiserror::Error;

/// A refusal of an intervention.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InterventionError {
    /// The instance is over.
    #[error("instance {0} has ended; nothing more can be done with it")]
    Ended(InstanceId),
    /// It is suspended already.
    #[error("instance {0} is suspended already")]
    Suspended(InstanceId),
    /// It is not suspended.
    #[error("instance {0} is not suspended; there is nothing to resume")]
    NotSuspended(InstanceId),
    /// It lives inside another one.
    #[error(
        "instance {instance} was called inside {root} and lives with it: do this with {root}, or take the token of the \
         call activity away there"
    )]
    NotRoot {
        /// The called instance.
        instance: InstanceId,
        /// Its root.
        root: InstanceId,
    },
    /// The token is gone, never was, or is of another instance.
    #[error("instance {instance} has no token {token}; its tokens stand at /process-instances/{instance}/tokens")]
    NoToken {
        /// The instance.
        instance: InstanceId,
        /// The token, as it is called outside.
        token: String,
    },
    /// None, or too many.
    #[error("a modification has 1 to {most} steps; this one has {given}")]
    Steps {
        /// How many there are.
        given: usize,
        /// How many there may be.
        most: usize,
    },
    /// One step cannot be done.
    #[error("{wrong}")]
    Step {
        /// Its number, from 0.
        number: usize,
        /// Why.
        wrong: StepError,
    },
    /// The outcome is not one that the node offers.
    #[error(transparent)]
    Outcome(WrongOutcome),
    /// Whoever says that a task is done has a hand in it, and may not.
    #[error(transparent)]
    Barred(SaidByBarred),
    /// Which of its events has happened cannot be said.
    #[error("\"{0}\" waits for the first of several events and cannot be skipped; retry it, or modify the instance")]
    Choice(NodeId),
    /// No token would be left.
    #[error("no token would be left in instance {0}; start something as well, or cancel it")]
    NothingLeft(InstanceId),
    /// One of several rounds would never be done.
    #[error(
        "\"{0}\" is done several times, and a round that is taken away would never be done; cancel all of them, with the token of \"{0}\""
    )]
    Round(NodeId),
}

/// Why a step of a modification cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StepError {
    /// The process has no such node.
    #[error("process \"{process}\" has no node \"{node}\"")]
    NoNode {
        /// The process.
        process: String,
        /// The node.
        node: NodeId,
    },
    /// No token comes to it.
    #[error("\"{node}\" is {what}: no token comes to it; start before a node that follows it")]
    Beside {
        /// The node.
        node: NodeId,
        /// What it is.
        what: &'static str,
    },
    /// Which of its events has happened cannot be said.
    #[error("\"{0}\" waits for the first of several events; start after one of them")]
    Choice(NodeId),
    /// It stands in something that only an event begins, or an undoing.
    #[error("\"{node}\" stands in \"{around}\", which is not open and cannot be entered by hand")]
    NotOpen {
        /// The node.
        node: NodeId,
        /// The level around it.
        around: NodeId,
    },
    /// It would wait for tokens of flows, and this one came by none.
    #[error("\"{0}\" joins several flows and would wait for all of them; start after it")]
    Join(NodeId),
    /// It happens wholly or not at all.
    #[error("\"{node}\" stands in \"{block}\", which is done wholly or not at all; start before \"{block}\"")]
    Atomic {
        /// The node.
        node: NodeId,
        /// The block around it.
        block: NodeId,
    },
    /// Which round is meant cannot be said.
    #[error("\"{node}\" stands in \"{around}\", which is done several times; start before \"{around}\"")]
    Repeated {
        /// The node.
        node: NodeId,
        /// The activity around it.
        around: NodeId,
    },
    /// Which level is meant cannot be said.
    #[error("\"{node}\" stands in \"{around}\", which is open several times; cancel all but one of its tokens first")]
    Several {
        /// The node.
        node: NodeId,
        /// The sub-process around it.
        around: NodeId,
    },
    /// The sub-process around it cannot be entered.
    #[error("\"{around}\" cannot be entered: {sentence}")]
    Closed {
        /// The sub-process.
        around: NodeId,
        /// Why.
        sentence: String,
    },
    /// The outcome is not one that the node offers.
    #[error(transparent)]
    Outcome(#[from] WrongOutcome),
    /// Whoever says that a task is done has a hand in it, and may not.
    #[error(transparent)]
    Barred(#[from] SaidByBarred),
    /// There is no such token.
    #[error("instance {instance} has no token {token}; its tokens stand at /process-instances/{instance}/tokens")]
    NoToken {
        /// The instance.
        instance: InstanceId,
        /// The token, as it is called outside.
        token: String,
    },
}

/// An outcome that a node does not offer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", sentence(.node, .outcome.as_deref(), .offered))]
pub struct WrongOutcome {
    /// The node.
    pub node: NodeId,
    /// What was given.
    pub outcome: Option<String>,
    /// What it offers.
    pub offered: Vec<String>,
}

/// A person says that a task is done who may not do it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{by} cannot say that \"{node}\" is done, for it {} who has done \"{other}\"",
    if *.same { "must be done by" } else { "must not be done by" }
)]
pub struct SaidByBarred {
    /// The task that would count as done.
    pub node: NodeId,
    /// Who says so.
    pub by: UserId,
    /// The task that it is compared with.
    pub other: NodeId,
    /// Whether the same person must do both; else different ones.
    pub same: bool,
}

fn sentence(node: &NodeId, outcome: Option<&str>, offered: &[String]) -> String {
    match outcome {
        Some(given) if offered.is_empty() => format!("\"{node}\" has no outcomes; \"{given}\" was given"),
        Some(given) => format!("\"{node}\" ends with one of {}; \"{given}\" was given", offered.join(", ")),
        None => format!("\"{node}\" ends with one of {}; none was given", offered.join(", ")),
    }
}

impl From<InterventionError> for Refusal {
    fn from(error: InterventionError) -> Refusal {
        let (kind, code, pointer) = match &error {
            InterventionError::Ended(_) => (Conflict, "instance_ended", None),
            InterventionError::Suspended(_) => (Conflict, "instance_suspended", None),
            InterventionError::NotSuspended(_) => (Conflict, "not_suspended", None),
            InterventionError::NotRoot { .. } => (Conflict, "not_root", None),
            InterventionError::NoToken { .. } => (Conflict, "token_gone", Some("/token".to_owned())),
            InterventionError::Steps { .. } => (Invalid, "wrong_steps", Some("/steps".to_owned())),
            InterventionError::Step { number, wrong } => {
                let (kind, code) = step(wrong);
                (kind, code, Some(format!("/steps/{number}")))
            }
            InterventionError::Outcome(_) => (Invalid, "wrong_outcome", Some("/outcome".to_owned())),
            InterventionError::Barred(_) => (Forbidden, "separation_of_duties", None),
            InterventionError::Choice(_) => (Conflict, "not_skippable", None),
            InterventionError::NothingLeft(_) => (Conflict, "nothing_left", None),
            InterventionError::Round(_) => (Conflict, "token_of_a_round", None),
        };
        let refusal = Refusal::new(kind, code, error.to_string());
        match pointer {
            Some(pointer) => {
                let detail = refusal.detail.clone();
                refusal.with_errors(vec![FieldError { pointer, code: code.to_owned(), detail }])
            }
            None => refusal,
        }
    }
}

fn step(wrong: &StepError) -> (RefusalKind, &'static str) {
    match wrong {
        StepError::NoNode { .. } => (Invalid, "unknown_node"),
        StepError::Beside { .. }
        | StepError::Join(_)
        | StepError::Choice(_)
        | StepError::Atomic { .. }
        | StepError::Repeated { .. } => (Invalid, "not_startable"),
        StepError::NotOpen { .. } => (Conflict, "level_closed"),
        StepError::Several { .. } => (Conflict, "several_levels"),
        StepError::Closed { .. } => (Conflict, "level_closed"),
        StepError::Outcome(_) => (Invalid, "wrong_outcome"),
        StepError::Barred(_) => (Forbidden, "separation_of_duties"),
        StepError::NoToken { .. } => (Conflict, "token_gone"),
    }
}
