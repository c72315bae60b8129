//! What somebody may not do because of what was done before is not among what may be done, wherever a task is shown.

use crate::runtime::{deploy, finish, with};
use crate::support::on_both;
use serde_json::{Value, json};

const PROCESS: &str = "\
process: spend
title: {en: Spend, zh: 支出}
nodes:
  - {id: ask, type: userTask, candidateGroups: [clerk]}
  - {id: both, type: parallelGateway, next: [approve, book]}
  - {id: approve, type: userTask, candidateGroups: [clerk], notSameAs: [ask], next: end}
  - {id: book, type: userTask, candidateGroups: [clerk], sameAs: [ask], next: end}
";

/// Calls the process as it is then.
const YEARLY: &str = "\
process: yearly
title: {en: Yearly, zh: 年度}
nodes:
  - {id: wait, type: userTask, candidateGroups: [clerk]}
  - {id: call, type: callActivity, process: spend, binding: latest}
";

#[test]
fn a_called_process_goes_by_the_duties_of_its_own_revision() {
    on_both(|database| {
        let before = PROCESS.replace(", notSameAs: [ask]", "").replace(", sameAs: [ask]", "");
        let app = with(database, &[("processes/spend.yaml", &before), ("processes/yearly.yaml", YEARLY)]);
        let ann = app.by("ann");
        let yearly = ann.start("yearly", json!({}));
        deploy(&app, &[("processes/spend.yaml", PROCESS), ("processes/yearly.yaml", YEARLY)]);
        finish(&ann, &yearly, json!({})).ok(200);
        let tasks = || ann.get("/api/v1/user-tasks?process=spend&state=created").ok(200)["items"].clone();
        let verb = |task: &Value, verb: &str| {
            let path = format!("/api/v1/user-tasks/{}/{verb}", task["id"].as_str().unwrap());
            ann.post(&path, json!({}))
        };
        let ask = tasks()[0].clone();
        verb(&ask, "claim").ok(200);
        verb(&ask, "complete").ok(200);
        let tasks = tasks();
        let approve = tasks.as_array().unwrap().iter().find(|task| task["node"] == "approve").unwrap();
        assert_eq!(approve["allowedActions"], json!([]));
        verb(approve, "claim").problem(403, "separation_of_duties");
    });
}

#[test]
fn allowed_actions_know_who_did_what_before() {
    on_both(|database| {
        let app = with(database, &[("processes/spend.yaml", PROCESS)]);
        let started = app.by("ann").post("/api/v1/process-instances", json!({"process": "spend"})).ok(201);
        let instance = started["id"].as_str().unwrap().to_owned();
        let tasks = |login: &str, node: &str| -> Value {
            let found = app.by(login).get(&format!("/api/v1/user-tasks?instance={instance}&state=created")).ok(200);
            found["items"].as_array().unwrap().iter().find(|task| task["node"] == node).cloned().unwrap()
        };
        let act = |login: &str, node: &str, verb: &str| {
            let id = tasks(login, node)["id"].as_str().unwrap().to_owned();
            app.by(login).post(&format!("/api/v1/user-tasks/{id}/{verb}"), json!({}))
        };
        // nobody has done anything yet
        assert_eq!(tasks("ann", "ask")["allowedActions"], json!(["claim"]));
        let id = tasks("ann", "ask")["id"].as_str().unwrap().to_owned();
        act("ann", "ask", "claim").ok(200);
        app.by("ann").post(&format!("/api/v1/user-tasks/{id}/complete"), json!({})).ok(200);

        for (login, node, allowed) in [
            ("ann", "approve", json!([])),
            ("bob", "approve", json!(["claim"])),
            ("ann", "book", json!(["claim"])),
            ("bob", "book", json!([])),
        ] {
            let listed = tasks(login, node);
            assert_eq!(listed["allowedActions"], allowed, "{login} {node}");
            let path = format!("/api/v1/user-tasks/{}", listed["id"].as_str().unwrap());
            assert_eq!(app.by(login).get(&path).ok(200)["allowedActions"], allowed, "{login} {node}");
            if allowed == json!([]) {
                act(login, node, "claim").problem(403, "separation_of_duties");
            }
        }
        let approve = tasks("bob", "approve")["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/user-tasks/{approve}");
        assert_eq!(
            app.by("bob").post(&format!("{path}/claim"), json!({})).ok(200)["allowedActions"],
            json!(["unclaim", "complete", "delegate", "createSubTask", "update"])
        );
        assert_eq!(
            app.by("bob").post(&format!("{path}/unclaim"), json!({})).ok(200)["allowedActions"],
            json!(["claim"])
        );
        assert_eq!(app.by("ann").get(&path).ok(200)["allowedActions"], json!([]));
    });
}
