//! Pages: complete, without gaps and repetitions, while new rows come in.

use super::desk::{Desk, deploy};
use crate::support::app::TestApp;
use crate::support::on_both;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// All ids of a list, read in pages of 25; after each page something happens.
fn read(app: &TestApp, path: &str, between: impl Fn()) -> Vec<String> {
    let (alice, mut ids, mut next) = (app.by("alice"), Vec::new(), Value::Null);
    loop {
        let cursor = next.as_str().map_or(String::new(), |next| format!("&cursor={next}"));
        let page = alice.get(&format!("{path}{cursor}")).ok(200);
        ids.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        next = page["next"].clone();
        if next.is_null() {
            return ids;
        }
        between();
    }
}

#[test]
fn pages_are_complete_while_new_rows_come_in() {
    on_both(|database| {
        let app = TestApp::start(database);
        deploy(&app);
        let alice = app.by("alice");
        let start = || {
            app.clock.advance(7);
            alice.start("trip", json!({"name": "Berlin"}))
        };
        let record = || {
            let new = alice.post("/api/v1/records/customer", json!({"fields": {"name": "Huaxin"}})).ok(201);
            new["id"].as_str().unwrap().to_owned()
        };
        let instances: BTreeSet<String> = (0..120).map(|_| start()).collect();
        let records: BTreeSet<String> = (0..120).map(|_| record()).collect();
        for path in [
            "/api/v1/process-instances?limit=25",
            "/api/v1/user-tasks?limit=25",
            "/api/v1/user-tasks?limit=25&sort=-createdAt",
            "/api/v1/user-tasks?limit=25&sort=-priority",
            "/api/v1/records/customer?limit=25",
        ] {
            let before = alice.get(&path.replace("limit=25", "limit=500")).ok(200);
            let before: Vec<String> = before["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["id"].as_str().unwrap().to_owned())
                .collect();
            assert!(before.len() >= 120, "{path}: {}", before.len());
            assert_eq!(read(&app, path, || ()), before, "the pages are the list");
            let grown = read(&app, path, || {
                start();
                record();
            });
            let unique: BTreeSet<&String> = grown.iter().collect();
            assert_eq!(unique.len(), grown.len(), "{path}: something came twice");
            assert!(before.iter().all(|id| unique.contains(id)), "{path}: something was left out");
        }
        let all: BTreeSet<String> = read(&app, "/api/v1/process-instances?limit=25", || ()).into_iter().collect();
        assert!(instances.is_subset(&all));
        let all: BTreeSet<String> = read(&app, "/api/v1/records/customer?limit=25", || ()).into_iter().collect();
        assert!(records.is_subset(&all));
    });
}

#[test]
fn a_page_has_one_to_five_hundred_items() {
    let app = Desk::start();
    for number in 0..3 {
        app.post("/api/v1/records/customer", json!({"fields": {"name": format!("c{number}")}})).ok(201);
    }
    for list in ["process-instances", "user-tasks", "incidents", "decisions", "users", "records/customer"] {
        for wrong in ["0", "501", "x", "-1", "1.5", ""] {
            let problem = app.get(&format!("/api/v1/{list}?limit={wrong}")).problem(400, "invalid_limit");
            assert_eq!(problem["errors"][0]["pointer"], "?limit", "{list}");
        }
        app.get(&format!("/api/v1/{list}?limit=500")).ok(200);
    }
    let page = app.get("/api/v1/records/customer?limit=1").ok(200);
    assert_eq!((page["items"].as_array().unwrap().len(), &page["total"]), (1, &json!(3)));
    let body = json!({"page": {"limit": 2, "cursor": page["next"]}});
    let page = app.post("/api/v1/records/customer/search", body).ok(200);
    assert_eq!((page["items"].as_array().unwrap().len(), &page["next"]), (2, &Value::Null));
}

#[test]
fn a_history_goes_on_where_it_ended() {
    let app = Desk::start();
    let task = app.task();
    app.post(&format!("{task}/claim"), json!({})).ok(200);
    app.post(&format!("{task}/complete"), json!({"outcome": "grant"})).ok(200);
    let instance = app.get(&task).ok(200)["instance"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/process-instances/{instance}/history");
    let all = app.get(&path).ok(200);
    let kinds: Vec<&str> =
        all["items"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
    assert_eq!((kinds[0], *kinds.last().unwrap()), ("instance_started", "instance_ended"));
    let (mut parts, mut after) = (Vec::new(), json!(0));
    while !after.is_null() {
        let part = app.get(&format!("{path}?after={after}&limit=3")).ok(200);
        parts.extend(part["items"].as_array().unwrap().clone());
        after = part["next"].clone();
    }
    assert_eq!(json!(parts), all["items"]);
}
