//! The form of a case, `wfcase/1`: every key of FORMAT.md as a type. A key that is not here fails the runner.

use super::loose::{OneOrMany, Text};
use super::steps::Step;
use kamflow::model::json::{Json, JsonMap};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The word by which a file says what it is.
pub const FORMAT: &str = "wfcase/1";

/// A file of cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    #[serde(rename = "format")]
    pub _format: String,
    pub cases: Vec<Case>,
}

/// How much a case matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    Core,
    Extended,
    Exotic,
}

/// One case. What only tells people where it comes from is read and not used.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub id: String,
    #[serde(default, rename = "schema")]
    pub _schema: Json,
    #[serde(default, rename = "source")]
    pub _source: Json,
    #[serde(default, rename = "feature")]
    pub _feature: Json,
    #[serde(default, rename = "pattern")]
    pub _pattern: Json,
    #[serde(default, rename = "pattern_name")]
    pub _pattern_name: Json,
    #[serde(default, rename = "group")]
    pub _group: Json,
    pub tier: Tier,
    #[serde(default, rename = "description")]
    pub _description: Json,
    #[serde(default, rename = "note")]
    pub _note: Json,
    #[serde(default, rename = "patched")]
    pub _patched: Json,
    pub processes: Vec<Process>,
    pub run: Vec<Step>,
    pub expect: Option<Expect>,
}

/// What must be true when the run is idle.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    pub state: Option<EndState>,
    pub marks: Option<BTreeMap<String, usize>>,
    #[serde(default)]
    pub marks_exact: bool,
    #[serde(default)]
    pub ignore_marks: Vec<String>,
    #[serde(default)]
    pub overlap: Vec<(String, String)>,
    #[serde(default)]
    pub or_incident: bool,
}

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndState {
    Completed,
    Stuck,
    Failed,
    EndedWithError,
    RejectedOrFailed,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    pub id: String,
    pub nodes: Vec<Node>,
    #[serde(default)]
    pub flows: Vec<Flow>,
    #[serde(default, rename = "note")]
    pub _note: Json,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    pub from: String,
    pub to: String,
    #[serde(rename = "if")]
    pub condition: Option<Text>,
    #[serde(default)]
    pub default: bool,
}

/// A node of any type. Keys that its type does not have are refused by the language when the node is rendered.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Node {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub name: Option<String>,
    #[serde(rename = "do")]
    pub work: Option<Vec<Work>>,
    pub event: Option<OneOrMany<Event>>,
    #[serde(default)]
    pub parallel_multiple: bool,
    pub attached_to: Option<String>,
    pub interrupting: Option<bool>,
    pub compensation_handler: Option<String>,
    #[serde(default)]
    pub for_compensation: bool,
    #[serde(default)]
    pub triggered_by_event: bool,
    pub ordering: Option<String>,
    pub multi_instance: Option<MultiInstance>,
    #[serde(rename = "loop")]
    pub repeat: Option<Loop>,
    #[serde(rename = "startQuantity")]
    pub start_quantity: Option<i64>,
    #[serde(rename = "completionQuantity")]
    pub completion_quantity: Option<i64>,
    pub activation_condition: Option<Text>,
    pub join: Option<Join>,
    pub called: Option<String>,
    #[serde(rename = "in")]
    pub input: Option<BTreeMap<String, Text>>,
    #[serde(rename = "out")]
    pub output: Option<BTreeMap<String, Text>>,
    pub message: Option<String>,
    #[serde(default)]
    pub instantiate: bool,
    pub assignee: Option<Text>,
    pub candidate_roles: Option<Vec<String>>,
    pub not_same_as: Option<OneOrMany<String>>,
    pub same_as: Option<OneOrMany<String>>,
    pub mutex: Option<String>,
    #[serde(default, rename = "service")]
    pub _service: Json,
    #[serde(default)]
    pub nodes: Vec<Node>,
    #[serde(default)]
    pub flows: Vec<Flow>,
}

/// One thing that a script task does.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    Log(String),
    Inc(String),
    Set(JsonMap),
    SetLocal(JsonMap),
    ThrowError(String),
    LogIf(LogIf),
    LogInterval(String),
    Sleep(String),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogIf {
    pub cond: Text,
    pub mark: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    #[serde(rename = "type")]
    pub kind: String,
    pub duration: Option<String>,
    pub date: Option<String>,
    pub cycle: Option<String>,
    #[serde(rename = "ref")]
    pub name: Option<String>,
    pub correlation: Option<String>,
    pub condition: Option<Text>,
    pub activity: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MultiInstance {
    #[serde(default)]
    pub sequential: bool,
    pub cardinality: Option<Text>,
    /// An expression, or the list itself.
    pub collection: Option<Json>,
    pub element: Option<String>,
    pub completion_condition: Option<Text>,
    pub output_collection: Option<String>,
    pub output_element: Option<Text>,
    pub behavior: Option<String>,
    pub throws: Option<Event>,
    pub complex: Option<OneOrMany<Complex>>,
    pub rest: Option<String>,
    pub may_add: Option<bool>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complex {
    pub condition: Text,
    pub throws: Event,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Loop {
    pub kind: LoopKind,
    pub condition: Option<Text>,
    pub max: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoopKind {
    While,
    DoWhile,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    pub n: Json,
    pub of: Option<usize>,
    pub rest: Option<String>,
}
