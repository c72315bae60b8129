//! Restarts: whatever an instance waits for, it goes on after the server was stopped and started again.

use super::*;
use crate::support::on_both;
use diesel::connection::SimpleConnection;
use kamflow::api::Limits;
use serde_json::json;

/// Two tasks that must both be done.
const BOTH: &str = "\
process: both
title: {en: Both, zh: 两项}
nodes:
  - {id: split, type: parallelGateway, next: [a, b]}
  - {id: a, type: userTask, candidateGroups: [clerk], next: join}
  - {id: b, type: userTask, candidateGroups: [clerk], next: join}
  - {id: join, type: parallelGateway}
  - {id: note, type: scriptTask, set: {done: true}}
";

/// A task with a reminder after a day and a deadline after three.
const DEADLINE: &str = "\
process: deadline
title: {en: Deadline, zh: 期限}
nodes:
  - id: do
    type: userTask
    candidateGroups: [clerk]
    boundary:
      - {id: remind, timer: {duration: P1D}, to: reminded, interrupting: false}
      - {id: late, timer: {duration: P3D}, to: too-late}
    next: end
  - {id: reminded, type: scriptTask, set: {reminded: true}, next: end}
  - {id: too-late, type: scriptTask, set: {too_late: true}}
";

/// Needs a thing that is not there yet.
const NEEDS: &str = "\
process: needs
title: {en: Needs, zh: 需要}
input: {type: object, properties: {name: {type: string}}}
nodes:
  - {id: find, type: serviceTask, action: records.select, in: {type: '\"thing\"', where: '#{size: 1}'}, out: {found: result.records}}
  - {id: take, type: scriptTask, set: {first: 'found[0].id'}}
";

const FILES: [(&str, &str); 5] = [
    ("processes/errand.yaml", ERRAND),
    ("processes/both.yaml", BOTH),
    ("processes/deadline.yaml", DEADLINE),
    ("processes/needs.yaml", NEEDS),
    ("records/thing.yaml", THING),
];

#[test]
fn tasks_go_on_after_a_restart() {
    on_both(|database| {
        let app = with(database, &FILES);
        let errand = app.by("ann").start("errand", json!({"what": "w"}));
        let one = task(&app.by("ann"), &errand);
        app.by("ann").post(&format!("/api/v1/user-tasks/{one}/claim"), json!({})).ok(200);
        let app = restarted(app, database, MONDAY);
        let found = app.by("ann").get(&format!("/api/v1/user-tasks/{one}")).ok(200);
        assert_eq!((&found["state"], &found["assignee"]), (&json!("claimed"), &json!("ann")));
        app.by("ann").post(&format!("/api/v1/user-tasks/{one}/complete"), json!({})).ok(200);
        let ended = instance(&app, &errand);
        assert_eq!((&ended["state"], &ended["variables"]), (&json!("completed"), &json!({"what": "w", "done": true})));
    });
}

#[test]
fn half_of_a_parallel_join_is_kept() {
    on_both(|database| {
        let app = with(database, &FILES);
        let both = app.by("ann").start("both", json!({}));
        let found = app.by("ann").get(&format!("/api/v1/user-tasks?instance={both}")).ok(200);
        let tasks: Vec<&str> =
            found["items"].as_array().unwrap().iter().map(|task| task["id"].as_str().unwrap()).collect();
        let complete = |app: &TestApp, task: &str| {
            app.by("ann").post(&format!("/api/v1/user-tasks/{task}/claim"), json!({})).ok(200);
            app.by("ann").post(&format!("/api/v1/user-tasks/{task}/complete"), json!({})).ok(200)
        };
        complete(&app, tasks[0]);
        let app = restarted(app, database, MONDAY);
        assert_eq!(instance(&app, &both)["state"], "active");
        complete(&app, tasks[1]);
        let ended = instance(&app, &both);
        assert_eq!((&ended["state"], &ended["variables"]["done"]), (&json!("completed"), &json!(true)));
    });
}

#[test]
fn timers_that_became_due_meanwhile_fire_once() {
    on_both(|database| {
        let app = with(database, &FILES);
        let reminded = app.by("ann").start("deadline", json!({}));
        let app = restarted(app, database, "2026-03-03T12:00:00Z");
        assert_eq!(app.advance("PT0S"), 1);
        assert_eq!(app.advance("PT0S"), 0);
        assert_eq!(instance(&app, &reminded)["variables"], json!({"reminded": true}));
        // Another one sleeps through both of its timers.
        let late = app.by("ann").start("deadline", json!({}));
        let app = restarted(app, database, "2026-03-09T00:00:00Z");
        assert_eq!(app.advance("PT0S"), 3);
        assert_eq!(app.advance("PT0S"), 0);
        for (id, reminders) in [(&reminded, 1), (&late, 1)] {
            let ended = instance(&app, id);
            assert_eq!((&ended["state"], &ended["variables"]["too_late"]), (&json!("completed"), &json!(true)));
            let told = story(&app, id);
            assert_eq!(told.iter().filter(|told| *told == "timer_fired").count(), reminders + 1);
            assert_eq!(told.iter().filter(|told| *told == "task_cancelled do").count(), 1);
        }
        assert_eq!(rows(database, "timers"), 0);
    });
}

#[test]
fn timers_that_cannot_fire_do_not_hold_up_the_others() {
    on_both(|database| {
        let app = with(database, &FILES);
        isolation::second_business(&app, &FILES);
        let other = |change| {
            let business = BusinessId::from("other");
            request(Actor { business, ..ann() }, change)
        };
        // More than are looked at in one go, and older than the one that matters.
        let all = (0..250).map(|_| other(start("deadline", json!({})))).collect();
        at_once(&app.runtime, all).iter().for_each(|answer| assert_eq!(code(answer), ""));
        app.advance("PT1H");
        let mine = app.by("ann").start("deadline", json!({}));
        // The files of the other business are damaged.
        let damage = "DELETE FROM revision_files WHERE business = 'other' AND path LIKE '%pack.yaml'";
        database.connect().batch_execute(damage).unwrap();
        let app = restarted(app, database, "2026-03-03T12:00:00Z");
        assert_eq!(app.advance("PT0S"), 1);
        assert_eq!(instance(&app, &mine)["variables"], json!({"reminded": true}));
        assert_eq!(rows(database, "timers"), 501);
    });
}

#[test]
fn an_incident_waits_for_whoever_mends_it() {
    on_both(|database| {
        let app = with(database, &FILES);
        let needs = app.by("ann").start("needs", json!({}));
        let incident = incidents(&app, &needs).pop().unwrap();
        assert_eq!(incident["node"], "take");
        let app = restarted(app, database, MONDAY);
        assert_eq!(incidents(&app, &needs), std::slice::from_ref(&incident));
        let retry = format!("/api/v1/incidents/{}/retry", incident["id"].as_str().unwrap());
        app.by("alice").post(&retry, json!({})).ok(200);
        assert_eq!(incidents(&app, &needs).len(), 1);
    });
}

#[test]
fn a_token_issued_before_a_restart_is_good_after_it() {
    on_both(|database| {
        let app = with(database, &FILES);
        let token = format!("Bearer {}", app.token(BUSINESS, "ann", None));
        let app = restarted(app, database, MONDAY);
        assert_eq!(app.with_authorization(&token).get("/api/v1/users/me").ok(200)["id"], "ann");
    });
}

/// The server ends and another one begins at this time.
fn restarted(app: TestApp, database: &TestDatabase, now: &str) -> TestApp {
    drop(app);
    TestApp::open_at(database, Limits::default(), Timestamp::parse(now).unwrap())
}
