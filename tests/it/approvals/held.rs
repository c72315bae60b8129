//! What is held is let go of where it was approved: each activation of a level that is done more than once for itself.

use super::records::{order, patch, shop_with};
use super::*;
use crate::support::on_both;

/// One approval for each order, each with its own end.
const ROUNDS: &str = "\
process: rounds
title: {en: Rounds, zh: 逐单}
subject: order
subjectId: order
input: {type: object, required: [orders], properties: {orders: {type: array, items: {type: string}}, order: {type: string}}}
nodes:
  - id: each
    type: subProcess
    forEach: {in: orders, as: order}
    nodes:
      - id: approve
        type: approval
        of: [subject.amount]
        until: pay
        levels: [{approvers: superior(\"ann\"), mode: any}]
        outcomes: {approved: pack, rejected: done}
      - {id: pack, type: subProcess, nodes: [{id: pay, type: userTask, candidateGroups: [clerk]}], next: done}
      - {id: done, type: endEvent}
  - {id: ship, type: userTask, candidateGroups: [clerk]}
";

/// Approved for each, and held until both have paid.
const PARTS: &str = "\
process: parts
title: {en: Parts, zh: 分次}
subject: order
subjectId: order
input: {type: object, required: [order], properties: {order: {type: string}}}
nodes:
  - id: both
    type: subProcess
    forEach: {count: 2}
    nodes:
      - id: approve
        type: approval
        of: [subject.amount]
        until: pay
        levels: [{approvers: superior(\"ann\"), mode: any}]
        outcomes: {approved: done, rejected: done}
      - {id: done, type: endEvent}
  - {id: pay, type: userTask, candidateGroups: [clerk], forEach: {count: 2}}
  - {id: ship, type: userTask, candidateGroups: [clerk]}
";

/// Twice.
const AGAIN: &str = "\
process: again
title: {en: Again, zh: 再次}
subject: order
subjectId: order
input: {type: object, required: [order], properties: {order: {type: string}}}
nodes:
  - id: round
    type: subProcess
    loop: {while: loopCounter < 2}
    nodes:
      - id: approve
        type: approval
        of: [subject.amount]
        until: pay
        levels: [{approvers: superior(\"ann\"), mode: any}]
        outcomes: {approved: decide, rejected: done}
      - {id: decide, type: userTask, candidateGroups: [clerk], outcomes: {pay: pay, later: done}}
      - {id: pay, type: userTask, candidateGroups: [clerk], next: done}
      - {id: done, type: endEvent}
  - {id: ship, type: userTask, candidateGroups: [clerk]}
";

fn works(database: &TestDatabase) -> TestApp {
    let process = |name: &str| format!("workflows/work/processes/{name}.yaml");
    let (rounds, parts, again) = (process("rounds"), process("parts"), process("again"));
    shop_with(database, &[(&rounds, ROUNDS), (&parts, PARTS), (&again, AGAIN)])
}

/// The open tasks of a node, the oldest first.
fn tasks(app: &TestApp, instance: &str, node: &str) -> Vec<String> {
    let path = format!("/api/v1/user-tasks?instance={instance}&state=created&state=claimed");
    let found = app.by("alice").get(&path).ok(200);
    let of = |task: &&Value| task["node"] == node;
    let mut ids: Vec<String> =
        found["items"].as_array().unwrap().iter().filter(of).map(|task| task["id"].as_str().unwrap().into()).collect();
    ids.sort_by_key(|id| id.rsplit('.').next().and_then(|number| number.parse::<u64>().ok()));
    ids
}

fn complete(app: &TestApp, task: &str, body: Value) {
    app.by("zoe").post(&format!("/api/v1/user-tasks/{task}/claim"), json!({})).ok(200);
    app.by("zoe").post(&format!("/api/v1/user-tasks/{task}/complete"), body).ok(200);
}

/// Ben says yes to the oldest of his votes.
fn agree(app: &TestApp, instance: &str) {
    let task = tasks(app, instance, "approve").remove(0);
    let asked = app.by("ben").get(&format!("/api/v1/approvals?instance={instance}&state=open")).ok(200);
    let root = |id: &Value| asked["items"].as_array().unwrap().iter().find(|one| one["id"] == *id).cloned();
    let seen = app.by("ben").get(&format!("/api/v1/user-tasks/{task}")).ok(200);
    let of = root(&seen["approval"]).or_else(|| asked["items"].as_array().unwrap().first().cloned()).unwrap();
    send(app, "ben", &task, json!({"decision": "approve", "digest": of["digest"]})).ok(200);
}

fn is_held(app: &TestApp, order: &str, amount: i64) -> bool {
    let answer = patch(app, order, json!({ "amount": amount }));
    match answer.status {
        200 => false,
        _ => {
            answer.problem(409, "record_approved");
            true
        }
    }
}

#[test]
fn each_round_lets_go_of_what_it_holds_itself() {
    on_both(|database| {
        let app = works(database);
        let orders = [order(&app, "lathe", 500), order(&app, "mill", 500), order(&app, "saw", 500)];
        let instance = app.by("ann").start("rounds", json!({ "orders": orders }));
        (0..3).for_each(|_| agree(&app, &instance));
        let held = |amount: i64| [0, 1, 2].map(|at| is_held(&app, &orders[at], amount));
        assert_eq!(held(1), [true, true, true]);
        let pays = tasks(&app, &instance, "pay");
        complete(&app, &pays[1], json!({}));
        let held_now = held(2);
        assert_eq!(held_now.iter().filter(|held| **held).count(), 2, "one is paid, and lets go of one: {held_now:?}");
        complete(&app, &pays[0], json!({}));
        complete(&app, &pays[2], json!({}));
        assert_eq!(held(3), [false, false, false]);
    });
}

#[test]
fn what_is_done_for_each_is_done_when_all_are() {
    on_both(|database| {
        let app = works(database);
        let order = order(&app, "lathe", 500);
        let instance = app.by("ann").start("parts", json!({ "order": order }));
        (0..2).for_each(|_| agree(&app, &instance));
        let pays = tasks(&app, &instance, "pay");
        complete(&app, &pays[0], json!({}));
        assert!(is_held(&app, &order, 1), "the other one has not paid");
        complete(&app, &pays[1], json!({}));
        assert!(!is_held(&app, &order, 2));
        assert_eq!(tasks(&app, &instance, "ship").len(), 1, "and the process goes on");
    });
}

#[test]
fn a_later_round_does_not_let_go_of_an_earlier_one() {
    on_both(|database| {
        let app = works(database);
        let order = order(&app, "lathe", 500);
        let instance = app.by("ann").start("again", json!({ "order": order }));
        let decide = |outcome: &str| {
            let task = tasks(&app, &instance, "decide").remove(0);
            complete(&app, &task, json!({ "outcome": outcome }));
        };
        agree(&app, &instance);
        // The first round is never paid: what was approved in it stays as it is until the instance ends.
        decide("later");
        agree(&app, &instance);
        decide("pay");
        complete(&app, &tasks(&app, &instance, "pay").remove(0), json!({}));
        assert_eq!(tasks(&app, &instance, "ship").len(), 1);
        assert!(is_held(&app, &order, 1));
        complete(&app, &tasks(&app, &instance, "ship").remove(0), json!({}));
        assert!(!is_held(&app, &order, 2));
    });
}
