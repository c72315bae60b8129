//! Why the engine refuses a vote, or that an approval is withdrawn.

use crate::model::ids::{NodeId, TaskId, UserId};
use crate::model::refusal::{FieldError, Refusal, RefusalKind};
use serde_json::json;
use thiserror::Error;

/// A refusal of the engine.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VotingError {
    /// The task is a vote: it is decided, not completed.
    #[error("task {0} is a vote: decide it")]
    Vote(TaskId),
    /// The task is no vote.
    #[error("task {0} is no vote: complete it")]
    NoVote(TaskId),
    /// What is approved is not what the caller saw.
    #[error("what task {task} approves is not what you saw any more; look at it again")]
    OtherDigest {
        /// The task.
        task: TaskId,
        /// The digest of what is approved now.
        digest: String,
    },
    /// The caller, or whom the caller votes for, may not have a say.
    #[error("{user} may not have a say in task {task}: it is asked for or was prepared by the same person")]
    Barred {
        /// The task.
        task: TaskId,
        /// The caller.
        user: UserId,
    },
    /// Who may have a say cannot be found out.
    #[error("who may have a say in task {task} cannot be found out: {why}")]
    Unclear {
        /// The task.
        task: TaskId,
        /// Why.
        why: String,
    },
    /// The caller has voted at this level.
    #[error("{user} has voted at this level; task {task} is for somebody else")]
    VotedAlready {
        /// The task.
        task: TaskId,
        /// The caller.
        user: UserId,
    },
    /// A node was named for a vote that sends nothing back.
    #[error("only a vote that returns it says where to; task {0}")]
    NotSentBack(TaskId),
    /// It has to be said why.
    #[error("say why; a decision on task {0} has a reason")]
    NoReason(TaskId),
    /// It cannot be sent back there.
    #[error("{}", cannot_return(.task, .to.as_ref(), .offered))]
    CannotReturn {
        /// The task.
        task: TaskId,
        /// The node; none: none was named.
        to: Option<NodeId>,
        /// The nodes that can be named.
        offered: Vec<NodeId>,
    },
    /// The approval is over, or never was.
    #[error("approval {0} is not open any more")]
    NotOpen(String),
    /// Somebody else asked for it.
    #[error("approval {approval} was asked for by {submitter}; only {submitter} can withdraw it")]
    NotSubmitter {
        /// The approval.
        approval: String,
        /// Who asked for it.
        submitter: UserId,
    },
    /// Somebody has voted.
    #[error("somebody has voted on approval {0}; it cannot be withdrawn any more")]
    Decided(String),
    /// The process does not say what follows.
    #[error("the process does not say what follows when approval {0} is withdrawn")]
    NoWayBack(String),
    /// The process does not let the caller add approvers.
    #[error("{user} may add nobody to approval {approval}")]
    MayNotAdd {
        /// The approval.
        approval: String,
        /// The caller.
        user: UserId,
    },
    /// Who is to be added may not have a say.
    #[error("{user} may not have a say in approval {approval}: it is asked for or was prepared by the same person")]
    AddsBarred {
        /// The approval.
        approval: String,
        /// Who is to be added.
        user: UserId,
    },
    /// Who is to be added has a say at this level already.
    #[error("{user} has a say at this level of approval {approval} already")]
    SitsAlready {
        /// The approval.
        approval: String,
        /// Who is to be added.
        user: UserId,
    },
    /// The word of who is to be added is not enough at this level.
    #[error("the word of {user} is not enough at this level of approval {approval}")]
    WordNotEnough {
        /// The approval.
        approval: String,
        /// Who is to be added.
        user: UserId,
    },
    /// The level has all the seats that it can have.
    #[error("approval {approval} has {most} approvers at this level; more are not possible")]
    TooMany {
        /// The approval.
        approval: String,
        /// How many it can have.
        most: usize,
    },
    /// What somebody's say would be cannot be found out.
    #[error("who may have a say in approval {approval} cannot be found out: {why}")]
    AddsUnclear {
        /// The approval.
        approval: String,
        /// Why.
        why: String,
    },
}

fn cannot_return(task: &TaskId, to: Option<&NodeId>, offered: &[NodeId]) -> String {
    let offered = match offered {
        [] => "no node can be named".to_owned(),
        offered => {
            let names: Vec<&str> = offered.iter().map(NodeId::as_str).collect();
            format!("it can go back to {}", names.join(", "))
        }
    };
    match to {
        Some(to) => format!("task {task} cannot send it back to \"{to}\"; {offered}"),
        None => format!("task {task} cannot send it back without saying where to; {offered}"),
    }
}

/// A refusal about a part of what was sent.
fn at(refusal: Refusal, pointer: &str) -> Refusal {
    let (code, detail) = (refusal.code.clone(), refusal.detail.clone());
    refusal.with_errors(vec![FieldError { pointer: pointer.to_owned(), code, detail }])
}

impl From<VotingError> for Refusal {
    fn from(error: VotingError) -> Refusal {
        use RefusalKind::{Conflict, Forbidden, Invalid};
        let (kind, code) = match &error {
            VotingError::Vote(_) => (Conflict, "task_is_a_vote"),
            VotingError::NoVote(_) => (Conflict, "task_is_no_vote"),
            VotingError::OtherDigest { .. } => (Conflict, "other_digest"),
            VotingError::Barred { .. } => (Forbidden, "separation_of_duties"),
            VotingError::Unclear { .. } => (Conflict, "approvers_unclear"),
            VotingError::VotedAlready { .. } => (Forbidden, "voted_already"),
            VotingError::NotSentBack(_) | VotingError::CannotReturn { .. } => (Invalid, "wrong_return"),
            VotingError::NoReason(_) => (Invalid, "reason_missing"),
            VotingError::NotOpen(_) => (Conflict, "approval_not_open"),
            VotingError::NotSubmitter { .. } => (Forbidden, "not_submitter"),
            VotingError::Decided(_) => (Conflict, "approval_decided"),
            VotingError::NoWayBack(_) => (Conflict, "not_withdrawable"),
            VotingError::MayNotAdd { .. } => (Forbidden, "may_not_add_approver"),
            VotingError::AddsBarred { .. } => (Forbidden, "separation_of_duties"),
            VotingError::SitsAlready { .. } => (Conflict, "approver_there"),
            VotingError::WordNotEnough { .. } => (Conflict, "word_not_enough"),
            VotingError::TooMany { .. } => (Conflict, "too_many_approvers"),
            VotingError::AddsUnclear { .. } => (Conflict, "approvers_unclear"),
        };
        let refusal = Refusal::new(kind, code, error.to_string());
        match error {
            VotingError::OtherDigest { digest, .. } => refusal.with_present(json!({ "digest": digest })),
            VotingError::NotSentBack(_) | VotingError::CannotReturn { .. } => at(refusal, "/to"),
            VotingError::NoReason(_) => at(refusal, "/reason"),
            VotingError::AddsBarred { .. } | VotingError::SitsAlready { .. } | VotingError::WordNotEnough { .. } => {
                at(refusal, "/user")
            }
            _ => refusal,
        }
    }
}
