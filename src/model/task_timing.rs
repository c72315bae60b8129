//! When a user task is due, to be looked at again, reminded of and escalated, as the process says it.

use super::expression::Expression;
use super::time::Duration;

/// When, by the process.
#[derive(Debug, Clone, Default)]
pub struct Timing {
    /// When it is due.
    pub due: Option<Due>,
    /// To be looked at again this long after it was created.
    pub follow_up: Option<Duration>,
    /// When whoever has it, or may take it, is reminded.
    pub remind: Option<Remind>,
    /// To whom it goes when it is not done in time.
    pub escalate: Option<Escalate>,
}

/// When a user task is due.
#[derive(Debug, Clone)]
pub enum Due {
    /// This long after it was created.
    After(Duration),
    /// At the RFC 3339 instant that this gives; null: never.
    At(Expression),
}

/// When people are reminded of a task.
#[derive(Debug, Clone)]
pub struct Remind {
    /// Once, this long before it is due.
    pub before: Option<Duration>,
    /// This long after it is due, or after it was created where nothing is due.
    pub after: Option<Duration>,
    /// After that again and again, in this distance.
    pub every: Option<Duration>,
    /// How often at most, the first one included.
    pub most: u32,
}

/// To whom a task goes that is not done in time.
#[derive(Debug, Clone)]
pub struct Escalate {
    /// This long after it is due, or after it was created where nothing is due; and this long after each time again.
    pub after: Duration,
    /// To whom.
    pub to: EscalateTo,
}

/// To whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EscalateTo {
    /// The nearest people above that it was not escalated to yet.
    Superior,
    /// Who has this role, once.
    Role(String),
}
