//! Suspending and resuming: nothing moves, nothing is lost, and the worker does not look at it.

use super::*;
use crate::runtime::{actor, at_once, code, incidents, instance, request};
use crate::support::on_both;
use kamflow::api::Limits;
use kamflow::model::intervention::{Intervene, Intervention};
use kamflow::runtime::clock::Clock;
use kamflow::runtime::request::Change;

#[test]
fn nothing_moves_in_a_suspended_instance_and_its_timers_fire_when_it_is_resumed() {
    on_both(|database| {
        let app = house(database);
        let id = broken(&app, "k1");
        let child = called(&app, &id)["id"].as_str().unwrap().to_owned();
        let work = task_at(&app, &id, "work");
        app.by("ann").post(&format!("/api/v1/user-tasks/{work}/claim"), json!({})).ok(200);

        let shown = |app: &TestApp| app.by("ann").get(&format!("/api/v1/user-tasks/{work}")).ok(200);
        let actionable =
            |app: &TestApp| app.by("ann").get("/api/v1/user-tasks?actionable=true").ok(200)["total"].clone();
        assert_eq!(
            (&shown(&app)["allowedActions"], actionable(&app)),
            (&json!(["unclaim", "complete", "delegate", "createSubTask", "update"]), json!(1))
        );
        let answer = act(&app, &id, "suspend", json!({"reason": "the price list is wrong"}));
        assert_eq!((&shown(&app)["allowedActions"], &shown(&app)["suspended"]), (&json!([]), &json!(true)));
        let listed = app.by("ann").get("/api/v1/user-tasks").ok(200);
        assert_eq!((&listed["items"][0]["allowedActions"], actionable(&app)), (&json!([]), json!(0)));
        assert_eq!(answer.ok(200)["state"], "suspended");
        assert_eq!(instance(&app, &child)["state"], "suspended");
        let suspended = app.by("alice").get("/api/v1/process-instances?state=suspended").ok(200);
        assert_eq!(suspended["total"], 2, "{suspended}");

        let incident = incidents(&app, &id)[0]["id"].as_str().unwrap().to_owned();
        let ann = app.by("ann");
        for (verb, body) in [("complete", json!({})), ("unclaim", json!({}))] {
            let refused =
                ann.post(&format!("/api/v1/user-tasks/{work}/{verb}"), body).problem(409, "instance_suspended");
            assert_eq!(refused["present"]["state"], "claimed", "{refused}");
        }
        for (verb, body) in [("retry", json!({})), ("skip", json!({"reason": "by hand"}))] {
            let path = format!("/api/v1/incidents/{incident}/{verb}");
            app.by("alice").post(&path, body).problem(409, "instance_suspended");
        }
        let again = act(&app, &id, "suspend", json!({"reason": "still"})).problem(409, "instance_suspended");
        assert_eq!(again["present"]["state"], "suspended");

        // Its business key is held, as by any instance that has not ended.
        let start = json!({"process": "parent", "variables": {"key": "k1", "zero": 0}});
        assert_eq!(ann.post("/api/v1/process-instances", start).ok(200)["id"], id);

        // The worker has nothing to look at, however long it takes.
        assert_eq!(timers_of(database, &id), 0);
        assert_eq!(timers::next_due(&mut database.connect()).unwrap(), None);
        assert_eq!(app.advance("P3D"), 0);

        // Nor after a restart.
        let now = app.clock.now();
        drop(app);
        let app = TestApp::open_at(database, Limits::default(), now);
        assert_eq!(app.wait(app.runtime.run_due_timers()).unwrap(), 0);
        assert_eq!(instance(&app, &id)["state"], "suspended");

        assert_eq!(act(&app, &id, "resume", json!({})).ok(200)["state"], "active");
        assert_eq!(instance(&app, &child)["state"], "active");
        assert_eq!(
            (&shown(&app)["allowedActions"], actionable(&app)),
            (&json!(["unclaim", "complete", "delegate", "createSubTask", "update"]), json!(1))
        );
        assert_eq!(timers_of(database, &id), 1);
        assert_eq!(app.wait(app.runtime.run_due_timers()).unwrap(), 1, "what was due meanwhile fires at once");
        assert_eq!(open(&app, &id), ["reminded"], "the call was cancelled by its timer");
        act(&app, &id, "resume", json!({})).problem(409, "not_suspended");

        let told = entry(&app, &id, "instance_suspended");
        assert_eq!((&told["actor"], &told["data"]["reason"]), (&json!("alice"), &json!("the price list is wrong")));
        assert_eq!(entry(&app, &id, "instance_resumed")["data"]["reason"], Json::Null);
    });
}

