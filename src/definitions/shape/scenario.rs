//! `scenarios/<name>.yaml`.

use crate::model::json::{Json, JsonMap};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Stories that the processes of the pack must tell: given, when, then.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioShape {
    /// The name: the name of the file.
    pub scenario: String,
    /// What is there before.
    #[serde(default)]
    pub given: GivenShape,
    /// The stories, each on an empty store.
    #[schemars(length(min = 1))]
    pub cases: Vec<StoryShape>,
}

/// What is there before the first step.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Given")]
pub struct GivenShape {
    /// What time it is, RFC 3339; the first Monday of 2026, nine o'clock UTC, when not said.
    pub now: Option<String>,
    /// Who is there, by login.
    #[serde(default)]
    pub people: BTreeMap<String, PersonShape>,
    /// Records, made in this order by somebody with every role.
    #[serde(default)]
    pub records: Vec<NewRecordShape>,
}

/// Somebody.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Person")]
pub struct PersonShape {
    /// Roles of the pack.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Who stands above.
    pub manager: Option<String>,
    /// What assignment rules look at.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Json>")]
    pub attributes: JsonMap,
}

/// A record.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "NewRecord")]
pub struct NewRecordShape {
    /// Its type.
    pub record: String,
    /// What it is called further down: `$name` stands for its id.
    #[serde(rename = "as")]
    pub name: Option<String>,
    /// Its fields.
    #[schemars(with = "BTreeMap<String, Json>")]
    pub fields: JsonMap,
}

/// A story.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Story")]
pub struct StoryShape {
    /// What it shows.
    pub name: String,
    /// What happens, in order.
    #[schemars(length(min = 1))]
    pub steps: Vec<StepShape>,
}

/// One thing that happens: exactly one of start, claim, complete, decide, withdraw, addApprover, assign, delegate, resolve, retry, create, update,
/// message, signal, job, trigger, begin, look, person, wait. And what must be true then.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Step")]
pub struct StepShape {
    /// Start this process.
    pub start: Option<String>,
    /// Take the open task of this node.
    pub claim: Option<String>,
    /// Complete the open task of this node; it is taken first when nobody has it.
    pub complete: Option<String>,
    /// Give the open task of this node to somebody, or back to the candidates.
    pub assign: Option<String>,
    /// Let somebody else do the open task of this node.
    pub delegate: Option<String>,
    /// Give the open task of this node back done to who delegated it.
    pub resolve: Option<String>,
    /// Vote at this approval, with the `outcome` approve, reject, return or abstain.
    pub decide: Option<String>,
    /// Take back what this approval asks for.
    pub withdraw: Option<String>,
    /// Have somebody else asked at this approval, too.
    #[serde(rename = "addApprover")]
    pub add_approver: Option<String>,
    /// Try this failed node again.
    pub retry: Option<String>,
    /// Make a record of this type.
    pub create: Option<String>,
    /// Change the record of this name.
    pub update: Option<String>,
    /// Send a message of this name from outside.
    pub message: Option<String>,
    /// Send a signal of this name from outside.
    pub signal: Option<String>,
    /// Take the next job of this type and report on it.
    pub job: Option<String>,
    /// Let this receive task go on, which waits for somebody to say so.
    pub trigger: Option<String>,
    /// Begin this activity of an ad-hoc sub-process.
    pub begin: Option<String>,
    /// Look at the instance of this process that was begun last, whoever began it.
    pub look: Option<String>,
    /// Change something about this person, a login.
    pub person: Option<String>,
    /// Let so much time pass, an ISO 8601 duration; what becomes due fires.
    pub wait: Option<String>,
    /// Who does it, a login; somebody with every role when not said.
    pub by: Option<String>,
    /// What the instance or the record is called further down.
    #[serde(rename = "as")]
    pub name: Option<String>,
    /// Start variables, or what is entered.
    #[schemars(with = "Option<BTreeMap<String, Json>>")]
    pub variables: Option<JsonMap>,
    /// The outcome of the task.
    pub outcome: Option<String>,
    /// To whom the task is given, a login, back to the candidates when not said; who is added to an approval; the node that a vote sends it back to.
    pub to: Option<String>,
    /// Fields of the record.
    #[schemars(with = "Option<BTreeMap<String, Json>>")]
    pub fields: Option<JsonMap>,
    /// Why the record is changed.
    pub reason: Option<String>,
    /// The key of the message.
    pub key: Option<String>,
    /// How long the message is kept when nobody waits for it.
    pub ttl: Option<String>,
    /// What is to become of the message: delivered, started, existing or kept.
    pub answer: Option<String>,
    /// What came of the job; nothing when neither this nor `fails` nor `error` is said.
    #[schemars(with = "Option<BTreeMap<String, Json>>")]
    pub result: Option<JsonMap>,
    /// The job fails, with this sentence.
    pub fails: Option<String>,
    /// The job ends with a BPMN error of this code.
    pub error: Option<String>,
    /// All roles of the person from now on.
    pub roles: Option<Vec<String>>,
    /// Who stands above the person from now on.
    pub manager: Option<String>,
    /// The person is away for so long from now on.
    pub absent: Option<String>,
    /// Whether the person may sign in from now on.
    pub active: Option<bool>,
    /// It must be refused with this code.
    pub refused: Option<String>,
    /// What must be true then.
    #[serde(default)]
    pub then: ThenShape,
}

/// What must be true. What is not said may be anything; incidents that are not said must not be there.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Then")]
pub struct ThenShape {
    /// The instance that is looked at, by its name; the latest one when not said.
    pub of: Option<String>,
    /// Its state: active, completed, ended_with_error or cancelled.
    pub state: Option<String>,
    /// The nodes with open tasks, in the order of their names.
    pub waits: Option<Vec<String>>,
    /// The types of the open jobs, in the order of their names.
    pub jobs: Option<Vec<String>>,
    /// Variables of the process.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Json>")]
    pub variables: JsonMap,
    /// Open tasks by node: state, assignee, owner, delegation, candidateUsers, candidateGroups, escalatedToUsers,
    /// escalatedToGroups, due, followUp, priority, form.
    #[serde(default)]
    pub tasks: BTreeMap<String, Json>,
    /// Records by type, in the order in which they were made: exactly so many, with these fields.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Vec<BTreeMap<String, Json>>>")]
    pub records: BTreeMap<String, Vec<JsonMap>>,
    /// The nodes with incidents, in the order of their names.
    #[serde(default)]
    pub incidents: Vec<String>,
}
