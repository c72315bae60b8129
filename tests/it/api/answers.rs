//! What the runtime answers becomes HTTP: with a stand-in that knows a handful of things by heart.

use crate::support::{Answer, CHINESE, JSON, TestApp};
use kamflow::api::Limits;
use serde_json::json;
use std::sync::{Arc, mpsc};
use std::time::Duration;

const RECORDS: &str = "/api/v1/records/customer";
const CLAIM: &str = "/api/v1/user-tasks/t1/claim";

/// What the stand-in for the runtime says it was asked.
fn asked(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["items"][0]["search"]["said"].as_str().unwrap().to_owned()
}

#[test]
fn numbers_keep_every_digit() {
    let app = TestApp::start();
    let body =
        r#"{"fields":{"big":123456789012345678901234567890,"fine":0.1000000000000000055511151231257827,"zero":1.50}}"#;
    let answer = app.post_text(RECORDS, body);
    assert_eq!(answer.status, 201, "{}", answer.text);
    for digits in ["123456789012345678901234567890", "0.1000000000000000055511151231257827", "1.50"] {
        assert!(answer.text.contains(&format!(":{digits}")), "{}", answer.text);
    }
}

#[test]
fn a_verb_needs_no_body_at_all() {
    let app = TestApp::start();
    let answer = app.send("POST", "/api/v1/user-tasks/t1/claim", &[app.alice()], "");
    assert_eq!((answer.status, answer.header("etag")), (200, "\"7\""));
    let task = answer.json();
    assert_eq!((&task["state"], &task["assignee"]), (&json!("claimed"), &json!("alice")));
    assert_eq!(task["allowedActions"], json!(["unclaim", "complete"]));
    assert_eq!((&task["due"], &task["title"]["zh"]), (&json!("2023-11-14T22:13:20Z"), &json!("复核")));
}

#[test]
fn a_conflict_says_what_the_matter_is_in_both_languages() {
    let app = TestApp::start();
    let problem = app.post("/api/v1/user-tasks/taken/claim", json!({})).problem(409, "task_already_claimed");
    assert_eq!(problem["title"], "The task is already claimed");
    assert_eq!(problem["detail"], "task taken is already claimed by bob; bob can give it back");
    assert_eq!(problem["present"], json!({"state": "claimed"}));
    assert_eq!((&problem["retryable"], &problem["errors"]), (&json!(false), &json!([])));
    let answer = app.send("POST", "/api/v1/user-tasks/taken/claim", &[app.alice(), JSON, CHINESE], "{}");
    let problem = answer.problem(409, "task_already_claimed");
    assert_eq!(problem["title"], "任务已被认领");
    assert_eq!(problem["detail"], "任务 taken 已被 bob 认领；bob 可以退回");
    assert_eq!((answer.header("content-language"), answer.header("vary")), ("zh", "Accept-Language"));
}

#[test]
fn busy_and_failures_inside_say_whether_to_come_again_and_nothing_of_the_inside() {
    let app = TestApp::start();
    let answer = app.post("/api/v1/process-instances", json!({"process": "p"}));
    assert_eq!(answer.problem(503, "busy")["retryable"], true);
    assert_eq!(answer.header("retry-after"), "1");
    let problem = app.get("/api/v1/process-instances/i1").problem(500, "internal");
    assert!(!problem.to_string().contains("no runtime"), "{problem}");
}

#[test]
fn a_search_becomes_conditions_order_and_page() {
    let app = TestApp::start();
    let body = json!({
        "filter": {"state": {"$in": ["created", "claimed"]}, "due": {"$gte": "2026-01-01T00:00:00Z", "$lte": "2026-02-01T00:00:00Z"}, "name": {"$like": "华新%"}, "assignee": "alice"},
        "sort": ["-due"], "page": {"limit": 20, "cursor": "abc"}
    });
    let said = asked(&app.post("/api/v1/user-tasks/search", body));
    for part in ["\"assignee\", operator: Eq", "operator: Gte", "operator: Lte", "operator: In", "operator: Like"] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    assert!(said.contains("sort: Some((\"due\", true)), cursor: Some(\"abc\"), limit: 20"), "{said}");
    let said = asked(&app.post("/api/v1/user-tasks/search", json!({})));
    assert!(said.contains("filter: [], sort: None, cursor: None, limit: 50"), "{said}");
}

