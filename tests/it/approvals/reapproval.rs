//! What was approved changes before the process is done with it: it is approved anew, and nothing gets past meanwhile.

use super::records::{incidents, order, patch, said_of, shop_with};
use super::*;
use crate::support::on_both;
use crate::support::threads::each;
use kamflow::api::Limits;

/// The superior approves; a change until it is sent asks anew. The process itself may change it.
const SELL: &str = "\
process: sell
title: {en: Sell, zh: 销售}
subject: order
subjectId: order
input: {type: object, required: [order], properties: {order: {type: string}}}
nodes:
  - id: approve
    type: approval
    of: [subject.amount]
    onChange: reapprove
    until: send
    levels: [{approvers: superior(\"ann\"), mode: any}]
    outcomes: {approved: round, rejected: end}
  - {id: round, type: serviceTask, action: records.update, in: {type: '\"order\"', id: order, fields: '#{note: \"rounded\"}'}}
  - {id: prepare, type: userTask, candidateGroups: [clerk]}
  - {id: send, type: userTask, candidateGroups: [clerk]}
  - {id: ship, type: userTask, candidateGroups: [clerk]}
";

fn sold(app: &TestApp, name: &str) -> (String, String) {
    let order = order(app, name, 500);
    let instance = app.by("ann").start("sell", json!({ "order": order }));
    vote(app, "ben", &instance, "approve").ok(200);
    (order, instance)
}

/// The approvals of an instance in a state.
fn in_state(app: &TestApp, instance: &str, state: &str) -> Vec<Value> {
    let found = app.by("ann").get(&format!("/api/v1/approvals?instance={instance}&state={state}")).ok(200);
    found["items"].as_array().unwrap().clone()
}

/// The nodes with open tasks.
fn waits(app: &TestApp, instance: &str) -> Vec<String> {
    let path = format!("/api/v1/user-tasks?instance={instance}&state=created&state=claimed");
    let found = app.by("alice").get(&path).ok(200)["items"].clone();
    found.as_array().unwrap().iter().map(|task| task["node"].as_str().unwrap().to_owned()).collect()
}

/// Ben agrees to what it is now.
fn agree(app: &TestApp, instance: &str) {
    let open = in_state(app, instance, "open").remove(0);
    let found =
        app.by("ben").get(&format!("/api/v1/user-tasks?instance={instance}&assignee=ben&state=claimed")).ok(200);
    let task = found["items"][0]["id"].as_str().expect("ben is asked").to_owned();
    send(app, "ben", &task, json!({"decision": "approve", "digest": open["digest"]})).ok(200);
}

#[test]
fn a_change_before_it_is_done_has_it_approved_anew() {
    on_both(|database| {
        let app = shop_with(database, &[("workflows/work/processes/sell.yaml", SELL)]);
        let (order, instance) = sold(&app, "lathe");
        assert_eq!(waits(&app, &instance), ["prepare"]);
        let path = format!("/api/v1/user-tasks?instance={instance}&state=created");
        let prepare = app.by("zoe").get(&path).ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        app.by("zoe").post(&format!("/api/v1/user-tasks/{prepare}/claim"), json!({})).ok(200);
        // What is not approved changes nothing.
        patch(&app, &order, json!({"note": "urgent"})).ok(200);
        assert_eq!(waits(&app, &instance), ["prepare"]);
        // What is approved takes back what rests on it, in the same answer.
        patch(&app, &order, json!({"amount": 900})).ok(200);
        assert_eq!(waits(&app, &instance), ["approve"]);
        let done = format!("/api/v1/user-tasks/{prepare}/complete");
        app.by("zoe").post(&done, json!({})).problem(409, "task_not_open");
        let void = in_state(&app, &instance, "void").remove(0);
        assert_eq!((&void["of"][0]["value"], &void["votes"][0]["void"]), (&json!(500), &json!(true)));
        assert!(void["voidedAt"].is_string() && void["endedAt"].is_string(), "{void}");
        let open = in_state(&app, &instance, "open").remove(0);
        assert_eq!((&open["of"][0]["value"], &open["votes"]), (&json!(900), &json!([])));
        assert_ne!(open["id"], void["id"]);
        let history = app.by("alice").get(&format!("/api/v1/process-instances/{instance}/history?limit=500")).ok(200);
        let entries = history["items"].as_array().unwrap();
        let told = entries.iter().find(|entry| entry["kind"] == "approval_voided").expect("it is told");
        assert_eq!((&told["actor"], &told["data"]["approval"]), (&json!("zoe"), &void["id"]));
        // It is watched from then on, also after a restart, whoever changes it.
        agree(&app, &instance);
        drop(app);
        let app = TestApp::open(database, Limits::default());
        app.by("zoe").start("fix", json!({"order": order, "amount": 700}));
        assert_eq!((waits(&app, &instance), in_state(&app, &instance, "void").len()), (vec!["approve".to_owned()], 2));
        agree(&app, &instance);
        for node in ["prepare", "send"] {
            assert_eq!(waits(&app, &instance), [node]);
            runtime::finish(&app.by("zoe"), &instance, json!({})).ok(200);
        }
        // It is done: the order changes as ever, and nobody is asked.
        patch(&app, &order, json!({"amount": 1})).ok(200);
        assert_eq!(waits(&app, &instance), ["ship"]);
        let approved = in_state(&app, &instance, "approved");
        assert_eq!((approved.len(), &approved[0]["of"][0]["value"]), (1, &json!(700)));
    });
}

#[test]
fn it_may_be_rejected_then_and_what_is_gone_is_not_approved() {
    on_both(|database| {
        let app = shop_with(database, &[("workflows/work/processes/sell.yaml", SELL)]);
        let (order, instance) = sold(&app, "lathe");
        patch(&app, &order, json!({"amount": 900})).ok(200);
        let open = in_state(&app, &instance, "open").remove(0);
        let found = app.by("ben").get(&format!("/api/v1/user-tasks?instance={instance}&assignee=ben&state=claimed"));
        let task = found.ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        send(&app, "ben", &task, json!({"decision": "reject", "digest": open["digest"]})).ok(200);
        let ended = app.by("ann").get(&format!("/api/v1/process-instances/{instance}")).ok(200);
        assert_eq!(ended["state"], "completed");
        // What was approved is deleted: there is nothing to approve anew, and nothing goes on.
        let (order, instance) = sold(&app, "drill");
        app.by("ann").send("DELETE", &format!("/api/v1/records/order/{order}"), &[], "").ok(200);
        assert_eq!(incidents(&app, &instance)[0]["code"], "subject");
        assert!(waits(&app, &instance).is_empty());
    });
}

#[test]
fn a_change_and_the_last_step_at_once_are_one_after_the_other() {
    on_both(|database| {
        let app = shop_with(database, &[("workflows/work/processes/sell.yaml", SELL)]);
        for number in 0..12 {
            let (order, instance) = sold(&app, &format!("lathe {number}"));
            runtime::finish(&app.by("zoe"), &instance, json!({})).ok(200);
            let path = format!("/api/v1/user-tasks?instance={instance}&state=created");
            let last = app.by("ann").get(&path).ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
            app.by("ann").post(&format!("/api/v1/user-tasks/{last}/claim"), json!({})).ok(200);
            let answers = each(2, |who| match who {
                0 => app.by("ann").post(&format!("/api/v1/user-tasks/{last}/complete"), json!({})),
                _ => patch(&app, &order, json!({"amount": 600})),
            });
            answers[1].ok(200);
            let (waits, open) = (waits(&app, &instance), in_state(&app, &instance, "open"));
            match answers[0].status {
                // It was done before: what was approved then may change.
                200 => assert_eq!((waits, open.len()), (vec!["ship".to_owned()], 0)),
                // The change was first: it is not sent on the old approval.
                409 => assert_eq!((waits, &open[0]["of"][0]["value"]), (vec!["approve".to_owned()], &json!(600))),
                other => panic!("{other}: {}", answers[0].json()),
            }
        }
    });
}

#[test]
fn what_cannot_be_taken_back_is_said() {
    let database = crate::support::sqlite();
    let app = shop_with(&database, &[("workflows/work/processes/sell.yaml", SELL)]);
    for (from, to, sentence) in [
        ("    until: send\n", "", "say until when"),
        ("until: send", "until: approve", "to which nothing leads"),
        ("rejected: end", "rejected: prepare", "nobody could say what to take back"),
        (
            "{id: prepare, type: userTask, candidateGroups: [clerk]}",
            "{id: prepare, type: userTask, candidateGroups: [clerk], outcomes: {good: send, bad: approve}}",
            "which would be asked twice",
        ),
        (
            "{id: send, type: userTask, candidateGroups: [clerk]}",
            "{id: send, type: userTask, candidateGroups: [clerk], loop: {while: 'false'}}",
            "is done more than once",
        ),
    ] {
        let found = said_of(&app, "sell", SELL, (from, to));
        assert!(found.contains(sentence), "{to}: {found}");
    }
}
