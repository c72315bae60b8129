//! What is approved is a record: whoever changes it, by whatever way, changes what is approved.

use super::*;
use crate::support::app::JSON;
use crate::support::on_both;
use crate::support::threads::each;

const ORDER: &str = "\
record: order
title: {en: Order, zh: 订单}
fields:
  name: {type: string, required: true, max: 100}
  amount: {type: int}
  note: {type: text}
  parent: {type: ref, record: order}
keys: [name]
columns: {name: name, parent: parent}
access: {read: [role:clerk, role:boss], create: [role:clerk], update: [role:clerk], delete: [role:clerk], merge: [role:clerk]}
";

/// The superior approves; much more needs a boss, too. It holds until it is paid.
const BUY: &str = "\
process: buy
title: {en: Buy, zh: 采购}
subject: order
subjectId: order
input: {type: object, required: [order], properties: {order: {type: string}}}
nodes:
  - id: approve
    type: approval
    of: [subject.amount]
    until: pay
    levels:
      - {approvers: superior(\"ann\"), mode: any}
      - {if: subject.amount > 1000, approvers: '\"gus\"', mode: all}
    outcomes: {approved: book, rejected: end}
  - {id: book, type: serviceTask, action: records.update, in: {type: '\"order\"', id: order, fields: '#{amount: 7}'}}
  - {id: pay, type: userTask, candidateGroups: [clerk]}
  - {id: ship, type: userTask, candidateGroups: [clerk]}
";

/// Somebody else's process writes an order.
const FIX: &str = "\
process: fix
title: {en: Fix, zh: 更正}
input: {type: object, required: [order], properties: {order: {type: string}, amount: {type: integer}}}
nodes:
  - {id: write, type: serviceTask, action: records.update, in: {type: '\"order\"', id: order, fields: '#{amount: amount}'}}
";

fn shop(database: &TestDatabase) -> TestApp {
    shop_with(database, &[("workflows/work/processes/buy.yaml", BUY)])
}

/// Orders, with these processes beside the one that writes them.
pub fn shop_with(database: &TestDatabase, processes: &[(&str, &str)]) -> TestApp {
    let app = company(database);
    let mut files = vec![
        ("workflows/work/pack.yaml", PACK),
        ("workflows/work/records/order.yaml", ORDER),
        ("workflows/work/processes/fix.yaml", FIX),
    ];
    files.extend(processes);
    app.deploy(&files);
    app
}

pub fn order(app: &TestApp, name: &str, amount: i64) -> String {
    let fields = json!({"name": name, "amount": amount});
    let made = app.by("ann").post("/api/v1/records/order", json!({ "fields": fields })).ok(201);
    made["id"].as_str().unwrap().to_owned()
}

pub fn patch(app: &TestApp, order: &str, fields: Value) -> Answer {
    let body = json!({ "fields": fields }).to_string();
    app.by("zoe").send("PATCH", &format!("/api/v1/records/order/{order}"), &[JSON], &body)
}

/// Round, level and value of the approval.
fn stands(app: &TestApp, instance: &str) -> (Value, Value, Value) {
    let seen = approval(app, "ann", instance);
    (seen["round"].clone(), seen["level"].clone(), seen["of"][0]["value"].clone())
}

pub fn incidents(app: &TestApp, instance: &str) -> Value {
    app.by("alice").get(&format!("/api/v1/incidents?instance={instance}&state=open")).ok(200)["items"].clone()
}

/// What is found wrong with a process in which something is said otherwise.
pub fn said_of(app: &TestApp, name: &str, process: &str, (from, to): (&str, &str)) -> String {
    let changed = process.replace(from, to);
    assert_ne!(changed, process);
    let file = |path: &str, content: &str| json!({"path": format!("workflows/work/{path}"), "content": content});
    let process = file(&format!("processes/{name}.yaml"), &changed);
    let body = json!({"files": [file("pack.yaml", PACK), file("records/order.yaml", ORDER), process]});
    app.by("alice").post("/api/v1/deployments/validate", body).ok(200)["findings"].to_string()
}

#[test]
fn a_change_of_the_record_voids_the_votes_and_asks_who_is_asked_now() {
    on_both(|database| {
        let app = shop(database);
        let order = order(&app, "lathe", 5_000);
        let instance = app.by("ann").start("buy", json!({ "order": order }));
        assert_eq!(approval(&app, "ann", &instance)["of"], json!([{"name": "subject.amount", "value": 5_000}]));
        vote(&app, "ben", &instance, "approve").ok(200);
        let (task, digest) = seat(&app, "gus", &instance);
        // What is not approved changes nothing.
        patch(&app, &order, json!({"note": "urgent"})).ok(200);
        assert_eq!(stands(&app, &instance), (json!(1), json!(2), json!(5_000)));
        // What is approved voids what was said, in the same answer.
        patch(&app, &order, json!({"amount": 4_000})).ok(200);
        assert_eq!(stands(&app, &instance), (json!(2), json!(1), json!(4_000)));
        assert_eq!(approval(&app, "ben", &instance)["votes"][0]["void"], true);
        send(&app, "gus", &task, json!({"decision": "approve", "digest": digest})).problem(409, "task_not_open");
        // Another process writes it: the route is another one, and ben alone is asked.
        app.by("zoe").start("fix", json!({"order": order, "amount": 500}));
        assert_eq!(stands(&app, &instance), (json!(3), json!(1), json!(500)));
        assert_eq!(approval(&app, "ann", &instance)["levels"].as_array().map(Vec::len), Some(1));
        // The history says who changed what is approved.
        let history = app.by("alice").get(&format!("/api/v1/process-instances/{instance}/history?limit=500")).ok(200);
        let entries = history["items"].as_array().unwrap();
        let reopened: Vec<&Value> = entries.iter().filter(|entry| entry["kind"] == "approval_reopened").collect();
        assert_eq!((reopened.len(), &reopened[0]["actor"]), (2, &json!("zoe")));
        vote(&app, "ben", &instance, "approve").ok(200);
        assert_eq!(approval(&app, "ann", &instance)["state"], "approved");
    });
}

#[test]
fn what_was_approved_stays_as_it_is_until_it_is_done() {
    on_both(|database| {
        let app = shop(database);
        let order = order(&app, "lathe", 500);
        let instance = app.by("ann").start("buy", json!({ "order": order }));
        vote(&app, "ben", &instance, "approve").ok(200);
        // The process itself wrote it after that.
        assert_eq!(app.by("zoe").get(&format!("/api/v1/records/order/{order}")).ok(200)["fields"]["amount"], 7);
        let refused = patch(&app, &order, json!({"amount": 9_000})).problem(409, "record_approved");
        assert_eq!(refused["present"]["instance"], json!(instance));
        assert_eq!(refused["errors"][0]["pointer"], "/fields/amount");
        assert!(refused["detail"].as_str().unwrap().ends_with("until \"pay\" is done"), "{refused}");
        let other = app.by("zoe").start("fix", json!({"order": order, "amount": 9_000}));
        assert_eq!(incidents(&app, &other)[0]["code"], "record_approved");
        let path = format!("/api/v1/records/order/{order}");
        app.by("ann").send("DELETE", &path, &[], "").problem(409, "record_approved");
        // What was not approved changes as ever.
        patch(&app, &order, json!({"note": "by ship", "amount": 7})).ok(200);
        runtime::finish(&app.by("zoe"), &instance, json!({})).ok(200);
        patch(&app, &order, json!({"amount": 9_000})).ok(200);
    });
}

#[test]
fn what_was_rejected_or_cancelled_is_free() {
    on_both(|database| {
        let app = shop(database);
        let order = order(&app, "lathe", 500);
        let rejected = app.by("ann").start("buy", json!({ "order": order }));
        vote(&app, "ben", &rejected, "reject").ok(200);
        patch(&app, &order, json!({"amount": 600})).ok(200);
        // Approved, and given up: the end of the instance lets go of it.
        let approved = app.by("ann").start("buy", json!({ "order": order }));
        vote(&app, "ben", &approved, "approve").ok(200);
        patch(&app, &order, json!({"amount": 8})).problem(409, "record_approved");
        let path = format!("/api/v1/process-instances/{approved}/cancel");
        app.by("alice").post(&path, json!({"reason": "given up"})).ok(200);
        patch(&app, &order, json!({"amount": 8})).ok(200);
    });
}

#[test]
fn a_merged_record_is_looked_at_as_what_it_became() {
    on_both(|database| {
        let app = shop(database);
        let (lost, won) = (order(&app, "lathe", 500), order(&app, "lathe 2", 800));
        let instance = app.by("ann").start("buy", json!({ "order": lost }));
        let path = format!("/api/v1/records/order/{won}/merge");
        let body = json!({"loser": lost, "fields": {"name": "winner", "amount": "winner"}, "reason": "the same"});
        let merged = app.by("ann").post(&path, body.clone()).ok(200);
        assert_eq!(stands(&app, &instance), (json!(2), json!(1), json!(800)));
        // What is taken back is what it was.
        let merge = merged["merge"]["id"].as_str().unwrap();
        let path = format!("/api/v1/records/order/{won}/merges/{merge}/undo");
        app.by("ann").post(&path, json!({"reason": "they are two"})).ok(200);
        assert_eq!(stands(&app, &instance), (json!(3), json!(1), json!(500)));
        patch(&app, &won, json!({"amount": 1})).ok(200);
        assert_eq!(stands(&app, &instance), (json!(3), json!(1), json!(500)));
        // Merged for good, the winner is what is approved, and held by it.
        app.by("ann").post(&format!("/api/v1/records/order/{won}/merge"), body).ok(200);
        patch(&app, &won, json!({"amount": 900})).ok(200);
        assert_eq!(stands(&app, &instance), (json!(5), json!(1), json!(900)));
    });
}

#[test]
fn who_may_not_read_a_field_does_not_read_it_here() {
    on_both(|database| {
        let app = shop(database);
        let limited =
            ORDER.replace("merge: [role:clerk]}", "merge: [role:clerk], fields: {amount: {read: [role:boss]}}}");
        assert_ne!(limited, ORDER);
        app.deploy(&[
            ("workflows/work/pack.yaml", PACK),
            ("workflows/work/records/order.yaml", &limited),
            ("workflows/work/processes/buy.yaml", BUY),
        ]);
        let order = order(&app, "lathe", 5_000);
        let instance = app.by("ann").start("buy", json!({ "order": order }));
        let value = |login: &str| approval(&app, login, &instance)["of"][0]["value"].clone();
        assert_eq!((value("ben"), value("ann")), (json!(5_000), json!("***")));
        vote(&app, "ben", &instance, "approve").ok(200);
        assert_eq!(value("gus"), json!("***"));
    });
}

#[test]
fn a_record_that_is_gone_is_not_approved() {
    on_both(|database| {
        let app = shop(database);
        let order = order(&app, "lathe", 500);
        let instance = app.by("ann").start("buy", json!({ "order": order }));
        app.by("ann").send("DELETE", &format!("/api/v1/records/order/{order}"), &[], "").ok(200);
        let found = incidents(&app, &instance);
        assert_eq!(found[0]["code"], "subject");
        assert_eq!(approval(&app, "ann", &instance)["state"], "cancelled");
    });
}

/// A process that approves an order and, beside that, changes it in the same breath.
const BESIDE: &str = "\
process: beside
title: {en: Beside, zh: 并行}
subject: order
subjectId: order
input: {type: object, required: [order], properties: {order: {type: string}}}
nodes:
  - {id: both, type: parallelGateway, flows: [{to: approve}, {to: write}]}
  - id: approve
    type: approval
    of: [subject.amount]
    levels: [{approvers: superior(\"ann\"), mode: any}]
    outcomes: {approved: end, rejected: end}
  - {id: write, type: serviceTask, action: records.update, in: {type: '\"order\"', id: order, fields: '#{amount: 7}'}, next: end}
";

#[test]
fn what_the_process_itself_writes_beside_it_is_seen() {
    on_both(|database| {
        let app = shop(database);
        app.deploy(&[
            ("workflows/work/pack.yaml", PACK),
            ("workflows/work/records/order.yaml", ORDER),
            ("workflows/work/processes/beside.yaml", BESIDE),
        ]);
        let order = order(&app, "lathe", 500);
        let instance = app.by("ann").start("beside", json!({ "order": order }));
        assert_eq!(approval(&app, "ann", &instance)["of"][0]["value"], 7);
    });
}

#[test]
fn a_suspended_instance_looks_when_it_is_resumed() {
    on_both(|database| {
        let app = shop(database);
        let order = order(&app, "lathe", 500);
        let instance = app.by("ann").start("buy", json!({ "order": order }));
        let act = |verb: &str| {
            let path = format!("/api/v1/process-instances/{instance}/{verb}");
            app.by("alice").post(&path, json!({"reason": "wait"})).ok(200);
        };
        act("suspend");
        patch(&app, &order, json!({"amount": 600})).ok(200);
        act("resume");
        assert_eq!(stands(&app, &instance), (json!(2), json!(1), json!(600)));
    });
}

#[test]
fn a_vote_and_a_change_at_once_never_approve_what_is_not_there() {
    on_both(|database| {
        let app = shop(database);
        for number in 0..12 {
            let order = order(&app, &format!("lathe {number}"), 500);
            let instance = app.by("ann").start("buy", json!({ "order": order }));
            let (task, digest) = seat(&app, "ben", &instance);
            let answers = each(2, |who| match who {
                0 => send(&app, "ben", &task, json!({"decision": "approve", "digest": digest})),
                _ => patch(&app, &order, json!({"amount": 600})),
            });
            let seen = approval(&app, "ann", &instance);
            match (answers[0].status, answers[1].status) {
                // The vote was first: what was approved is held.
                (200, 409) => assert_eq!(seen["state"], "approved"),
                // The change was first: what ben saw is not there any more.
                (409, 200) => assert_eq!((&seen["state"], &seen["of"][0]["value"]), (&json!("open"), &json!(600))),
                other => panic!("one of both counts: {other:?}"),
            }
        }
    });
}

#[test]
fn what_cannot_be_meant_is_said() {
    let database = crate::support::sqlite();
    let app = shop(&database);
    for (from, to, sentence) in [
        ("subjectId: order\n", "", "say which one with"),
        ("subject.amount", "subject.amout", "has no field \\\"amout\\\""),
        ("of: [subject.amount]", "of: [order]", "decides who is asked and is not approved"),
        ("until: pay", "until: pray", "there is no such node"),
    ] {
        let found = said_of(&app, "buy", BUY, (from, to));
        assert!(found.contains(sentence), "{to}: {found}");
    }
}
