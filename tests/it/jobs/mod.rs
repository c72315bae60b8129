//! Jobs of workers outside: taken, reported on, lost, tried again. On both databases, over HTTP.

mod errors;
mod language;
mod leases;
mod polls;
mod refusals;
mod retries;
mod together;
mod workers;

use crate::runtime;
use crate::support::TestDatabase;
use crate::support::app::{Caller, TestApp};
use kamflow::model::json::Json;
use serde_json::json;

/// A mail is sent by a worker; somebody is asked when the address is unknown, or when it takes a day.
const MAIL: &str = "\
process: mail
title: {en: Mail, zh: 邮件}
input: {type: object, properties: {to: {type: string}}}
search: [message]
nodes:
  - id: send
    name: {en: Send it, zh: 发送}
    type: serviceTask
    job: send-mail
    in: {to: to}
    out: {message: result.id}
    retry: {times: 2, every: PT10S, factor: 3, most: PT20S}
    boundary:
      - {id: unknown, error: no-such-address, to: ask}
      - {id: late, timer: {duration: P1D}, to: ask}
    next: end
  - {id: ask, type: userTask, candidateGroups: [clerk]}
";

/// The same type of work, more urgent, and nobody catches an error.
const URGENT: &str = "\
process: urgent
title: {en: Urgent, zh: 紧急}
nodes:
  - {id: send, type: serviceTask, job: send-mail, priority: 90, retry: {times: 0}}
";

/// A kamflow with both processes, the clerks, and a worker `wanda`.
fn with(database: &TestDatabase) -> TestApp {
    let app = runtime::with(database, &[("processes/mail.yaml", MAIL), ("processes/urgent.yaml", URGENT)]);
    app.user("wanda", &["job_worker"]);
    app
}

/// Asks for jobs; what was taken.
fn take(by: &Caller, worker: &str, more: Json) -> Vec<Json> {
    let mut body = json!({"types": ["send-mail"], "worker": worker});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    by.post("/api/v1/jobs/acquire", body).ok(200)["items"].as_array().unwrap().clone()
}

/// The one job that there is to do now, with its lease: path and token.
fn take_one(by: &Caller, worker: &str) -> (String, String) {
    let taken = take(by, worker, json!({}));
    assert_eq!(taken.len(), 1, "{taken:?}");
    (path(&taken[0]), taken[0]["lease"]["token"].as_str().unwrap().to_owned())
}

fn path(job: &Json) -> String {
    format!("/api/v1/jobs/{}", job["id"].as_str().unwrap())
}

fn instance(app: &TestApp, id: &str) -> Json {
    app.by("alice").get(&format!("/api/v1/process-instances/{id}")).ok(200)
}

/// The kinds of the history that are about jobs.
fn story(app: &TestApp, id: &str) -> Vec<String> {
    let history = app.by("alice").get(&format!("/api/v1/process-instances/{id}/history?limit=1000")).ok(200);
    let kinds = history["items"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap().to_owned());
    kinds.filter(|kind| kind.starts_with("job_")).collect()
}
