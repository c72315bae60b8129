//! Searches, versions, repetitions and tokens: what requests carry beside their body.

use super::desk::{Desk, PASSWORD};
use crate::support::app::{BUSINESS, JSON};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kamflow::api::Limits;
use serde_json::{Value, json};
use std::time::Duration;

const TASKS: &str = "/api/v1/user-tasks";
const CLAIM: &str = "/api/v1/user-tasks/t1/claim";

#[test]
fn what_cannot_be_searched_is_refused_with_its_place() {
    let app = Desk::start();
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
    let detail = app.get("/api/v1/process-instances?stat=active").problem(400, "unknown_parameter")["detail"].clone();
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
    let app = Desk::start();
    let record = "/api/v1/records/customer/r1";
    let patch = |tag: &str| app.send("PATCH", record, &[app.alice(), JSON, ("If-Match", tag)], r#"{"fields": {}}"#);
    for wrong in ["7", "W/\"7\"", "\"7", "\"\"", "\"-1\"", "\"6\", \"7\"", "\"x\""] {
        patch(wrong).problem(400, "invalid_if_match");
    }
}

#[test]
fn an_idempotency_key_is_visible_and_short() {
    let app = Desk::start();
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
    let app = Desk::start();
    let headers = [app.alice(), JSON, ("Idempotency-Key", "not even valid")];
    assert_eq!(app.send("POST", "/api/v1/user-tasks/search", &headers, "{}").status, 200);
}

#[test]
fn a_token_is_given_for_a_form_and_for_json() {
    let app = Desk::start();
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let body = "grant_type=password&business=main&username=alice&password=correct+horse&state=unknown+to+us";
    let answer = app.send("POST", "/api/v1/auth/token", &[form], body);
    let token = answer.json();
    assert_eq!((&token["token_type"], &token["expires_in"]), (&json!("Bearer"), &json!(3600)));
    assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store", "no-cache"));
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    assert_eq!(app.send("GET", "/api/v1/users/me", &[("Authorization", &bearer)], "").status, 200);
    let body = json!({"grant_type": "password", "business": BUSINESS, "username": "alice", "password": PASSWORD});
    assert_eq!(app.send("POST", "/api/v1/auth/token", &[JSON], &body.to_string()).status, 200);
}

#[test]
fn a_token_is_refused_in_the_words_of_rfc_6749() {
    let app = Desk::start();
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
    let answer = app.send("POST", "/api/v1/auth/token", &[form, basic], "grant_type=client_credentials&business=main");
    assert_eq!(answer.problem(401, "invalid_client")["error"], "invalid_client");
    assert!(answer.header("www-authenticate").starts_with("Basic"));
    let twice = app.send("POST", "/api/v1/auth/token", &[form], "grant_type=password&grant_type=password");
    twice.problem(400, "invalid_request");
    app.send("POST", "/api/v1/auth/token", &[("Content-Type", "text/xml")], "<x/>")
        .problem(415, "unsupported_media_type");
}

#[test]
fn a_service_account_gets_a_token_of_its_own_scopes() {
    let app = Desk::start();
    let client = json!({"name": "Import", "secret": PASSWORD, "scopes": ["records:write"], "roles": ["desk"]});
    app.send("PUT", "/api/v1/clients/import", &[app.alice(), JSON], &client.to_string()).ok(200);
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let basic = format!("Basic {}", STANDARD.encode("import:correct+horse"));
    let headers = [form, ("Authorization", basic.as_str())];
    let token = app.send("POST", "/api/v1/auth/token", &headers, "grant_type=client_credentials&business=main").ok(200);
    assert_eq!(token["scope"], "records:write");
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let me = app.send("GET", "/api/v1/users/me", &[("Authorization", &bearer)], "").ok(200);
    assert_eq!((&me["id"], &me["roles"]), (&json!("import"), &json!(["desk"])));
    let wider =
        app.send("POST", "/api/v1/auth/token", &headers, "grant_type=client_credentials&business=main&scope=admin");
    wider.problem(400, "invalid_scope");
    // Tasks and owners are named by the same ids: nobody can pass for somebody else.
    app.send("PUT", "/api/v1/clients/alice", &[app.alice(), JSON], &client.to_string()).problem(409, "id_taken");
    let user = json!({"name": "Import"}).to_string();
    app.send("PUT", "/api/v1/users/import", &[app.alice(), JSON], &user).problem(409, "id_taken");
}

#[test]
fn a_token_ends_by_itself_and_with_its_account() {
    let app = Desk::start();
    let bearer = format!("Bearer {}", app.app.token(BUSINESS, "alice", None));
    let alice = app.app.with_authorization(&bearer);
    app.app.advance("PT1H");
    assert_eq!(alice.get("/api/v1/users/me").status, 200, "clocks may differ by half a minute");
    app.app.advance("PT30S");
    assert_eq!(alice.get("/api/v1/users/me").problem(401, "unauthenticated")["detail"], "the token has expired");
    let bearer = app.bearer("bob", &["desk"]);
    let bob = app.app.with_authorization(&bearer);
    bob.get("/api/v1/user-tasks").ok(200);
    let alice = app.app.by("alice");
    let put = |body: Value| alice.send("PUT", "/api/v1/users/bob", &[JSON], &body.to_string()).ok(200);
    put(json!({"name": "Bob", "roles": ["process_admin"]}));
    assert_eq!(bob.get("/api/v1/users/me").ok(200)["roles"], json!(["process_admin"]), "roles are those of now");
    put(json!({"name": "Bob", "active": false}));
    let detail = bob.get("/api/v1/user-tasks").problem(401, "unauthenticated")["detail"].clone();
    assert_eq!(detail, "the account of this token is not active any more");
}

#[test]
fn a_token_is_ended_by_whoever_it_belongs_to() {
    let app = Desk::start();
    let bearer = |login: &str| format!("Bearer {}", app.app.token(BUSINESS, login, None));
    app.bearer("bob", &["desk"]);
    let (one, two, bobs) = (bearer("alice"), bearer("alice"), bearer("bob"));
    let me = |bearer: &str| app.send("GET", "/api/v1/users/me", &[("Authorization", bearer)], "");
    let revoke = |by: &str, token: &str| {
        let body = json!({"token": token.trim_start_matches("Bearer ")}).to_string();
        app.send("POST", "/api/v1/auth/revoke", &[("Authorization", by), JSON], &body)
    };
    for bearer in [&one, &two, &bobs] {
        assert_eq!(me(bearer).status, 200);
    }
    for token in [bobs.as_str(), "no token at all", ""] {
        assert_eq!(revoke(&one, token).ok(200), json!({}), "it tells nobody whose token it is");
    }
    assert_eq!(me(&bobs).status, 200, "alice cannot end it");
    assert_eq!(revoke(&one, &two).ok(200), json!({}));
    assert_eq!(me(&two).problem(401, "unauthenticated")["detail"], "the token was revoked");
    assert_eq!(me(&one).status, 200, "another token of hers");
    let form = [("Authorization", one.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
    let body = format!("token={}&token_type_hint=access_token", one.trim_start_matches("Bearer "));
    app.send("POST", "/api/v1/auth/revoke", &form, &body).ok(200);
    assert_eq!(me(&one).status, 401, "the very token that asked");
    app.send("POST", "/api/v1/auth/revoke", &[JSON], "{}").problem(401, "unauthenticated");
}

#[test]
fn guessing_passwords_gets_slow_but_logging_in_does_not() {
    let limits = Limits {
        attempts_per_user: 3,
        attempts_per_address: 5,
        attempt_every: Duration::from_secs(3600),
        ..Limits::default()
    };
    let app = Desk::with(limits);
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
