//! A vote: what an approver decides, and how it is sent.

use super::ids::{NodeId, UserId};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// The level, from 0.
    pub level: usize,
    /// The round.
    pub round: u32,
    /// Who gave it; none: it was taken from a level before.
    pub by: Option<UserId>,
    /// Whose vote it is.
    pub for_user: UserId,
    /// What was decided.
    pub choice: Choice,
    /// The node that it is sent back to, when one was named.
    pub to: Option<NodeId>,
    /// Why.
    pub reason: Option<String>,
    /// The digest that it is bound to.
    pub digest: String,
    /// When.
    pub at: Timestamp,
    /// Whether it counts no more, because what is approved changed.
    pub void: bool,
}

/// What an approver can decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Yes.
    Approve,
    /// No.
    Reject,
    /// Not like this: back to be worked on.
    Return,
    /// Leave it to the others.
    Abstain,
}

impl Choice {
    /// All of them.
    pub const ALL: [Choice; 4] = [Choice::Approve, Choice::Reject, Choice::Return, Choice::Abstain];

    /// The word in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Choice::Approve => "approve",
            Choice::Reject => "reject",
            Choice::Return => "return",
            Choice::Abstain => "abstain",
        }
    }
}

/// A decision that somebody sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decide {
    /// What was decided.
    pub choice: Choice,
    /// The node that it is to go back to.
    pub to: Option<NodeId>,
    /// Why.
    pub reason: Option<String>,
    /// The digest of what was seen.
    pub digest: String,
}
