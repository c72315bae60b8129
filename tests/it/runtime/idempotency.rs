//! `Idempotency-Key`: the same request sent again has the same answer and no second effect.

use super::*;
use crate::support::app::JSON;
use crate::support::on_both;
use kamflow::api::Limits;
use serde_json::json;

const FILES: [(&str, &str); 3] =
    [("processes/errand.yaml", ERRAND), ("processes/delivery.yaml", DELIVERY), ("records/thing.yaml", THING)];

const START: &str = "/api/v1/process-instances";
const THINGS: &str = "/api/v1/records/thing";

#[test]
fn the_same_key_and_body_give_the_same_answer_and_one_effect() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        let body = json!({"process": "errand", "variables": {"what": "w"}});
        let first = post(&ann, START, "abc123", &body);
        assert_eq!((first.status, first.header("idempotency-replayed")), (201, ""));
        for _ in 0..3 {
            let again = post(&ann, START, "abc123", &body);
            assert_eq!((again.status, &again.text), (201, &first.text));
            assert_eq!(again.header("idempotency-replayed"), "true");
            for header in ["location", "etag"] {
                assert_eq!(again.header(header), first.header(header));
            }
        }
        assert_eq!((rows(database, "instances"), rows(database, "idempotency")), (1, 1));
        // Another key is another request.
        assert_ne!(post(&ann, START, "abc124", &body).ok(201)["id"], first.json()["id"]);
        // Without a key nothing is kept.
        ann.post(START, body).ok(201);
        assert_eq!((rows(database, "instances"), rows(database, "idempotency")), (3, 2));
    });
}

#[test]
fn every_kind_of_change_is_replayed() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        let twice = |path: &str, body: Json, status: u16| {
            let first = post(&ann, path, "k", &body);
            assert_eq!(first.status, status, "{path}: {}", first.text);
            let again = post(&ann, path, "k", &body);
            assert_eq!(
                (again.status, &again.text, again.header("idempotency-replayed")),
                (status, &first.text, "true")
            );
            first.json()
        };
        let errand = twice(START, json!({"process": "errand"}), 201);
        let one = task(&ann, errand["id"].as_str().unwrap());
        assert_eq!(twice(&format!("/api/v1/user-tasks/{one}/claim"), json!({}), 200)["version"], 2);
        assert_eq!(twice(&format!("/api/v1/user-tasks/{one}/complete"), json!({}), 200)["version"], 3);
        let made = twice(THINGS, json!({"fields": {"name": "a"}}), 201);
        let path = format!("{THINGS}/{}", made["id"].as_str().unwrap());
        let body = json!({"fields": {"size": 1}}).to_string();
        let patch = || ann.send("PATCH", &path, &[JSON, ("Idempotency-Key", "k")], &body);
        let (first, again) = (patch(), patch());
        assert_eq!((first.status, &first.text), (200, &again.text));
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(ann.get(&path).ok(200)["version"], 2);
    });
}

#[test]
fn another_body_under_the_same_key_is_refused() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        post(&ann, THINGS, "k", &json!({"fields": {"name": "a"}})).ok(201);
        for _ in 0..2 {
            post(&ann, THINGS, "k", &json!({"fields": {"name": "b"}})).problem(422, "idempotency_key_reused");
        }
        assert_eq!(rows(database, "records"), 1);
        post(&ann, THINGS, "k", &json!({"fields": {"name": "a"}})).ok(201);
    });
}

#[test]
fn refusals_of_the_engine_are_kept() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        let made = ann.post(THINGS, json!({"fields": {"name": "a"}})).ok(201);
        // 409, although it would succeed by now.
        post(&ann, THINGS, "conflict", &json!({"fields": {"name": "a"}})).problem(409, "not_unique");
        let path = format!("{THINGS}/{}", made["id"].as_str().unwrap());
        ann.send("PATCH", &path, &[JSON], &json!({"fields": {"name": "b"}}).to_string()).ok(200);
        let again = post(&ann, THINGS, "conflict", &json!({"fields": {"name": "a"}}));
        again.problem(409, "not_unique");
        assert_eq!(again.header("idempotency-replayed"), "");
        post(&ann, THINGS, "other", &json!({"fields": {"name": "a"}})).ok(201);
        // 422, from the lane that needs no transaction of its own.
        let body = json!({"process": "errand", "variables": {"what": 7}});
        let first = post(&ann, START, "invalid", &body).problem(422, "invalid_variables");
        let again = post(&ann, START, "invalid", &body).problem(422, "invalid_variables");
        assert_eq!(first["errors"], again["errors"]);
        post(&ann, START, "invalid", &json!({"process": "errand"})).problem(422, "idempotency_key_reused");
    });
}

