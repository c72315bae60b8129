//! The runtime on a real store: the batch writer, races, actions, idempotency, restarts, deployments, access.

mod actions;
mod atomic;
mod break_glass;
mod decisions;
mod deployment;
mod durable;
mod idempotency;
pub mod isolation;
mod races;
mod records;
mod restart;
mod sight;
mod starts;
mod writer;

use crate::support::TestDatabase;
use crate::support::app::{Answer, BUSINESS, Caller, MONDAY, TestApp};
use kamflow::model::actor::Actor;
use kamflow::model::ids::{BusinessId, InstanceId};
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::refusal::Refusal;
use kamflow::model::time::Timestamp;
use kamflow::runtime::clock::ManualClock;
use kamflow::runtime::request::{Answer as Done, Change, IdempotencyKey, Outcome, Request};
use kamflow::runtime::{Options, Runtime};
use std::sync::Arc;

/// A pack with two roles.
pub const PACK: &str = "\
pack: work
title: {en: Work, zh: 工作}
version: '1.0'
roles:
  clerk: {en: Clerk, zh: 文员}
  boss: {en: Boss, zh: 主管}
";

/// Started once for each event.
pub const DELIVERY: &str = "\
process: delivery
title: {en: Delivery, zh: 交付}
input: {type: object, properties: {event: {type: string}}}
businessKey: event
uniqueness: forever
nodes:
  - {id: do, type: userTask, candidateGroups: [clerk]}
";

/// One task for every clerk, then a variable.
pub const ERRAND: &str = "\
process: errand
title: {en: Errand, zh: 差事}
input: {type: object, properties: {what: {type: string}}}
search: [what, done]
nodes:
  - {id: do, type: userTask, candidateGroups: [clerk]}
  - {id: note, type: scriptTask, set: {done: 'true'}}
";

/// Things with a name that no two of them share.
pub const THING: &str = "\
record: thing
title: {en: Thing, zh: 物品}
fields:
  name: {type: string, required: true, max: 100}
  owner: {type: user}
  colour: {type: enum, values: [red, green]}
  size: {type: int}
  note: {type: json}
keys: [colour]
unique: [{fields: [name]}]
indexes: [[size], [owner]]
columns: {name: name, owner: owner, status: colour}
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk]}
";

/// A kamflow with these files beside the pack, and clerks ann and bob.
pub fn with(database: &TestDatabase, files: &[(&str, &str)]) -> TestApp {
    let app = TestApp::start(database);
    for clerk in ["ann", "bob"] {
        app.user(clerk, &["clerk"]);
    }
    deploy(&app, files);
    app
}

/// Deploys these files beside the pack: paths are those inside the pack, or of a plugin.
pub fn deploy(app: &TestApp, files: &[(&str, &str)]) {
    let files = project(files);
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    app.deploy(&files);
}

/// The project that [`deploy`] deploys.
pub fn project(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut all = vec![("workflows/work/pack.yaml".to_owned(), PACK.to_owned())];
    all.extend(files.iter().map(|(path, text)| {
        let inside = path.starts_with("plugins/") || path.starts_with("workflows/");
        let path = if inside { (*path).to_owned() } else { format!("workflows/work/{path}") };
        (path, (*text).to_owned())
    }));
    all
}

/// The same project as the body of a deployment.
pub fn deployment(files: &[(&str, &str)]) -> Json {
    let files = project(files).into_iter().map(|(path, content)| serde_json::json!({"path": path, "content": content}));
    serde_json::json!({"files": files.collect::<Vec<_>>(), "note": "test"})
}

/// A user with these roles, as the runtime sees a caller.
pub fn actor(user: &str, roles: &[&str]) -> Actor {
    let roles = roles.iter().map(|role| (*role).to_owned()).collect();
    Actor { roles, ..Actor::of(BusinessId::from(BUSINESS), user.into()) }
}

/// The clerk ann.
pub fn ann() -> Actor {
    actor("ann", &["clerk"])
}

/// A request on no terms.
pub fn request(actor: Actor, change: Change) -> Request {
    Request { actor, change, idempotency: None, if_match: None }
}

