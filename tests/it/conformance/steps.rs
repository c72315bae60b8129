//! The steps of a run: one verb each, with the keys that the verb may have beside it.

use kamflow::model::json::{Json, JsonMap};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// A step, and how it was written.
#[derive(Debug, Clone)]
pub struct Step {
    pub written: Json,
    pub verb: Verb,
}

type Counts = BTreeMap<String, usize>;

/// What a step does, or looks at.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    Start(Start),
    Complete(Complete),
    CompleteName(Complete),
    CompleteAny(CompleteAny),
    CompleteAnyOrder(CompleteAny),
    Claim(Claim),
    Release(Claim),
    Delegate(Delegate),
    ListTasks(ListTasks),
    Message(Message),
    Signal(String),
    Trigger(String),
    Activate(Activate),
    AddInstance(AddInstance),
    Advance(String),
    Now(String),
    Cancel(Main),
    Suspend(Main),
    Resume(Main),
    RestartEngine(Down),
    Concurrently(Concurrently),
    Deploy(Deploy),
    ExpectOpen(Counts),
    ExpectOpenAll(Counts),
    ExpectOpenWhere(Where),
    ExpectOpenTotal(usize),
    ExpectOpenNames(Counts),
    ExpectInstances(usize),
    ExpectState(ExpectState),
    ExpectMarks(Counts),
    ExpectMarkOrder(Vec<String>),
    ExpectVars(ExpectVars),
    ExpectAssignee(BTreeMap<String, Vec<String>>),
    ExpectWaits(ExpectWaits),
    ExpectAudit(ExpectAudit),
}

macro_rules! keys {
    ($($name:ident { $($(#[$attribute:meta])* $field:ident: $type:ty,)* })*) => {$(
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$attribute])* pub $field: $type,)* }
    )*};
}

keys! {
    Start { process: String, #[serde(default)] vars: JsonMap, now: Option<String>, }
    Complete {
        #[serde(alias = "complete_name")] complete: String,
        times: Option<usize>, by: Option<String>, #[serde(default)] vars: JsonMap, expect: Option<Answer>,
    }
    CompleteAny {
        #[serde(alias = "complete_any_order")] complete_any: Vec<String>,
        by: Option<String>, #[serde(default)] vars: JsonMap, expect: Option<Answer>,
    }
    Claim { #[serde(alias = "release")] claim: String, by: Option<String>, expect: Option<Answer>, }
    Delegate { delegate: String, by: Option<String>, to: String, expect: Option<Answer>, }
    ListTasks { by: Option<String>, expect: Vec<String>, }
    Message { message: String, key: Option<Json>, buffer: Option<String>, accepted: Option<bool>, }
    Activate { activate: String, #[serde(rename = "in")] scope: Option<String>, }
    AddInstance { node: String, #[serde(default)] element: Json, }
    Down { down_for: Option<String>, }
    Concurrently { concurrently: Vec<Step>, expect: Tally, }
    Tally { #[serde(default)] ok: usize, #[serde(default)] conflict: usize, }
    Deploy { #[serde(rename = "deploy")] _all: String, expect: Option<Deployed>, }
    Where { open: BTreeMap<String, usize>, variables: JsonMap, }
    ExpectState { expect_state: State, #[serde(default)] or_incident: bool, }
    ExpectVars { #[serde(default)] expect_vars: JsonMap, #[serde(default)] absent: Vec<String>, }
    ExpectWaits { signal: Option<Vec<String>>, message: Option<Vec<String>>, timers: Option<usize>, }
    ExpectAudit { node: String, actors: Vec<String>, }
}

/// The instance that was started last.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Main {
    Main,
}

/// How a command is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Ok,
    Forbidden,
    Conflict,
    /// In whatever way.
    Refused,
}

/// How a deployment is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deployed {
    Ok,
    Rejected,
}

/// The state of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Active,
    Completed,
    Failed,
    Cancelled,
    EndedWithError,
}

/// Verbs whose keys all stand in the value of the verb.
const INSIDE: [&str; 22] = [
    "start",
    "list_tasks",
    "signal",
    "trigger",
    "add_instance",
    "advance",
    "now",
    "cancel",
    "suspend",
    "resume",
    "restart_engine",
    "expect_open",
    "expect_open_all",
    "expect_open_where",
    "expect_open_total",
    "expect_open_names",
    "expect_instances",
    "expect_marks",
    "expect_mark_order",
    "expect_assignee",
    "expect_waits",
    "expect_audit",
];
/// Verbs that have other keys beside them.
const BESIDE: [&str; 13] = [
    "complete",
    "complete_name",
    "complete_any",
    "complete_any_order",
    "claim",
    "release",
    "delegate",
    "message",
    "activate",
    "concurrently",
    "deploy",
    "expect_state",
    "expect_vars",
];

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Step, D::Error> {
        let written = JsonMap::deserialize(from)?;
        read(&written).map(|verb| Step { verb, written: Json::Object(written) }).map_err(serde::de::Error::custom)
    }
}

fn read(written: &JsonMap) -> Result<Verb, String> {
    let shown = || Json::Object(written.clone()).to_string();
    let known = |name: &&String| INSIDE.contains(&name.as_str()) || BESIDE.contains(&name.as_str());
    let verbs: Vec<&String> = written.keys().filter(known).collect();
    let [verb] = verbs[..] else {
        return Err(format!("a step has one verb that the runner knows; this one has {verbs:?}: {}", shown()));
    };
    let inside = match verb.as_str() {
        verb if BESIDE.contains(&verb) => Json::Object(written.clone()),
        _ if written.len() > 1 => return Err(format!("\"{verb}\" has no other keys beside it: {}", shown())),
        "expect_open_where" => apart(&written[verb])?,
        "restart_engine" if !written[verb].is_object() => Json::Object(JsonMap::new()),
        _ => written[verb].clone(),
    };
    let tagged = Json::Object(JsonMap::from_iter([(verb.clone(), inside)]));
    serde_json::from_value(tagged).map_err(|wrong| format!("{wrong}: {}", shown()))
}

/// `{variable: value, open: {…}}` with the variables apart.
fn apart(written: &Json) -> Result<Json, String> {
    let mut variables = written.as_object().cloned().ok_or("expect_open_where wants a map")?;
    let open = variables.remove("open").ok_or("expect_open_where wants \"open\"")?;
    Ok(serde_json::json!({ "open": open, "variables": variables }))
}

/// Every variable that the steps give a value, with the value.
pub fn variables(run: &[Step]) -> Vec<(&String, &Json)> {
    let mut all = Vec::new();
    for step in run {
        match &step.verb {
            Verb::Start(start) => all.extend(&start.vars),
            Verb::Complete(done) | Verb::CompleteName(done) => all.extend(&done.vars),
            Verb::CompleteAny(done) | Verb::CompleteAnyOrder(done) => all.extend(&done.vars),
            Verb::Concurrently(together) => all.extend(variables(&together.concurrently)),
            _ => {}
        }
    }
    all
}

/// The variables that people enter when they complete tasks.
pub fn entered(run: &[Step]) -> Vec<&String> {
    let others = run.iter().filter(|step| !matches!(step.verb, Verb::Start(_)));
    others.flat_map(|step| variables(std::slice::from_ref(step))).map(|(name, _)| name).collect()
}
