//! Reminders and escalations: on time, once, up the hierarchy, and with whom it was escalated to.

use super::*;
use crate::support::on_both;
use kamflow::api::Limits;
use kamflow::runtime::clock::Clock;

const LATE: &str = "\
process: late
title: {en: Late, zh: 逾期}
nodes:
  - id: work
    type: userTask
    assignee: '\"ann\"'
    due: {after: P1D}
    followUp: {after: PT2H}
    priority: 40 + 2
    remind: {before: PT4H, after: P1D, every: P1D, most: 2}
    escalate: {after: P1D, to: superior}
";
const TO_ROLE: &str = "\
process: to-role
title: {en: To a role, zh: 升级给角色}
input: {type: object, properties: {deadline: {type: string}}}
nodes:
  - {id: do, type: userTask, candidateGroups: [clerk], due: {at: deadline}, escalate: {after: PT1H, to: role:boss}}
";

fn late(database: &TestDatabase) -> TestApp {
    let app = house(database);
    crate::runtime::deploy(&app, &[("processes/late.yaml", LATE), ("processes/to-role.yaml", TO_ROLE)]);
    app
}

fn kinds(app: &TestApp, task: &Value, kind: &str) -> Vec<Value> {
    let path = format!("/api/v1/process-instances/{}/history?limit=500", task["instance"].as_str().unwrap());
    let found = app.by("alice").get(&path).ok(200);
    let told = found["items"].as_array().unwrap().iter().filter(|entry| entry["kind"] == kind);
    told.map(|entry| entry["data"].clone()).collect()
}

fn actionable(app: &TestApp, login: &str) -> Value {
    app.by(login).get("/api/v1/user-tasks?actionable=true").ok(200)["total"].clone()
}

#[test]
fn what_is_not_done_goes_up_the_hierarchy_until_the_top() {
    on_both(|database| {
        let app = late(database);
        app.by("ann").start("late", json!({}));
        let work = open(&app, "work");
        assert_eq!((&work["priority"], &work["followUp"]), (&json!(42), &json!("2026-03-02T02:00:00Z")));
        assert_eq!(app.advance("PT19H"), 0);
        assert_eq!(app.advance("PT1H"), 1, "four hours before it is due");
        assert_eq!(kinds(&app, &work, "task_reminded"), [json!({"task": work["id"], "users": ["ann"], "groups": []})]);
        assert_eq!(actionable(&app, "boss"), 0);
        act(&app, "boss", &work, "claim", json!({})).problem(409, "task_already_claimed");
        assert_eq!(app.advance("P1DT4H"), 2, "a day after it was due: reminded, and escalated");
        let raised = kinds(&app, &work, "task_escalated");
        assert_eq!(raised, [json!({"task": work["id"], "users": ["boss"], "groups": []})]);
        assert_eq!(actionable(&app, "boss"), 1);
        let shown = seen(&app, "boss", &work);
        assert_eq!((&shown["escalatedToUsers"], &shown["escalatedToGroups"]), (&json!(["boss"]), &json!([])));
        assert_eq!(shown["allowedActions"], json!(["claim", "assign", "update"]));

        // nothing of it is lost in a restart in between
        let now = app.clock.now();
        drop(app);
        let app = TestApp::open_at(database, Limits::default(), now);
        assert_eq!(app.wait(app.runtime.run_due_timers()).unwrap(), 0, "what has fired does not fire again");
        assert_eq!(app.advance("P1D"), 2, "the second reminder, and the superior of the superior");
        assert_eq!(kinds(&app, &work, "task_escalated")[1]["users"], json!(["chief"]));
        assert_eq!(kinds(&app, &work, "task_reminded").len(), 3);
        let taken = act(&app, "chief", &work, "claim", json!({})).ok(200);
        assert_eq!((&taken["assignee"], actionable(&app, "boss")), (&json!("chief"), json!(0)));
        act(&app, "boss", &work, "claim", json!({})).problem(409, "task_already_claimed");
        act(&app, "ann", &work, "complete", json!({})).problem(403, "task_of_another");
        assert_eq!(app.advance("P1D"), 1, "nobody stands above: that was the top");
        assert_eq!((app.advance("P30D"), kinds(&app, &work, "task_escalated").len()), (0, 2));
        act(&app, "chief", &work, "complete", json!({})).ok(200);
    });
}

#[test]
fn a_task_that_is_done_or_cancelled_is_not_escalated() {
    on_both(|database| {
        let app = late(database);
        app.by("ann").start("late", json!({}));
        let work = open(&app, "work");
        act(&app, "ann", &work, "complete", json!({})).ok(200);
        app.by("ann").start("late", json!({}));
        let doomed = open(&app, "work");
        let path = format!("/api/v1/process-instances/{}/cancel", doomed["instance"].as_str().unwrap());
        app.by("alice").post(&path, json!({"reason": "not needed"})).ok(200);
        assert_eq!(app.advance("P30D"), 0);
        // suspended: nothing moves; then it fires once
        app.by("ann").start("late", json!({}));
        let late = open(&app, "work");
        let path = format!("/api/v1/process-instances/{}", late["instance"].as_str().unwrap());
        app.by("alice").post(&format!("{path}/suspend"), json!({"reason": "a look"})).ok(200);
        assert_eq!(app.advance("P30D"), 0);
        app.by("alice").post(&format!("{path}/resume"), json!({})).ok(200);
        assert_eq!(app.wait(app.runtime.run_due_timers()).unwrap(), 3);
        assert_eq!(kinds(&app, &late, "task_escalated").len(), 1);
        assert_eq!(kinds(&app, &late, "task_reminded").len(), 2, "what was missed meanwhile is not made up for");
    });
}

#[test]
fn who_has_a_role_is_asked_once_and_another_due_time_counts_anew() {
    on_both(|database| {
        let app = late(database);
        app.by("ann").start("to-role", json!({"deadline": "2026-03-02T12:00:00Z"}));
        let task = open(&app, "do");
        assert_eq!(task["due"], "2026-03-02T12:00:00Z");
        let path = format!("/api/v1/user-tasks/{}", task["id"].as_str().unwrap());
        let later = json!({"due": "2026-03-05T12:00:00Z"}).to_string();
        app.by("boss").send("PATCH", &path, &[crate::support::app::JSON], &later).ok(200);
        assert_eq!(app.advance("P2D"), 0);
        assert_eq!(app.advance("P2D"), 1);
        assert_eq!(
            kinds(&app, &task, "task_escalated"),
            [json!({"task": task["id"], "users": [], "groups": ["boss"]})]
        );
        assert_eq!(app.advance("P30D"), 0);
        act(&app, "ann", &task, "claim", json!({})).ok(200);
        act(&app, "boss", &task, "claim", json!({})).problem(409, "task_already_claimed");
        act(&app, "ann", &task, "unclaim", json!({})).ok(200);
        assert_eq!(act(&app, "boss", &task, "claim", json!({})).ok(200)["assignee"], "boss");
        // a time that is no instant is an incident, to be mended
        app.by("ann").start("to-role", json!({"deadline": "soon"}));
        let found = app.by("alice").get("/api/v1/incidents?state=open").ok(200);
        assert!(found["items"][0]["message"].as_str().unwrap().contains("is not an RFC 3339 instant"), "{found}");
    });
}
