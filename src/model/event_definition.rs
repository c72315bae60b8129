//! What an event waits for or sets off (BPMN: event definitions).

use super::cron::Cron;
use super::expression::Expression;
use super::ids::NodeId;
use super::process::Mapping;
use super::time::Duration;

/// What an event waits for.
#[derive(Debug, Clone, Default)]
pub struct Catching {
    /// One or several; none: what a receive task without a message waits for, that somebody says so.
    pub triggers: Vec<Trigger>,
    /// Whether all of them must have happened; else one is enough (BPMN: parallel multiple, multiple).
    pub all: bool,
    /// Variable name to expression over the variables and `result`, what the message or signal brought.
    pub output: Mapping,
}

/// One thing to wait for.
#[derive(Debug, Clone)]
pub enum Trigger {
    /// A point in time.
    Timer(TimerSpec),
    /// A message of this name.
    Message {
        /// Its name.
        name: String,
        /// Gives the key that the message must have; none: a message without a key, or with the business key.
        correlate: Option<Expression>,
    },
    /// A signal of this name.
    Signal(String),
    /// That this becomes true.
    Condition(Expression),
    /// A BPMN error from the inside: this code, or any.
    Error(Option<String>),
    /// An escalation from the inside: this code, or any.
    Escalation(Option<String>),
    /// That what was done is to be undone.
    Compensation,
    /// That the transaction is cancelled.
    Cancel,
    /// The throw event of this name: it flows here.
    Link(String),
}

/// When a timer fires.
#[derive(Debug, Clone)]
pub enum TimerSpec {
    /// This long after it was set.
    Duration(Duration),
    /// At the instant that the expression gives, RFC 3339 text.
    Date(Expression),
    /// Again and again.
    Cycle(Cycle),
    /// Again and again, by the calendar.
    Cron {
        /// When.
        cron: Box<Cron>,
        /// What becomes of those that were due while nothing ran.
        missed: Missed,
    },
}

/// A timer that fires again and again (ISO 8601: repeating interval).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle {
    /// How often; none: without end.
    pub times: Option<u32>,
    /// Each this long after the one before was due.
    pub every: Duration,
    /// What becomes of those that were due while nothing ran.
    pub missed: Missed,
}

/// What becomes of the fires of a cycle or of cron that were due while nothing ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Missed {
    /// Each happens, in order.
    All,
    /// One happens for all of them.
    Once,
    /// None happens; the next one is that which comes next.
    Skip,
}

/// What an event sets off.
#[derive(Debug, Clone)]
pub enum Throw {
    /// A message.
    Message(ThrownMessage),
    /// A signal, to everybody who waits for it.
    Signal {
        /// Its name.
        name: String,
        /// What it brings.
        input: Mapping,
    },
    /// A BPMN error of this code.
    Error(String),
    /// An escalation of this code.
    Escalation(String),
    /// That what this activity did is undone; none: all that was done in its level.
    Compensation(Option<NodeId>),
    /// The end of everything in its level.
    Terminate,
    /// The end of the transaction, undone.
    Cancel,
    /// A jump to the catch event of this name.
    Link(String),
}

/// A message that is sent.
#[derive(Debug, Clone)]
pub struct ThrownMessage {
    /// Its name.
    pub name: String,
    /// Gives its key.
    pub correlate: Option<Expression>,
    /// What it brings.
    pub input: Mapping,
    /// How long it is kept when nobody waits for it.
    pub ttl: Option<Duration>,
}

impl Missed {
    /// The word in YAML.
    pub fn name(self) -> &'static str {
        match self {
            Missed::All => "all",
            Missed::Once => "once",
            Missed::Skip => "skip",
        }
    }
}

impl Catching {
    /// Whether an error of this code is caught by its name.
    pub fn names_error(&self, code: &str) -> bool {
        self.triggers.iter().any(|trigger| matches!(trigger, Trigger::Error(Some(caught)) if caught == code))
    }

    /// Whether every error is caught.
    pub fn any_error(&self) -> bool {
        self.triggers.iter().any(|trigger| matches!(trigger, Trigger::Error(None)))
    }

    /// Whether an escalation of this code is caught by its name.
    pub fn names_escalation(&self, code: &str) -> bool {
        self.triggers.iter().any(|trigger| matches!(trigger, Trigger::Escalation(Some(caught)) if caught == code))
    }

    /// Whether every escalation is caught.
    pub fn any_escalation(&self) -> bool {
        self.triggers.iter().any(|trigger| matches!(trigger, Trigger::Escalation(None)))
    }

    /// Whether it waits for a transaction to be cancelled.
    pub fn cancel(&self) -> bool {
        self.triggers.iter().any(|trigger| matches!(trigger, Trigger::Cancel))
    }

    /// Whether it waits for what was done to be undone.
    pub fn compensation(&self) -> bool {
        self.triggers.iter().any(|trigger| matches!(trigger, Trigger::Compensation))
    }
}
