//! Who has done one task does not do the other, whatever way it comes to them; and everybody who had a hand in it counts.

use super::*;
use crate::support::on_both;

const BARRED: &str = "separation_of_duties";

#[test]
fn no_verb_leads_around_the_separation_of_duties() {
    on_both(|database| {
        let app = house(database);
        app.user("admin", &["process_admin", "clerk"]);
        app.by("ann").start("spend", json!({}));
        perform(&app, "ann", "ask", json!({}));
        let approve = open(&app, "approve");
        let verb = |by: &str, verb: &str, body: Value| act(&app, by, &approve, verb, body);
        let to = |user: &str| json!({ "user": user });
        verb("ann", "claim", json!({})).problem(403, BARRED);
        verb("boss", "assign", to("ann")).problem(403, BARRED);
        verb("admin", "assign", to("ann")).problem(403, BARRED);
        verb("bob", "claim", json!({})).ok(200);
        verb("bob", "delegate", to("ann")).problem(403, BARRED);
        // over an instance that was stopped and one that was moved
        let instance = format!("/api/v1/process-instances/{}", approve["instance"].as_str().unwrap());
        for (what, body) in [("suspend", json!({"reason": "a look"})), ("resume", json!({}))] {
            app.by("alice").post(&format!("{instance}/{what}"), body).ok(200);
        }
        verb("bob", "delegate", to("ann")).problem(403, BARRED);
        let tokens = app.by("alice").get(&format!("{instance}/tokens")).ok(200);
        let token = tokens["items"][0]["id"].clone();
        let moved =
            json!({"reason": "again", "steps": [{"startBefore": {"node": "approve"}}, {"cancel": {"token": token}}]});
        app.by("alice").post(&format!("{instance}/modify"), moved).ok(200);
        let again = open(&app, "approve");
        assert_ne!(again["id"], approve["id"]);
        act(&app, "ann", &again, "claim", json!({})).problem(403, BARRED);
        act(&app, "boss", &again, "assign", to("ann")).problem(403, BARRED);

        // an administrator who asked does not give it to himself
        app.by("ann").start("spend", json!({}));
        let ask = open(&app, "ask");
        act(&app, "admin", &ask, "assign", to("admin")).ok(200);
        act(&app, "admin", &ask, "complete", json!({})).ok(200);
        let found = app.by("alice").get("/api/v1/user-tasks?state=created").ok(200);
        let items = found["items"].as_array().unwrap().clone();
        let other = items.iter().find(|task| task["node"] == "approve" && task["instance"] == ask["instance"]).unwrap();
        act(&app, "admin", other, "assign", to("admin")).problem(403, BARRED);
        act(&app, "admin", other, "claim", json!({})).problem(403, BARRED);
    });
}

#[test]
fn who_delegated_and_who_did_it_both_count() {
    on_both(|database| {
        let app = house(database);
        app.by("ann").start("spend", json!({}));
        let ask = open(&app, "ask");
        for (by, verb, body) in [
            ("ann", "claim", json!({})),
            ("ann", "delegate", json!({"user": "guest"})),
            ("guest", "resolve", json!({})),
            ("ann", "complete", json!({})),
        ] {
            act(&app, by, &ask, verb, body).ok(200);
        }
        let approve = open(&app, "approve");
        for barred in ["ann", "guest"] {
            act(&app, barred, &approve, "claim", json!({})).problem(403, BARRED);
            assert_eq!(seen(&app, barred, &approve)["allowedActions"], json!([]), "{barred}");
            act(&app, "boss", &approve, "assign", json!({ "user": barred })).problem(403, BARRED);
        }
        act(&app, "bob", &approve, "claim", json!({})).ok(200);
        act(&app, "bob", &approve, "delegate", json!({"user": "guest"})).problem(403, BARRED);
        act(&app, "bob", &approve, "complete", json!({"outcome": "yes"})).ok(200);
        // the history proves it: who had done the other one, and whose hands were in this one
        let proof = told(&app, &approve, "task_completed")["data"]["duties"].clone();
        assert_eq!(proof, json!([{"notSameAs": "ask", "doneBy": ["ann", "guest"], "by": ["bob"]}]));
        assert_eq!(told(&app, &approve, "task_completed")["actor"], "bob");
        // who books is one of those who asked
        let book = open(&app, "book");
        act(&app, "bob", &book, "claim", json!({})).problem(403, BARRED);
        act(&app, "ann", &book, "claim", json!({})).ok(200);
        act(&app, "ann", &book, "delegate", json!({"user": "cleo"})).problem(403, BARRED);
        act(&app, "ann", &book, "delegate", json!({"user": "guest"})).ok(200);
        act(&app, "guest", &book, "resolve", json!({})).ok(200);
        act(&app, "ann", &book, "complete", json!({})).ok(200);
        let proof = told(&app, &book, "task_completed")["data"]["duties"].clone();
        assert_eq!(proof, json!([{"sameAs": "ask", "doneBy": ["ann", "guest"], "by": ["ann", "guest"]}]));
    });
}

/// Two tasks are open at once, and one must not be done by who did the other.
const BESIDE: &str = "\
process: beside
title: {en: Beside, zh: 并行}
nodes:
  - {id: both, type: parallelGateway, next: [ask, approve]}
  - {id: ask, type: userTask, candidateGroups: [clerk], next: end}
  - {id: approve, type: userTask, candidateGroups: [clerk], notSameAs: [ask], next: end}
";

#[test]
fn what_was_done_meanwhile_counts_when_it_is_completed() {
    on_both(|database| {
        let app = with(database, &[("processes/beside.yaml", BESIDE)]);
        app.user("cleo", &["clerk"]);
        app.by("ann").start("beside", json!({}));
        let (ask, approve) = (open(&app, "ask"), open(&app, "approve"));
        let verb = |task: &Value, by: &str, verb: &str, body: Value| act(&app, by, task, verb, body);
        // ann has both, lets bob do one and does the other herself
        verb(&approve, "ann", "claim", json!({})).ok(200);
        verb(&approve, "ann", "delegate", json!({"user": "bob"})).ok(200);
        verb(&ask, "ann", "claim", json!({})).ok(200);
        verb(&ask, "ann", "complete", json!({})).ok(200);
        verb(&approve, "bob", "resolve", json!({})).ok(200);
        verb(&approve, "ann", "complete", json!({})).problem(403, BARRED);
        assert_eq!(seen(&app, "ann", &approve)["allowedActions"], json!(["unclaim", "update"]));
        // she gives it back: what bob did stays his work
        verb(&approve, "ann", "unclaim", json!({})).ok(200);
        let done = verb(&approve, "cleo", "claim", json!({})).ok(200);
        assert_eq!(done["helpers"], json!(["bob"]));
        // without the role that made her a candidate she still has it, and still is not barred
        app.user("cleo", &[]);
        verb(&approve, "cleo", "complete", json!({})).ok(200);

        // a helper who did the other task meanwhile keeps it from being completed by anybody
        app.by("ann").start("beside", json!({}));
        let (ask, approve) = (open(&app, "ask"), open(&app, "approve"));
        verb(&approve, "ann", "claim", json!({})).ok(200);
        verb(&approve, "ann", "delegate", json!({"user": "bob"})).ok(200);
        verb(&approve, "bob", "resolve", json!({})).ok(200);
        verb(&ask, "bob", "claim", json!({})).ok(200);
        verb(&ask, "bob", "complete", json!({})).ok(200);
        verb(&approve, "ann", "complete", json!({})).problem(403, BARRED);
    });
}