#[test]
fn what_is_placed_while_it_is_suspended_moves_when_it_is_resumed() {
    on_both(|database| {
        let app = house(database);
        let id = waiting(&app, "k1");
        act(&app, &id, "suspend", json!({"reason": "to be mended"})).ok(200);
        let steps = json!([{"startBefore": {"node": "inside"}}, {"startBefore": {"node": "create"}}]);
        act(&app, &id, "modify", json!({"steps": steps, "reason": "the box was left out"})).ok(200);
        let variables = json!({"variables": {"key": "k1-mended"}, "reason": "misread"});
        let path = format!("/api/v1/process-instances/{id}/variables");
        app.by("alice").send("PATCH", &path, &[crate::support::app::JSON], &variables.to_string()).ok(200);
        assert_eq!(token(&app, &id, "create")["state"], "ready");
        assert_eq!(token(&app, &id, "inside")["level"], "box");
        assert_eq!((open(&app, &id), timers_of(database, &id)), (vec!["check".to_owned(), "work".to_owned()], 0));
        assert_eq!(app.by("ann").get("/api/v1/records/thing").ok(200)["total"], 0);

        act(&app, &id, "resume", json!({"reason": "mended"})).ok(200);
        assert_eq!(open(&app, &id), ["check", "inside", "work"]);
        let things = app.by("ann").get("/api/v1/records/thing").ok(200);
        assert_eq!(things["items"][0]["fields"]["name"], "k1-mended", "{things}");
        assert_eq!(timers_of(database, &id), 2, "that of the box was set while it was suspended");
        assert_eq!(app.advance("PT1H"), 1);
        assert_eq!(open(&app, &id), ["check", "reminded", "work"]);
    });
}

#[test]
fn a_suspended_instance_can_be_cancelled() {
    on_both(|database| {
        let app = house(database);
        let id = waiting(&app, "k1");
        act(&app, &id, "suspend", json!({"reason": "perhaps not needed"})).ok(200);
        assert_eq!(act(&app, &id, "cancel", json!({"reason": "not needed"})).ok(200)["state"], "cancelled");
        act(&app, &id, "resume", json!({})).problem(409, "instance_ended");
        assert_eq!((open(&app, &id), timers_of(database, &id)), (vec![], 0));
    });
}

#[test]
fn a_task_that_is_completed_while_somebody_suspends_is_done_or_refused() {
    on_both(|database| {
        let app = house(database);
        let mut seen = Vec::new();
        for round in 0..10 {
            let id = waiting(&app, &format!("k{round}"));
            let check = task_at(&app, &id, "check");
            app.by("ann").post(&format!("/api/v1/user-tasks/{check}/claim"), json!({})).ok(200);
            let complete =
                Change::CompleteTask { task: check.as_str().into(), outcome: None, variables: Default::default() };
            let suspend = Change::Intervene(Intervene {
                instance: id.as_str().into(),
                what: Intervention::Suspend,
                reason: Some("at once".to_owned()),
            });
            let (ann, alice) = (actor("ann", &["clerk"]), actor("alice", &["process_admin"]));
            let mut both = vec![request(ann, complete), request(alice, suspend)];
            if round % 2 == 1 {
                both.reverse();
            }
            let mut answers = at_once(&app.runtime, both);
            if round % 2 == 1 {
                answers.reverse();
            }
            assert!(answers[1].is_ok(), "the suspension is done: {:?}", answers[1]);
            let open = open(&app, &id).contains(&"check".to_owned());
            match code(&answers[0]) {
                "" => assert!(!open, "it was done before"),
                "instance_suspended" => assert!(open, "it was refused and is still there"),
                other => panic!("{other}"),
            }
            seen.push(code(&answers[0]).to_owned());
        }
        assert_eq!(seen.len(), 10);
    });
}
