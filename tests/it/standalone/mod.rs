//! Tasks that people make by themselves: with nothing deployed and with everything, and nobody's process stands in between.

mod bare;
mod life;
mod refusals;

use crate::support::TestDatabase;
use crate::support::app::{Caller, TestApp};
use serde_json::{Value, json};

const TASKS: &str = "/api/v1/user-tasks";

const PACK: &str = "\
pack: work
title: {en: Work, zh: 工作}
version: '1.0'
roles:
  clerk: {en: Clerk, zh: 文员}
";

const THING: &str = "\
record: thing
title: {en: Thing, zh: 物品}
fields:
  name: {type: string, required: true, max: 100}
access:
  read: ['role:clerk']
  create: ['role:clerk']
  update: ['role:clerk']
";

/// Ann and bob are clerks, dan has no role; nothing is deployed.
fn bare(database: &TestDatabase) -> TestApp {
    let app = TestApp::start(database);
    app.user("ann", &["clerk"]);
    app.user("bob", &["clerk"]);
    app.user("dan", &[]);
    app
}

/// The same with a pack that knows the role, and a record type.
fn deployed(database: &TestDatabase) -> TestApp {
    let app = bare(database);
    app.deploy(&[("workflows/work/pack.yaml", PACK), ("workflows/work/records/thing.yaml", THING)]);
    app
}

/// A new task.
fn make(by: &Caller, task: Value) -> Value {
    by.post(TASKS, task).ok(201)
}

/// What somebody does with it.
fn act(by: &Caller, task: &Value, verb: &str, body: Value) -> crate::support::app::Answer {
    by.post(&format!("{TASKS}/{}/{verb}", task["id"].as_str().unwrap()), body)
}

/// The task as somebody sees it now.
fn seen(by: &Caller, task: &Value) -> crate::support::app::Answer {
    by.get(&format!("{TASKS}/{}", task["id"].as_str().unwrap()))
}

/// For somebody.
fn for_one(name: &str, login: &str) -> Value {
    json!({"name": name, "assignee": login})
}
