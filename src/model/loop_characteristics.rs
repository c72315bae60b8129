//! How often an activity is done: once for each of a list, or as long as a condition holds (BPMN: multi-instance and
//! standard loop characteristics).

use super::event_definition::Throw;
use super::expression::Expression;
use super::process::Mapping;

/// What repeats an activity.
#[derive(Debug, Clone)]
pub enum LoopCharacteristics {
    /// `forEach`: once for each of a list, or this many times.
    MultiInstance(MultiInstance),
    /// `loop`: again and again.
    Standard(StandardLoop),
}

/// Multi-instance: once for each.
#[derive(Debug, Clone)]
pub struct MultiInstance {
    /// For each of what.
    pub over: Over,
    /// The variable that holds the item, inside each instance.
    pub item: Option<String>,
    /// One after the other; else all at once.
    pub sequential: bool,
    /// Done early when this is true; asked after every instance.
    pub until: Option<Expression>,
    /// Lists that become variables when all is done: their value of each instance, in the order of the items.
    pub collect: Mapping,
    /// What becomes of instances that are still open when `until` is true.
    pub rest: Rest,
    /// Whether more may be added while it is at work.
    pub may_add: bool,
    /// Events that happen after instances.
    pub throws: Vec<AfterInstance>,
}

/// An event that happens after an instance (BPMN: behavior).
#[derive(Debug, Clone)]
pub struct AfterInstance {
    /// After which.
    pub when: When,
    /// What happens.
    pub throws: Vec<Throw>,
}

/// After which instance something happens.
#[derive(Debug, Clone)]
pub enum When {
    /// After each (BPMN: none).
    Each,
    /// After the first (BPMN: one).
    First,
    /// After each for which this is true (BPMN: complex).
    True(Expression),
}

/// What a multi-instance activity is done for.
#[derive(Debug, Clone)]
pub enum Over {
    /// Each of the list that this gives.
    List(Expression),
    /// This many times.
    Count(Expression),
}

/// What becomes of instances that are open when enough are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Rest {
    /// They are cancelled.
    #[default]
    Cancel,
    /// They may still be finished; the process goes on without waiting for them.
    Leave,
}

/// Standard loop: again, as long as a condition holds.
#[derive(Debug, Clone)]
pub struct StandardLoop {
    /// Asked before every round but the first, and before that one too with `test_before`.
    pub condition: Expression,
    /// Whether it may be done not even once.
    pub test_before: bool,
    /// Rounds at most.
    pub most: Option<u32>,
}

/// The variable that counts the rounds of an activity, from 0, inside each.
pub const LOOP_COUNTER: &str = "loopCounter";
/// How many instances there are, in `until`.
pub const INSTANCES: &str = "nrOfInstances";
/// How many of them are open, in `until`.
pub const ACTIVE: &str = "nrOfActiveInstances";
/// How many of them are done, in `until`.
pub const COMPLETED: &str = "nrOfCompletedInstances";

impl LoopCharacteristics {
    /// The variables that it sets when all is done.
    pub fn collected(&self) -> impl Iterator<Item = &String> {
        let collect = match self {
            LoopCharacteristics::MultiInstance(each) => Some(&each.collect),
            LoopCharacteristics::Standard(_) => None,
        };
        collect.into_iter().flat_map(Mapping::keys)
    }

    /// The names that it gives to what is inside it.
    pub fn given(&self) -> impl Iterator<Item = &str> {
        let (item, counters): (_, &[&str]) = match self {
            LoopCharacteristics::MultiInstance(each) => {
                (each.item.as_deref(), &[LOOP_COUNTER, INSTANCES, ACTIVE, COMPLETED])
            }
            LoopCharacteristics::Standard(_) => (None, &[LOOP_COUNTER]),
        };
        item.into_iter().chain(counters.iter().copied())
    }
}
