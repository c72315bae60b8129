//! Votes that are not given in time: reminded of, escalated, each by itself.

use super::*;
use crate::support::on_both;

/// Ben and gus both have to agree.
const SLOW: &str = "\
process: slow
title: {en: Slow, zh: 慢}
nodes:
  - id: approve
    type: approval
    of: ['\"the plan\"']
    levels: [{approvers: '[\"ben\", \"gus\"]', mode: all}]
    due: {after: P1D}
    remind: {before: PT4H}
    escalate: {after: P1D, to: superior}
    outcomes: {approved: end, rejected: end}
";

fn slow(database: &TestDatabase) -> TestApp {
    let app = company(database);
    app.deploy(&[("workflows/work/pack.yaml", PACK), ("workflows/work/processes/slow.yaml", SLOW)]);
    app
}

fn kinds(app: &TestApp, instance: &str, kind: &str) -> Vec<Value> {
    let path = format!("/api/v1/process-instances/{instance}/history?limit=500");
    let found = app.by("alice").get(&path).ok(200);
    let told = found["items"].as_array().unwrap().iter().filter(|entry| entry["kind"] == kind);
    told.map(|entry| entry["data"]["users"].clone()).collect()
}

#[test]
fn each_vote_has_a_clock_of_its_own() {
    on_both(|database| {
        let app = slow(database);
        let instance = app.by("ann").start("slow", json!({}));
        let (bens, digest) = seat(&app, "ben", &instance);
        vote(&app, "gus", &instance, "approve").ok(200);
        // Gus has voted: ben alone is reminded.
        assert_eq!(app.advance("PT20H"), 1, "four hours before it is due");
        assert_eq!(kinds(&app, &instance, "task_reminded"), [json!(["ben"])]);
        let body = json!({"decision": "approve", "digest": digest});
        app.by("carl")
            .post(&format!("/api/v1/user-tasks/{bens}/claim"), json!({}))
            .problem(409, "task_already_claimed");
        assert_eq!(app.advance("P1DT4H"), 1, "a day after it was due");
        assert_eq!(kinds(&app, &instance, "task_escalated"), [json!(["carl"])]);
        // Whom it was escalated to takes it over and votes for ben.
        app.by("carl").post(&format!("/api/v1/user-tasks/{bens}/claim"), json!({})).ok(200);
        send(&app, "carl", &bens, body).ok(200);
        let done = approval(&app, "ann", &instance);
        assert_eq!(done["state"], "approved");
        assert_eq!((&done["votes"][1]["by"], &done["votes"][1]["for"]), (&json!("carl"), &json!("ben")));
        assert_eq!(app.advance("P30D"), 0, "nothing of it is left");
    });
}

#[test]
fn a_vote_is_not_escalated_to_who_asks_for_it() {
    on_both(|database| {
        let app = slow(database);
        // Carl asks, who stands above ben; nobody stands above carl.
        let instance = app.by("carl").start("slow", json!({}));
        app.advance("P2D");
        assert_eq!(kinds(&app, &instance, "task_escalated"), Vec::<Value>::new());
        let (bens, _) = seat(&app, "ben", &instance);
        app.by("carl")
            .post(&format!("/api/v1/user-tasks/{bens}/claim"), json!({}))
            .problem(409, "task_already_claimed");
    });
}