#[test]
fn what_may_come_out_differently_is_not_kept() {
    on_both(|database| {
        let app = with(database, &FILES);
        app.user("eve", &[]);
        let kept = |what: &str| assert_eq!(rows(database, "idempotency"), 0, "{what}");
        // 401
        let nobody = app.with_authorization("Bearer nothing");
        assert_eq!(post(&nobody, START, "k", &json!({"process": "errand"})).status, 401);
        kept("401");
        // 403: the token does not allow it; the person may not do it.
        let narrow = format!("Bearer {}", app.token(BUSINESS, "eve", Some(&["tasks:read"])));
        let narrow = app.with_authorization(&narrow);
        assert_eq!(post(&narrow, THINGS, "k", &json!({"fields": {"name": "a"}})).status, 403);
        let eve = app.by("eve");
        assert_eq!(post(&eve, THINGS, "k", &json!({"fields": {"name": "a"}})).status, 404);
        kept("403 and 404");
        let errand = app.by("ann").start("errand", json!({}));
        let one = task(&app.by("ann"), &errand);
        let complete = format!("/api/v1/user-tasks/{one}/complete");
        app.by("ann").post(&format!("/api/v1/user-tasks/{one}/claim"), json!({})).ok(200);
        post(&app.by("bob"), &complete, "k", &json!({})).problem(403, "task_of_another");
        kept("403 of the engine");
        // The role came: now it is carried out.
        app.user("eve", &["clerk"]);
        post(&app.by("eve"), THINGS, "k", &json!({"fields": {"name": "a"}})).ok(201);
        assert_eq!(rows(database, "idempotency"), 1);
    });
}

#[test]
fn a_key_belongs_to_one_caller_on_one_route_of_one_business() {
    on_both(|database| {
        let app = with(database, &FILES);
        let (ann, bob) = (app.by("ann"), app.by("bob"));
        let body = json!({"process": "errand"});
        let first = post(&ann, START, "k", &body).ok(201);
        let second = post(&bob, START, "k", &body).ok(201);
        assert_ne!(first["id"], second["id"]);
        post(&ann, THINGS, "k", &json!({"fields": {"name": "a"}})).ok(201);
        // The same verb on another task is another route.
        for errand in [&first, &second] {
            let one = task(&ann, errand["id"].as_str().unwrap());
            assert_eq!(post(&ann, &format!("/api/v1/user-tasks/{one}/claim"), "k", &json!({})).ok(200)["id"], one);
        }
        isolation::second_business(&app, &FILES);
        let elsewhere = post(&app.by_of("other", "ann"), START, "k", &body);
        assert_eq!((elsewhere.status, elsewhere.header("idempotency-replayed")), (201, ""));
        assert_ne!(elsewhere.json()["id"], first["id"]);
    });
}

#[test]
fn two_nodes_with_one_key_have_one_effect() {
    on_both(|database| {
        let app = with(database, &FILES);
        let other = TestApp::open(database, Limits::default());
        let nodes = [&app, &other];
        for round in 0..8 {
            let (path, body) = match round % 2 {
                0 => (START, json!({"process": "errand", "variables": {"what": format!("w{round}")}})),
                _ => (THINGS, json!({"fields": {"name": format!("t{round}")}})),
            };
            let key = format!("k{round}");
            let (one, two) = std::thread::scope(|scope| {
                let other = scope.spawn(|| post(&nodes[1].by("ann"), path, &key, &body));
                (post(&nodes[0].by("ann"), path, &key, &body), other.join().unwrap())
            });
            assert_eq!((one.status, two.status), (201, 201), "{} {}", one.text, two.text);
            assert_eq!(one.text, two.text);
            let replayed = [one, two].map(|answer| answer.header("idempotency-replayed") == "true");
            assert_ne!(replayed[0], replayed[1]);
        }
        assert_eq!((rows(database, "instances"), rows(database, "records"), rows(database, "idempotency")), (4, 4, 8));
    });
}

#[test]
fn many_repetitions_at_once_have_one_effect() {
    on_both(|database| {
        let app = with(database, &FILES);
        let all =
            (0..30).map(|n| keyed(ann(), thing(json!({"name": "a"})), "k", if n == 7 { "other" } else { "same" }));
        let answers = at_once(&app.runtime, all.collect());
        assert_eq!(rows(database, "records"), 1);
        let fresh = answers.iter().filter(|answer| matches!(answer, Ok(Done { replayed: false, .. }))).count();
        assert_eq!(fresh, 1);
        let reused = answers.iter().filter(|answer| code(answer) == "idempotency_key_reused").count();
        assert!(reused == 1 || reused == 29, "{reused}");
    });
}

#[test]
fn the_first_instance_of_a_business_key_is_an_answer_that_is_kept_too() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        let body = json!({"process": "delivery", "variables": {"event": "e"}});
        let first = ann.post(START, body.clone()).ok(201);
        let existing = post(&ann, START, "k", &body);
        assert_eq!((existing.status, &existing.json()["id"]), (200, &first["id"]));
        let again = post(&ann, START, "k", &body);
        assert_eq!((again.status, again.header("idempotency-replayed")), (200, "true"));
        let other = json!({"process": "delivery", "variables": {"event": "f"}});
        post(&ann, START, "k", &other).problem(422, "idempotency_key_reused");
        assert_eq!(rows(database, "instances"), 1);
    });
}

#[test]
fn a_kept_answer_survives_a_restart() {
    on_both(|database| {
        let body = json!({"process": "errand"});
        let first = {
            let app = with(database, &FILES);
            post(&app.by("ann"), START, "k", &body).ok(201)
        };
        let app = TestApp::open(database, Limits::default());
        let again = post(&app.by("ann"), START, "k", &body);
        assert_eq!((again.ok(201), again.header("idempotency-replayed")), (first, "true"));
        assert_eq!(rows(database, "instances"), 1);
    });
}

/// Sends a change under a key.
fn post(by: &Caller, path: &str, key: &str, body: &Json) -> Answer {
    by.send("POST", path, &[JSON, ("Idempotency-Key", key)], &body.to_string())
}
