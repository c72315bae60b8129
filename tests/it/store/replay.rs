//! What commands wrote, written again for another instance: the same rows, byte for byte but for the id.

use crate::support::app::{BUSINESS, TestApp};
use crate::support::on_both;
use kamflow::model::ids::{BusinessId, InstanceId};
use kamflow::store::replay::{Rows, changes, renamed, rows, write};
use serde_json::json;

const PACK: (&str, &str) = (
    "workflows/acme/pack.yaml",
    "pack: acme\ntitle: {en: Acme, zh: 示例}\nversion: 1.0.0\nroles:\n  worker: {en: Worker, zh: 办理人}\n",
);

/// Everything that leaves rows: a task, a timer, a subscription, a key, a job, an incident.
const BUSY: (&str, &str) = (
    "workflows/acme/processes/busy.yaml",
    "\
process: busy
title: {en: Busy, zh: 繁忙}
starters: [worker]
input: {type: object, required: [name], properties: {name: {type: string}}}
businessKey: name
uniqueness: active
search: [name]
nodes:
  - {id: split, name: {en: Split, zh: 分支}, type: parallelGateway, flows: [{to: work}, {to: wait}, {to: fail}]}
  - id: work
    name: {en: Work, zh: 办理}
    type: userTask
    candidateGroups: [worker]
    boundary:
      - {id: late, timer: {duration: P1D}, interrupting: false, to: end}
    next: end
  - {id: wait, name: {en: Wait, zh: 等待}, type: receiveTask, message: answer, correlate: name, next: end}
  - {id: fail, name: {en: Fail, zh: 失败}, type: scriptTask, set: {broken: '1 / 0'}, next: end}
",
);

#[test]
fn the_rows_of_commands_are_written_again_for_another_instance() {
    on_both(|database| {
        let app = TestApp::start(database);
        app.deploy(&[PACK, BUSY]);
        app.user("worker", &["worker"]);
        let by = app.by("worker");
        let root = InstanceId::from(by.start("busy", json!({"name": "华新 'one'"})));
        let mut conn = database.connect();
        let started = rows(&mut conn, &BusinessId::from(BUSINESS), &root).unwrap();
        let task = by.get("/api/v1/user-tasks?state=created").ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        by.post(&format!("/api/v1/user-tasks/{task}/claim"), json!({})).ok(200);
        let claimed = rows(&mut conn, &BusinessId::from(BUSINESS), &root).unwrap();
        by.post(&format!("/api/v1/user-tasks/{task}/complete"), json!({})).ok(200);
        let completed = rows(&mut conn, &BusinessId::from(BUSINESS), &root).unwrap();
        assert!(started.len() > 10, "{started:?}");
        assert!(completed.len() != claimed.len(), "a timer went, history came");

        // The key is taken; another instance has another one.
        let other = InstanceId::from(root.as_str().chars().rev().collect::<String>());
        let steps = [changes(&Rows::new(), &started), changes(&started, &claimed), changes(&claimed, &completed)];
        let expected = [&started, &claimed, &completed];
        let alice = app.by("alice");
        alice.post(&format!("/api/v1/process-instances/{root}/cancel"), json!({"reason": "its key"})).ok(200);
        for (step, expected) in steps.iter().zip(expected) {
            write(&mut conn, &renamed(step, &root, &other)).unwrap();
            let mut found: Vec<String> = told_rows(&rows(&mut conn, &BusinessId::from(BUSINESS), &other).unwrap());
            let mut wanted: Vec<String> = told_rows(expected);
            wanted.iter_mut().for_each(|row| *row = row.replace(root.as_str(), other.as_str()));
            found.sort();
            wanted.sort();
            assert_eq!(found, wanted);
        }
        assert!(changes(&completed, &completed).is_empty());
    });
}

fn told_rows(rows: &Rows) -> Vec<String> {
    rows.iter().map(|((table, _), cells)| format!("{table} {}", json!(cells))).collect()
}