#[test]
fn the_query_of_a_list_says_the_same_in_short() {
    let app = TestApp::start();
    let said =
        asked(&app.get("/api/v1/user-tasks?state=created&state=claimed&assignee=%E6%9D%8E+na&sort=due&limit=500"));
    assert!(
        said.contains("\"state\", operator: In, value: Array [String(\"created\"), String(\"claimed\")]"),
        "{said}"
    );
    assert!(said.contains("\"assignee\", operator: Eq, value: String(\"李 na\")"), "{said}");
    assert!(said.contains("sort: Some((\"due\", false)), cursor: None, limit: 500"), "{said}");
}

#[test]
fn a_page_counts_up_to_ten_thousand() {
    let app = TestApp::start();
    let page = app.get("/api/v1/user-tasks?cursor=abc").json();
    assert_eq!((&page["total"], &page["next"]), (&json!("10000+"), &json!("abc")));
}

#[test]
fn what_is_created_says_where_it_is() {
    let app = TestApp::start();
    let money = json!({"amount": "1234.50", "currency": "CNY"});
    let answer = app.post("/api/v1/records/opportunity", json!({"fields": {"amount": money}}));
    assert_eq!((answer.status, answer.header("location")), (201, "/api/v1/records/opportunity/r1"));
    assert_eq!(answer.header("etag"), "\"1\"");
    assert_eq!(answer.json()["fields"]["amount"], money);
}

#[test]
fn a_version_goes_out_and_an_old_one_is_refused() {
    let app = TestApp::start();
    assert_eq!(app.get("/api/v1/user-tasks/t1").header("etag"), "\"7\"");
    let old = [app.alice(), JSON, ("If-Match", "\"6\"")];
    app.send("PATCH", "/api/v1/records/customer/r1", &old, r#"{"fields": {}}"#).problem(412, "stale");
    assert_eq!(app.send("POST", CLAIM, &[app.alice(), ("If-Match", "*")], "").status, 200);
}

#[test]
fn a_repetition_says_that_it_is_one() {
    let app = TestApp::start();
    let claim = |key: &str| app.send("POST", CLAIM, &[app.alice(), ("Idempotency-Key", key)], "");
    let first = claim("0199c1f0-7c1e-7d7a");
    assert_eq!((first.status, first.header("idempotency-replayed")), (200, ""));
    assert_eq!(claim("again").header("idempotency-replayed"), "true");
}

#[test]
fn a_repetition_that_comes_too_early_is_turned_away() {
    let app = Arc::new(TestApp::start());
    let (send, receive) = mpsc::channel();
    for _ in 0..2 {
        let (app, send) = (app.clone(), send.clone());
        std::thread::spawn(move || {
            let headers = [app.alice(), ("Idempotency-Key", "k")];
            send.send(app.send("POST", "/api/v1/user-tasks/waits/claim", &headers, "")).unwrap();
        });
    }
    let turned_away = receive.recv().unwrap();
    assert_eq!(turned_away.problem(409, "idempotency_key_running")["retryable"], true);
    assert_eq!(app.post("/api/v1/user-tasks/go/claim", json!({})).status, 500);
    assert_eq!(receive.recv().unwrap().status, 200);
}

#[test]
fn a_request_that_takes_too_long_is_answered_all_the_same() {
    let app = TestApp::with(Limits { timeout: Duration::from_millis(20), ..Limits::default() });
    let path = "/api/v1/user-tasks/never/claim";
    assert_eq!(app.post(path, json!({})).problem(503, "timed_out_change")["retryable"], false);
    let keyed = app.send("POST", path, &[app.alice(), ("Idempotency-Key", "k")], "");
    assert_eq!(keyed.problem(503, "timed_out")["retryable"], true);
    assert_eq!(keyed.header("retry-after"), "1");
}
