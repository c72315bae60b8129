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

/// One thing that happens: exactly one of start, claim, complete, retry, create, update, wait. And what must be true then.
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
    /// Try this failed node again.
    pub retry: Option<String>,
    /// Make a record of this type.
    pub create: Option<String>,
    /// Change the record of this name.
    pub update: Option<String>,
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
    /// Fields of the record.
    #[schemars(with = "Option<BTreeMap<String, Json>>")]
    pub fields: Option<JsonMap>,
    /// Why the record is changed.
    pub reason: Option<String>,
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
    /// Variables of the process.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Json>")]
    pub variables: JsonMap,
    /// Open tasks by node: state, assignee, candidateUsers, candidateGroups, due, priority, form.
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
