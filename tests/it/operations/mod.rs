//! What a person does with an instance from outside, over HTTP: cancel, suspend, resume, set variables, modify, and
//! incidents that are skipped or tried again with other variables.

mod access;
mod cancel;
mod incidents;
mod modify;
mod retention;
mod suspend;
mod variables;

use crate::runtime::with;
use crate::support::TestDatabase;
use crate::support::app::{Answer, BUSINESS, TestApp};
use kamflow::model::ids::InstanceId;
use kamflow::model::json::Json;
use kamflow::model::time::Timestamp;
use kamflow::store::timers;
use serde_json::json;

/// Calls a child beside a division that fails when `zero` is 0, and a record that is made on the way.
const PARENT: &str = "\
process: parent
title: {en: Parent, zh: 父流程}
input: {type: object, required: [key], properties: {key: {type: string}, zero: {type: integer}}}
businessKey: key
uniqueness: active
search: [key, zero]
nodes:
  - {id: fork, type: parallelGateway, next: [call, divide]}
  - id: call
    type: callActivity
    process: child
    in: {key: key}
    boundary: [{id: late, timer: {duration: P1D}, to: reminded}]
    next: end
  - {id: divide, type: scriptTask, set: {quotient: '10 / zero'}, next: check}
  - {id: check, type: userTask, candidateGroups: [clerk], next: choose}
  - {id: choose, type: exclusiveGateway, flows: [{if: zero == 77, to: create}, {if: zero == 78, to: box}, {to: end}]}
  - {id: reminded, type: userTask, candidateGroups: [clerk], next: end}
  - id: create
    type: serviceTask
    action: records.create
    in: {type: '\"thing\"', fields: '#{name: key}'}
    next: end
  - id: box
    type: subProcess
    boundary: [{id: boxed, timer: {duration: PT1H}, to: reminded}]
    nodes:
      - {id: inside, type: userTask, candidateGroups: [clerk], outcomes: {good: end, bad: end}}
    next: end
";

const CHILD: &str = "\
process: child
title: {en: Child, zh: 子流程}
input: {type: object, properties: {key: {type: string}}}
search: [key]
nodes:
  - {id: work, type: userTask, candidateGroups: [clerk]}
  - {id: rest, type: userTask, candidateGroups: [clerk]}
";

/// Seen by who starts it alone.
const QUIET: &str = "\
process: quiet
title: {en: Quiet, zh: 保密}
access: {read: [starter]}
nodes:
  - {id: do, type: userTask, candidateGroups: [clerk]}
";

const FILES: [(&str, &str); 4] = [
    ("processes/parent.yaml", PARENT),
    ("processes/child.yaml", CHILD),
    ("processes/quiet.yaml", QUIET),
    ("records/thing.yaml", crate::runtime::THING),
];

/// Clerks ann and bob, and alice, who administers processes.
fn house(database: &TestDatabase) -> TestApp {
    with(database, &FILES)
}

/// A parent that waits at `check` and in its child.
fn waiting(app: &TestApp, key: &str) -> String {
    app.by("ann").start("parent", json!({"key": key, "zero": 5}))
}

/// A parent whose division failed.
fn broken(app: &TestApp, key: &str) -> String {
    app.by("ann").start("parent", json!({"key": key, "zero": 0}))
}

/// Does something with an instance as alice.
fn act(app: &TestApp, instance: &str, verb: &str, body: Json) -> Answer {
    app.by("alice").post(&format!("/api/v1/process-instances/{instance}/{verb}"), body)
}

/// Nodes of the open tasks of a root and what it called, sorted.
fn open(app: &TestApp, root: &str) -> Vec<String> {
    let found = app.by("alice").get("/api/v1/user-tasks?state=created&state=claimed&limit=500").ok(200);
    let mine =
        found["items"].as_array().unwrap().iter().filter(|task| task["instance"].as_str().unwrap().starts_with(root));
    let mut nodes: Vec<String> = mine.map(|task| task["node"].as_str().unwrap().to_owned()).collect();
    nodes.sort();
    nodes
}

/// The id of the open task at a node of a root or what it called.
fn task_at(app: &TestApp, root: &str, node: &str) -> String {
    let found = app.by("alice").get("/api/v1/user-tasks?state=created&state=claimed&limit=500").ok(200);
    let mut mine =
        found["items"].as_array().unwrap().iter().filter(|task| task["instance"].as_str().unwrap().starts_with(root));
    mine.find(|task| task["node"] == node).unwrap()["id"].as_str().unwrap().to_owned()
}

/// The only instance that a root called.
fn called(app: &TestApp, root: &str) -> Json {
    let found = app.by("alice").get(&format!("/api/v1/process-instances?parent={root}")).ok(200);
    assert_eq!(found["total"], 1, "{found}");
    found["items"][0].clone()
}

/// The token at a node.
fn token(app: &TestApp, instance: &str, node: &str) -> Json {
    let found = app.by("alice").get(&format!("/api/v1/process-instances/{instance}/tokens")).ok(200);
    let items = found["items"].as_array().unwrap();
    items.iter().find(|token| token["node"] == node).unwrap_or_else(|| panic!("no token at {node}: {found}")).clone()
}

/// The last entry of this kind in the history, with who made it.
fn entry(app: &TestApp, instance: &str, kind: &str) -> Json {
    let found = app.by("alice").get(&format!("/api/v1/process-instances/{instance}/history?limit=1000")).ok(200);
    let items = found["items"].as_array().unwrap();
    items.iter().rfind(|entry| entry["kind"] == kind).unwrap_or_else(|| panic!("no {kind}: {found}")).clone()
}

/// Timers of a root that the worker would find, whenever they are due.
fn timers_of(database: &TestDatabase, root: &str) -> usize {
    let due = timers::due(&mut database.connect(), Timestamp(i64::MAX), None, 1_000).unwrap();
    due.iter().filter(|due| due.root == InstanceId::from(root)).count()
}
