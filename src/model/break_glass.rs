//! Break-glass: access beyond what the rules give, asked for with a reason, opened by a second person where the rule says
//! so, for a time, and kept for ever.

use super::ids::{InstanceId, RecordId, UserId};
use super::time::{Duration, Timestamp};
use serde::{Deserialize, Serialize};

/// Who may break the glass of a record type or a process.
#[derive(Debug, Clone, PartialEq)]
pub struct BreakGlassRule {
    /// Roles that may ask; empty: nobody.
    pub roles: Vec<String>,
    /// Roles of the second person who must agree; empty: nobody need.
    pub second: Vec<String>,
    /// How long it stays open; none: an hour.
    pub time: Option<Duration>,
}

/// A request for access beyond the rules, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BreakGlass {
    /// Its id.
    pub id: String,
    /// Who asks.
    pub user: UserId,
    /// To what.
    pub target: Target,
    /// To do what.
    pub right: Right,
    /// Why.
    pub reason: String,
    /// What became of it.
    pub state: State,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When it was opened or declined.
    pub decided_at: Option<Timestamp>,
    /// By which second person.
    pub decided_by: Option<UserId>,
    /// While it waits: until when it can be opened; then: until when it is open.
    pub ends_at: Timestamp,
}

/// What access is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// A record.
    Record {
        /// Its type.
        record_type: String,
        /// Its id.
        id: RecordId,
    },
    /// An instance with its tasks, history and decisions.
    Instance {
        /// Its process.
        process: String,
        /// The root instance.
        id: InstanceId,
    },
}

/// What may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// See it.
    Read,
    /// See and change it.
    Update,
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for the second person.
    Waiting,
    /// Open until `ends_at`.
    Open,
    /// The second person said no.
    Declined,
    /// Given back, or its time is over.
    Ended,
}

impl Right {
    /// The word in the store and the API.
    pub fn name(self) -> &'static str {
        match self {
            Right::Read => "read",
            Right::Update => "update",
        }
    }
}

impl State {
    /// Reads the word back.
    pub fn parse(word: &str) -> Option<State> {
        [State::Waiting, State::Open, State::Declined, State::Ended].into_iter().find(|state| state.name() == word)
    }

    /// The word in the store and the API.
    pub fn name(self) -> &'static str {
        match self {
            State::Waiting => "waiting",
            State::Open => "open",
            State::Declined => "declined",
            State::Ended => "ended",
        }
    }
}
