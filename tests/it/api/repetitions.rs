//! Repetitions: the same request under the same `Idempotency-Key` is carried out once and answered alike.

use super::desk::{deploy, task};
use crate::support::app::{Answer, JSON, TestApp};
use crate::support::on_both;
use serde_json::{Value, json};

#[test]
fn a_repetition_is_answered_alike_and_says_that_it_is_one() {
    on_both(|database| {
        let app = TestApp::start(database);
        deploy(&app);
        let alice = app.by("alice");
        let keyed = |method: &str, path: &str, key: &str, body: &Value| {
            alice.send(method, path, &[JSON, ("Idempotency-Key", key)], &body.to_string())
        };
        let path = task(&app, "trip", "Berlin");
        let new = alice.post("/api/v1/records/customer", json!({"fields": {"name": "Huaxin"}}));
        let record = new.header("location").to_owned();
        for (method, path, body) in [
            ("POST", "/api/v1/process-instances".to_owned(), json!({"process": "trip", "variables": {"name": "Rome"}})),
            ("POST", format!("{path}/claim"), json!({})),
            ("POST", format!("{path}/complete"), json!({"outcome": "grant"})),
            ("POST", "/api/v1/records/customer".to_owned(), json!({"fields": {"name": "Boreal"}})),
            ("PATCH", record, json!({"fields": {"class": "B"}})),
            ("PUT", "/api/v1/users/bob".to_owned(), json!({"name": "Bob"})),
        ] {
            let first = keyed(method, &path, "key-1", &body);
            assert!(first.status < 300, "{path}: {}", first.text);
            assert_eq!(first.header("idempotency-replayed"), "");
            let again = keyed(method, &path, "key-1", &body);
            assert_eq!(again.header("idempotency-replayed"), "true", "{path}");
            assert_eq!((again.status, again.json()), (first.status, first.json()), "{path}");
            for name in ["etag", "location"] {
                assert_eq!(again.header(name), first.header(name), "{path}");
            }
            let mut other = body.clone();
            other["note"] = json!("another body");
            let refused = keyed(method, &path, "key-1", &other);
            match refused.status {
                // Most bodies have no note, and are refused before anybody looks at the key.
                400 => drop(refused.problem(400, "invalid_body")),
                _ => panic!("{path}: {}", refused.text),
            }
        }
        let total = alice.get("/api/v1/records/customer").ok(200)["total"].clone();
        assert_eq!(total, 2, "nothing was done twice");
    });
}

#[test]
fn another_body_under_the_same_key_is_refused() {
    on_both(|database| {
        let app = TestApp::start(database);
        deploy(&app);
        app.user("bob", &["desk"]);
        let start = |login: &str, name: &str| -> Answer {
            let body = json!({"process": "trip", "variables": {"name": name}}).to_string();
            app.by(login).send("POST", "/api/v1/process-instances", &[JSON, ("Idempotency-Key", "k")], &body)
        };
        let first = start("alice", "Rome").ok(201);
        start("alice", "Berlin").problem(422, "idempotency_key_reused");
        assert_eq!(start("alice", "Rome").ok(201)["id"], first["id"], "the first answer is still kept");
        assert_ne!(start("bob", "Rome").ok(201)["id"], first["id"], "keys belong to their caller");
        let record = json!({"fields": {"name": "Rome"}}).to_string();
        app.by("alice").send("POST", "/api/v1/records/customer", &[JSON, ("Idempotency-Key", "k")], &record).ok(201);
    });
}

#[test]
fn refusals_of_the_engine_are_kept_and_others_are_not() {
    on_both(|database| {
        let app = TestApp::start(database);
        deploy(&app);
        app.user("bob", &["desk"]);
        let path = task(&app, "trip", "Berlin");
        let keyed = |key: &str, verb: &str, body: Value| {
            let path = format!("{path}/{verb}");
            app.by("alice").send("POST", &path, &[JSON, ("Idempotency-Key", key)], &body.to_string())
        };
        app.by("bob").post(&format!("{path}/claim"), json!({})).ok(200);
        let first = keyed("kept", "claim", json!({})).problem(409, "task_already_claimed");
        app.by("bob").post(&format!("{path}/unclaim"), json!({})).ok(200);
        let again = keyed("kept", "claim", json!({}));
        let problem = again.problem(409, "task_already_claimed");
        assert_eq!((&problem["detail"], &problem["present"]), (&first["detail"], &first["present"]));
        keyed("fresh", "claim", json!({})).ok(200);
        let refused = keyed("wrong", "complete", json!({"outcome": "burn"})).problem(422, "wrong_outcome");
        assert_eq!(
            keyed("wrong", "complete", json!({"outcome": "burn"})).problem(422, "wrong_outcome")["errors"],
            refused["errors"]
        );

        // What may come out differently next time is asked anew: a role that was missing, a version that was old.
        app.user("eve", &[]);
        let start = || {
            let body = json!({"process": "trip-keyed", "variables": {"key": "1"}}).to_string();
            app.by("eve").send("POST", "/api/v1/process-instances", &[JSON, ("Idempotency-Key", "k")], &body)
        };
        start().problem(403, "not_starter");
        app.user("eve", &["desk"]);
        start().ok(201);
        let stale = |tag: &str| {
            let headers = [JSON, ("Idempotency-Key", "version"), ("If-Match", tag)];
            app.by("alice").send("POST", &format!("{path}/unclaim"), &headers, "{}")
        };
        stale("\"1\"").problem(412, "stale_task");
        stale("\"4\"").ok(200);
    });
}
