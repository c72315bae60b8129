//! Searches, versions, repetitions and tokens: what requests carry beside their body.

use crate::support::{BUSINESS, JSON, PASSWORD, TestApp};
use kamflow::api::Limits;
use serde_json::{Value, json};
use std::time::Duration;

const TASKS: &str = "/api/v1/user-tasks";
const CLAIM: &str = "/api/v1/user-tasks/t1/claim";

#[test]
fn what_cannot_be_searched_is_refused_with_its_place() {
    let app = TestApp::start();
    let refused = |body: Value, code: &str| {
        let problem = app.post("/api/v1/user-tasks/search", body).problem(400, code);
        problem["errors"][0]["pointer"].as_str().unwrap().to_owned()
    };
    assert_eq!(refused(json!({"filter": {"due": {"$before": 1}}}), "unknown_operator"), "/filter/due/$before");
    assert_eq!(refused(json!({"filter": {"state": {"$in": "created"}}}), "invalid_operand"), "/filter/state/$in");
    assert_eq!(refused(json!({"filter": {"name": {"$like": 1}}}), "invalid_operand"), "/filter/name/$like");
    assert_eq!(refused(json!({"sort": ["due", "priority"]}), "invalid_sort"), "/sort/1");
    assert_eq!(refused(json!({"page": {"limit": 501}}), "invalid_limit"), "/page/limit");
    assert_eq!(refused(json!({"page": {"limit": 0}}), "invalid_limit"), "/page/limit");
    assert_eq!(refused(json!({"page": {"size": 1}}), "invalid_body"), "/page/size");
    let detail = app.get("/api/v1/user-tasks?stat=created").problem(400, "unknown_parameter")["detail"].clone();
    assert_eq!(detail, "the query parameter \"stat\" is not known here; did you mean \"state\"?");
    for (query, code) in [
        ("limit=0", "invalid_limit"),
        ("limit=501", "invalid_limit"),
        ("limit=x", "invalid_limit"),
        ("sort=-", "invalid_sort"),
    ] {
        app.get(&format!("{TASKS}?{query}")).problem(400, code);
    }
    app.get("/api/v1/user-tasks/t1?limit=1").problem(400, "unknown_parameter");
    app.get("/api/v1/process-instances/i/history?after=x").problem(400, "invalid_parameter");
}

#[test]
fn a_version_is_one_entity_tag_with_its_quotes() {
    let app = TestApp::start();
    let record = "/api/v1/records/customer/r1";
    let patch = |tag: &str| app.send("PATCH", record, &[app.alice(), JSON, ("If-Match", tag)], r#"{"fields": {}}"#);
    for wrong in ["7", "W/\"7\"", "\"7", "\"\"", "\"-1\"", "\"6\", \"7\"", "\"x\""] {
        patch(wrong).problem(400, "invalid_if_match");
    }
}

#[test]
fn an_idempotency_key_is_visible_and_short() {
    let app = TestApp::start();
    let claim = |key: &str| app.send("POST", CLAIM, &[app.alice(), ("Idempotency-Key", key)], "");
    assert_ne!(claim(&"k".repeat(255)).status, 400);
    for wrong in ["", "two words", "schlüssel", &"k".repeat(256)] {
        claim(wrong).problem(400, "invalid_idempotency_key");
    }
    let twice = [app.alice(), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")];
    app.send("POST", CLAIM, &twice, "").problem(400, "invalid_idempotency_key");
}

#[test]
fn searches_do_not_heed_an_idempotency_key() {
    let app = TestApp::start();
    let headers = [app.alice(), JSON, ("Idempotency-Key", "not even valid")];
    assert_eq!(app.send("POST", "/api/v1/user-tasks/search", &headers, "{}").status, 200);
}

#[test]
fn a_token_is_given_for_a_form_and_for_json() {
    let app = TestApp::start();
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let body = "grant_type=password&business=acme&username=alice&password=correct+horse&state=unknown+to+us";
    let answer = app.send("POST", "/api/v1/auth/token", &[form], body);
    let token = answer.json();
    assert_eq!((&token["token_type"], &token["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store", "no-cache"));
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    assert_eq!(app.send("GET", "/api/v1/users/me", &[("Authorization", &bearer)], "").status, 200);
    let body = json!({"grant_type": "password", "business": BUSINESS, "username": "alice", "password": PASSWORD});
    assert_eq!(app.send("POST", "/api/v1/auth/token", &[JSON], &body.to_string()).status, 200);
}

#[test]
fn a_token_is_refused_in_the_words_of_rfc_6749() {
    let app = TestApp::start();
    let ask = |body: Value| app.send("POST", "/api/v1/auth/token", &[JSON], &body.to_string());
    let password = |password: &str| json!({"grant_type": "password", "business": BUSINESS, "username": "bob", "password": password});
    let problem = ask(password("wrong")).problem(400, "invalid_grant");
    assert_eq!((&problem["error"], &problem["error_description"]), (&json!("invalid_grant"), &problem["detail"]));
    ask(json!({"grant_type": "implicit", "business": BUSINESS})).problem(400, "unsupported_grant_type");
    ask(json!({"business": BUSINESS})).problem(400, "invalid_request");
    ask(json!({"grant_type": "password", "business": BUSINESS, "username": "bob"})).problem(400, "invalid_request");
    let problem = ask(json!({"grant_type": "password", "pass": 1})).problem(400, "invalid_body");
    assert_eq!(problem["error"], "invalid_request");
    let basic = ("Authorization", "Basic aW1wb3J0OnNlY3JldA==");
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let answer = app.send("POST", "/api/v1/auth/token", &[form, basic], "grant_type=client_credentials&business=acme");
    assert_eq!(answer.problem(401, "invalid_client")["error"], "invalid_client");
    assert!(answer.header("www-authenticate").starts_with("Basic"));
    let twice = app.send("POST", "/api/v1/auth/token", &[form], "grant_type=password&grant_type=password");
    twice.problem(400, "invalid_request");
    app.send("POST", "/api/v1/auth/token", &[("Content-Type", "text/xml")], "<x/>")
        .problem(415, "unsupported_media_type");
}

#[test]
fn guessing_passwords_gets_slow_but_logging_in_does_not() {
    let limits = Limits {
        attempts_per_user: 3,
        attempts_per_address: 5,
        attempt_every: Duration::from_secs(3600),
        ..Limits::default()
    };
    let app = TestApp::with(limits);
    let login = |user: &str, password: &str| {
        let body = json!({"grant_type": "password", "business": BUSINESS, "username": user, "password": password});
        app.send("POST", "/api/v1/auth/token", &[JSON], &body.to_string())
    };
    for _ in 0..10 {
        assert_eq!(login("alice", PASSWORD).status, 200);
    }
    for _ in 0..3 {
        login("bob", "wrong").problem(400, "invalid_grant");
    }
    let answer = login("bob", PASSWORD);
    assert_eq!(answer.problem(429, "rate_limited")["retryable"], true);
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 3000);
    assert_eq!(login("alice", PASSWORD).status, 200, "another user is not held up");
    login("carol", "wrong").problem(400, "invalid_grant");
    login("dave", "wrong").problem(400, "invalid_grant");
    login("erin", "wrong").problem(429, "rate_limited");
}
