//! Who has a task and when: given to others, delegated, done for somebody, reminded and escalated.

mod around;
mod assign;
mod delegate;
mod duties;
mod escalation;
mod groups;
mod reserved;
mod sub_tasks;
mod substitution;
mod update;

use crate::runtime::with;
use crate::support::TestDatabase;
use crate::support::app::{Answer, TestApp};
use serde_json::{Value, json};

/// Spends money: who asks does not approve, who books is who asked.
pub const SPEND: &str = "\
process: spend
title: {en: Spend, zh: 支出}
nodes:
  - {id: ask, type: userTask, candidateGroups: [clerk], form: note}
  - {id: approve, type: userTask, candidateGroups: [clerk], candidateUsers: '[\"guest\"]', notSameAs: [ask], form: note, outcomes: {yes: book, no: end}}
  - {id: book, type: userTask, candidateGroups: [clerk], sameAs: [ask]}
";

/// What a person enters.
pub const NOTE: &str = "\
form: note
title: {en: Note, zh: 备注}
schema: {type: object, properties: {note: {type: string, maxLength: 20}}, additionalProperties: false}
labels: {note: {en: Note, zh: 备注}}
";

/// One person alone.
pub const ALONE: &str = "\
process: alone
title: {en: Alone, zh: 独自}
nodes:
  - {id: think, type: userTask, assignee: '\"ann\"'}
";

/// Clerks ann, bob and cleo below boss, who is below chief; guest has no role and stands nowhere; gone is not active.
pub fn house(database: &TestDatabase) -> TestApp {
    let files = [("processes/spend.yaml", SPEND), ("processes/alone.yaml", ALONE), ("forms/note.yaml", NOTE)];
    let app = with(database, &files);
    app.user("cleo", &["clerk"]);
    app.user("boss", &["boss"]);
    app.user("chief", &["boss"]);
    app.user("guest", &[]);
    app.user("gone", &["clerk"]);
    app.user("admin", &["process_admin"]);
    let people = [("chief", None), ("boss", Some("chief")), ("ann", Some("boss")), ("bob", Some("boss"))];
    app.hierarchy(&people);
    app.by("alice").put("/api/v1/users/gone", json!({"name": "gone", "roles": ["clerk"], "active": false})).ok(200);
    app
}

/// The open task of a node, as alice sees it.
pub fn open(app: &TestApp, node: &str) -> Value {
    let found = app.by("alice").get("/api/v1/user-tasks?state=created&state=claimed").ok(200);
    let found = found["items"].as_array().unwrap().iter().find(|task| task["node"] == node).cloned();
    found.unwrap_or_else(|| panic!("no task is open at {node}"))
}

/// Somebody does something with a task.
pub fn act(app: &TestApp, login: &str, task: &Value, verb: &str, body: Value) -> Answer {
    app.by(login).post(&format!("/api/v1/user-tasks/{}/{verb}", task["id"].as_str().unwrap()), body)
}

/// A task as somebody sees it.
pub fn seen(app: &TestApp, login: &str, task: &Value) -> Value {
    app.by(login).get(&format!("/api/v1/user-tasks/{}", task["id"].as_str().unwrap())).ok(200)
}

/// Somebody claims and completes the open task of a node.
pub fn perform(app: &TestApp, login: &str, node: &str, body: Value) -> Value {
    let task = open(app, node);
    act(app, login, &task, "claim", json!({})).ok(200);
    act(app, login, &task, "complete", body).ok(200)
}

/// The last entry of a kind in the history of the instance of a task.
pub fn told(app: &TestApp, task: &Value, kind: &str) -> Value {
    let path = format!("/api/v1/process-instances/{}/history?limit=500", task["instance"].as_str().unwrap());
    let found = app.by("alice").get(&path).ok(200);
    let found = found["items"].as_array().unwrap().iter().rfind(|entry| entry["kind"] == kind).cloned();
    found.unwrap_or_else(|| panic!("nothing tells of {kind}"))
}
