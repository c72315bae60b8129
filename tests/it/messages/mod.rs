//! Messages and signals between instances, and from outside: who gets them, what they begin, and that it happens once.

mod activities;
mod killed;
mod once;
mod refusals;
mod schedules;
mod sent;
mod signals;

use crate::support::TestDatabase;
use crate::support::app::{Answer, TestApp};
use kamflow::model::json::Json;
use serde_json::json;

const PACK: &str = "\
pack: work
title: {en: Work, zh: 工作}
version: '1.0'
roles:
  clerk: {en: Clerk, zh: 文员}
  integration: {en: Other systems, zh: 外部系统}
";

/// Asks for a payment and waits for it.
const ORDER: &str = "\
process: order
title: {en: Order, zh: 订单}
input: {type: object, required: [number], properties: {number: {type: string}}}
nodes:
  - {id: ask, type: sendTask, message: payment wanted, correlate: number, in: {number: number, amount: '200', note: '\"urgent\"'}}
  - {id: paid, type: receiveTask, message: payment received, correlate: number, out: {amount: result.amount}}
";

/// Begun by a message; answers with another one.
const BANK: &str = "\
process: bank
title: {en: Bank, zh: 银行}
input: {type: object, required: [number], properties: {number: {type: string}}}
starters: [clerk]
businessKey: number
uniqueness: forever
nodes:
  - {id: asked, type: startEvent, message: payment wanted, out: {wanted: result.amount}}
  - {id: answer, type: endEvent, message: payment received, correlate: number, in: {amount: wanted}}
";

/// Waits for a message without a key of its own: one without a key, or with the business key.
const TABLE: &str = "\
process: table
title: {en: Table, zh: 餐桌}
input: {type: object, required: [table], properties: {table: {type: string}}}
businessKey: table
nodes:
  - {id: served, type: intermediateCatchEvent, message: served, out: {dish: result.dish}}
";

/// Sends a message that is kept for an hour.
const KITCHEN: &str = "\
process: kitchen
title: {en: Kitchen, zh: 厨房}
input: {type: object, required: [table], properties: {table: {type: string}}}
nodes:
  - {id: cook, type: sendTask, message: served, correlate: table, in: {dish: '\"soup\"'}, ttl: PT1H}
";

/// Waits for a signal.
const LISTENER: &str = "\
process: listener
title: {en: Listener, zh: 监听}
nodes:
  - {id: wait, type: intermediateCatchEvent, signal: price changed, out: {price: result.price}}
";

/// Begun by that signal.
const ALARM: &str = "\
process: alarm
title: {en: Alarm, zh: 提醒}
nodes:
  - {id: heard, type: startEvent, signal: price changed, out: {price: result.price}}
  - {id: note, type: scriptTask, set: {seen: price}}
";

/// Sends the signal while a branch of its own waits for it.
const CRIER: &str = "\
process: crier
title: {en: Crier, zh: 广播}
nodes:
  - {id: split, type: parallelGateway, next: [own, hold]}
  - {id: own, type: intermediateCatchEvent, signal: price changed, out: {own: result.price}, next: end}
  - {id: hold, type: receiveTask, next: cry}
  - {id: cry, type: intermediateThrowEvent, signal: price changed, in: {price: '7'}}
";

const FILES: [(&str, &str); 7] = [
    ("order", ORDER),
    ("bank", BANK),
    ("table", TABLE),
    ("kitchen", KITCHEN),
    ("listener", LISTENER),
    ("alarm", ALARM),
    ("crier", CRIER),
];

/// A kamflow with these processes, `ann` who works in them, and `gate`, another system.
fn with(database: &TestDatabase, files: &[(&str, &str)]) -> TestApp {
    let app = TestApp::start(database);
    app.user("ann", &["clerk"]);
    app.user("gate", &["integration"]);
    deploy(&app, files);
    app
}

fn deploy(app: &TestApp, files: &[(&str, &str)]) {
    let paths: Vec<String> = files.iter().map(|(key, _)| format!("workflows/work/processes/{key}.yaml")).collect();
    let mut all = vec![("workflows/work/pack.yaml", PACK)];
    all.extend(paths.iter().map(String::as_str).zip(files.iter().map(|(_, text)| *text)));
    app.deploy(&all);
}

fn send(app: &TestApp, body: Json) -> Answer {
    app.by("gate").post("/api/v1/messages", body)
}

/// An instance as `alice` sees it.
fn instance(app: &TestApp, id: &str) -> Json {
    app.by("alice").get(&format!("/api/v1/process-instances/{id}")).ok(200)
}

/// The instances of a process, oldest first.
fn instances(app: &TestApp, process: &str) -> Vec<Json> {
    let path = format!("/api/v1/process-instances?process={process}&limit=500");
    let found = app.by("alice").get(&path).ok(200);
    let mut found: Vec<Json> = found["items"].as_array().unwrap().clone();
    found.sort_by_key(|one| one["id"].as_str().unwrap().to_owned());
    found.iter().map(|one| instance(app, one["id"].as_str().unwrap())).collect()
}

/// How often something of this kind happened in an instance.
fn count(app: &TestApp, id: &str, kind: &str) -> usize {
    let history = app.by("alice").get(&format!("/api/v1/process-instances/{id}/history?limit=1000")).ok(200);
    history["items"].as_array().unwrap().iter().filter(|entry| entry["kind"] == kind).count()
}

/// What is on its way, and who waits.
fn on_the_way(database: &TestDatabase) -> usize {
    use kamflow::model::time::Timestamp;
    kamflow::store::deliveries::due(&mut database.connect(), Timestamp(i64::MAX), None, 1_000).unwrap().len()
}

fn state(app: &TestApp, id: &str) -> Json {
    json!([instance(app, id)["state"], instance(app, id)["variables"]])
}