/// The same under an idempotency key.
pub fn keyed(actor: Actor, change: Change, key: &str, body: &str) -> Request {
    let idempotency = IdempotencyKey { route: "POST /test".into(), key: key.into(), body_hash: body.into() };
    Request { actor, change, idempotency: Some(idempotency), if_match: None }
}

/// Sends all of them at once and waits for all answers, in the order of the requests.
pub fn at_once(runtime: &Runtime, requests: Vec<Request>) -> Vec<Result<Done, Refusal>> {
    let threads = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    threads.block_on(async {
        let sent: Vec<_> = requests
            .into_iter()
            .map(|request| {
                let runtime = runtime.clone();
                tokio::spawn(async move { runtime.execute(request).await })
            })
            .collect();
        let mut answers = Vec::new();
        for one in sent {
            answers.push(one.await.unwrap());
        }
        answers
    })
}

/// Another node on the same database, or the same one after a restart, without HTTP.
pub fn node(database: &TestDatabase, writers: usize, queue: usize) -> Runtime {
    let clock = Arc::new(ManualClock::at(Timestamp::parse(MONDAY).unwrap()));
    let database = database.parsed_url();
    let (issuers, group_roles, key_encryption) = (Vec::new(), Default::default(), None);
    let options = Options {
        database,
        clock,
        readers: 1,
        writers,
        queue,
        token_seconds: 3_600,
        issuers,
        group_roles,
        key_encryption,
    };
    Runtime::open(options).unwrap()
}

/// Starts a process.
pub fn start(process: &str, variables: Json) -> Change {
    Change::Start { process: process.into(), variables: map(variables) }
}

/// Creates a thing.
pub fn thing(fields: Json) -> Change {
    Change::CreateRecord { record_type: "thing".into(), fields: map(fields) }
}

/// An object.
pub fn map(value: Json) -> JsonMap {
    serde_json::from_value(value).unwrap()
}

/// The code of a refusal.
pub fn code(answer: &Result<Done, Refusal>) -> &str {
    answer.as_ref().map_or_else(|refusal| refusal.code.as_str(), |_| "")
}

/// The only open task of an instance, as somebody sees it.
pub fn task(by: &Caller, instance: &str) -> String {
    let found = by.get(&format!("/api/v1/user-tasks?instance={instance}&state=created&state=claimed")).ok(200);
    match found["items"].as_array() {
        Some(items) if items.len() == 1 => items[0]["id"].as_str().unwrap().to_owned(),
        _ => panic!("not one open task: {found}"),
    }
}

/// Claims and completes the only open task of an instance.
pub fn finish(by: &Caller, instance: &str, body: Json) -> Answer {
    let task = task(by, instance);
    by.post(&format!("/api/v1/user-tasks/{task}/claim"), serde_json::json!({})).ok(200);
    by.post(&format!("/api/v1/user-tasks/{task}/complete"), body)
}

/// The open incidents of an instance, as alice sees them.
pub fn incidents(app: &TestApp, instance: &str) -> Vec<Json> {
    let found = app.by("alice").get(&format!("/api/v1/incidents?state=open&instance={instance}")).ok(200);
    found["items"].as_array().unwrap().clone()
}

/// An instance with its variables, as alice sees it.
pub fn instance(app: &TestApp, id: &str) -> Json {
    app.by("alice").get(&format!("/api/v1/process-instances/{id}")).ok(200)
}

/// The kinds of a history, each with its node.
pub fn story(app: &TestApp, id: &str) -> Vec<String> {
    let found = app.wait(app.runtime.history(&actor("alice", &["process_admin"]), &InstanceId::from(id), 0, 1_000));
    let told = found.unwrap().into_iter().map(|entry| match entry.node {
        Some(node) => format!("{} {node}", entry.kind),
        None => entry.kind,
    });
    told.collect()
}

/// How many rows a table has.
pub fn rows(database: &TestDatabase, table: &str) -> i64 {
    use diesel::prelude::*;
    #[derive(QueryableByName)]
    struct Number {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        number: i64,
    }
    let query = diesel::sql_query(format!("SELECT COUNT(*) AS number FROM {table}"));
    query.get_result::<Number>(&mut database.connect()).unwrap().number
}
