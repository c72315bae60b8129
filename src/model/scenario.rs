//! A scenario: who and what is there, what people do, and what must come of it. Played by `kamflow test` and before every
//! deployment, on the real engine with an empty store and a clock of its own.

use super::delivery::{NewMessage, NewSignal};
use super::expression::Place;
use super::ids::UserId;
use super::json::{Json, JsonMap};
use super::time::{Duration, Timestamp};
use super::voting::Choice;
use std::collections::BTreeMap;

/// A file of scenarios.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its name, the name of its file.
    pub name: String,
    /// What is there before.
    pub given: Given,
    /// The stories, each on an empty store.
    pub cases: Vec<Case>,
}

/// What is there before the first step.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// What time it is.
    pub now: Timestamp,
    /// Who is there, by login.
    pub people: BTreeMap<UserId, Person>,
    /// Records, in the order in which they are made.
    pub records: Vec<NewRecord>,
}

/// Somebody.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// The roles.
    pub roles: Vec<String>,
    /// Who stands above.
    pub manager: Option<UserId>,
    /// What assignment rules look at.
    pub attributes: JsonMap,
}

/// A record that is made.
#[derive(Debug, Clone)]
pub struct NewRecord {
    /// Its type.
    pub record_type: String,
    /// Its fields.
    pub fields: JsonMap,
    /// What it is called further down: `$name` stands for its id.
    pub name: Option<String>,
    /// Where it stands.
    pub at: Place,
}

/// A story.
#[derive(Debug, Clone)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// What happens, in order.
    pub steps: Vec<Step>,
    /// Where it stands.
    pub at: Place,
}

/// Something that happens, and what must be true afterwards.
#[derive(Debug, Clone)]
pub struct Step {
    /// What.
    pub act: Act,
    /// Who does it; without: somebody with every role.
    pub by: Option<UserId>,
    /// The code of the refusal that it must meet; none: it must succeed.
    pub refused: Option<String>,
    /// What must be true then.
    pub then: Then,
    /// Where it stands.
    pub at: Place,
}

/// What somebody does.
#[derive(Debug, Clone)]
pub enum Act {
    /// Starts a process; the instance has this name further down.
    Start {
        /// The process.
        process: String,
        /// Its start variables.
        variables: JsonMap,
        /// The name; without one it is just the latest instance.
        name: Option<String>,
    },
    /// Takes the open task of a node.
    Claim {
        /// The node.
        node: String,
    },
    /// Completes the open task of a node; takes it first when nobody has it.
    Complete {
        /// The node.
        node: String,
        /// How.
        outcome: Option<String>,
        /// What is entered.
        variables: JsonMap,
    },
    /// Gives the open task of a node to somebody; none: back to the candidates.
    Assign {
        /// The node.
        node: String,
        /// To whom.
        to: Option<UserId>,
    },
    /// Lets somebody else do the open task of a node.
    Delegate {
        /// The node.
        node: String,
        /// Who is to do it.
        to: UserId,
    },
    /// Gives the open task of a node back done to who delegated it.
    Resolve {
        /// The node.
        node: String,
        /// What is entered.
        variables: JsonMap,
    },
    /// Votes at an approval.
    Decide {
        /// The node.
        node: String,
        /// The vote.
        choice: Choice,
        /// Where it goes back to.
        to: Option<String>,
        /// Why.
        reason: Option<String>,
    },
    /// Takes back what an approval asks for.
    Withdraw {
        /// The node.
        node: String,
        /// Why.
        reason: Option<String>,
    },
    /// Has somebody else asked at an approval, too.
    AddApprover {
        /// The node.
        node: String,
        /// Whom.
        user: UserId,
        /// Why.
        reason: String,
    },
    /// Tries the failed node again.
    Retry {
        /// The node.
        node: String,
    },
    /// Makes a record.
    Create(NewRecord),
    /// Changes a record.
    Update {
        /// Its name in this file, `$name`.
        record: String,
        /// The changed fields.
        fields: JsonMap,
        /// Why.
        reason: Option<String>,
    },
    /// Sends a message from outside; the instance that has it may get a name.
    Message {
        /// What.
        message: NewMessage,
        /// What is to become of it: `delivered`, `started`, `existing` or `kept`.
        answer: Option<String>,
        /// The name.
        name: Option<String>,
    },
    /// Sends a signal from outside.
    Signal(NewSignal),
    /// Takes the next job of a type, and reports on it.
    Job {
        /// The type.
        job_type: String,
        /// What is reported.
        report: Reported,
    },
    /// Lets a receive task go on that waits for somebody to say so.
    Trigger {
        /// The node.
        node: String,
    },
    /// Begins an activity of an ad-hoc sub-process.
    Begin {
        /// The node.
        node: String,
    },
    /// Looks at the instance of a process that was begun last, whoever began it.
    Look {
        /// The process.
        process: String,
        /// The name that it has further down.
        name: Option<String>,
    },
    /// Something changes about somebody.
    Person {
        /// Who.
        login: UserId,
        /// What.
        change: PersonChange,
    },
    /// Lets time pass and fires what becomes due, in order.
    Wait(Duration),
}

/// What a worker reports of a job.
#[derive(Debug, Clone)]
pub enum Reported {
    /// It is done, and this came of it.
    Done(JsonMap),
    /// It failed, with this sentence.
    Failed(String),
    /// It ends with a BPMN error.
    Error {
        /// The code.
        code: String,
        /// Variables that are set first.
        variables: JsonMap,
    },
}

/// What changes about somebody from now on; what is not said stays.
#[derive(Debug, Clone, Default)]
pub struct PersonChange {
    /// The roles, all of them.
    pub roles: Option<Vec<String>>,
    /// Who stands above.
    pub manager: Option<UserId>,
    /// Away for so long.
    pub absent: Option<Duration>,
    /// Whether the person may sign in.
    pub active: Option<bool>,
}

/// What must be true. What is not said may be anything, but for incidents: those that are not said must not be there.
#[derive(Debug, Clone, Default)]
pub struct Then {
    /// The instance that is looked at, by name; the latest one when not said.
    pub of: Option<String>,
    /// Its state.
    pub state: Option<String>,
    /// The nodes with open tasks, in order.
    pub waits: Option<Vec<String>>,
    /// The types of the open jobs, in order.
    pub jobs: Option<Vec<String>>,
    /// Variables of the process, each of these.
    pub variables: JsonMap,
    /// Open tasks by node: what they must have.
    pub tasks: BTreeMap<String, Json>,
    /// Records by type, in the order in which they were made: so many, with these fields.
    pub records: BTreeMap<String, Vec<JsonMap>>,
    /// The nodes with incidents, in order.
    pub incidents: Vec<String>,
}

/// What came of playing a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Played {
    /// The file.
    pub scenario: String,
    /// What the case shows.
    pub name: String,
    /// Where it stands; where it failed, the step.
    pub at: Place,
    /// Why it failed; none when it passed.
    pub failure: Option<String>,
}
