//! Why somebody may do a task, or may not: rule by rule.

use super::ids::{NodeId, TaskId, UserId};
use super::task::TaskVerb;
use super::text::Text;
use serde::{Deserialize, Serialize};

/// What a person may do with a task now, and which rules say so.
#[derive(Debug, Clone, PartialEq)]
pub struct Eligibility {
    /// The task.
    pub task: TaskId,
    /// The person.
    pub user: UserId,
    /// What the person may do now: what the verbs themselves would answer.
    pub verbs: Vec<TaskVerb>,
    /// The rules, in the order in which they are asked.
    pub rules: Vec<EligibilityRule>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq)]
pub struct EligibilityRule {
    /// Its name, a stable word.
    pub rule: &'static str,
    /// Whether it lets the person.
    pub passes: bool,
    /// Why.
    pub detail: Text,
}

/// What was found of another task when one was done that must, or must not, share its person with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proven {
    /// The node of the other task.
    pub other: NodeId,
    /// Whether it had to be the same person; else another one.
    pub same: bool,
    /// Who had done it so far.
    pub done_by: Vec<UserId>,
    /// Everybody who had a hand in this one.
    pub hands: Vec<UserId>,
}

/// What was done of another task that this one must, or must not, share its person with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The node of the other task.
    pub other: NodeId,
    /// Whether it must be the same person; else another one.
    pub same: bool,
    /// Who did it so far.
    pub done_by: Vec<UserId>,
    /// Whether it lets the person.
    pub passes: bool,
}
