//! What the runtime answers becomes HTTP.

use super::desk::{Desk, deploy, task};
use crate::support::app::{BUSINESS, CHINESE, JSON, TestApp};
use crate::support::on_both;
use diesel::connection::SimpleConnection;
use serde_json::json;

const RECORDS: &str = "/api/v1/records/customer";

#[test]
fn numbers_keep_every_digit() {
    on_both(|database| {
        let app = TestApp::start(database);
        deploy(&app);
        let body = r#"{"fields":{"name":"n","raw":{"big":123456789012345678901234567890,"fine":0.1000000000000000055511151231257827,"zero":1.50}}}"#;
        let created = app.by("alice").send("POST", RECORDS, &[JSON], body);
        let id = created.ok(201)["id"].as_str().unwrap().to_owned();
        let read = app.by("alice").get(&format!("{RECORDS}/{id}"));
        for digits in ["123456789012345678901234567890", "0.1000000000000000055511151231257827", "1.50"] {
            assert!(created.text.contains(&format!(":{digits}")), "{}", created.text);
            assert!(read.text.contains(&format!(":{digits}")), "{}", read.text);
        }
    });
}

#[test]
fn a_verb_needs_no_body_at_all() {
    let app = Desk::start();
    let path = app.task();
    assert_eq!(app.get(&path).header("etag"), "\"1\"");
    let answer = app.send("POST", &format!("{path}/claim"), &[app.alice()], "");
    assert_eq!((answer.status, answer.header("etag")), (200, "\"2\""));
    let task = answer.json();
    assert_eq!((&task["state"], &task["assignee"]), (&json!("claimed"), &json!("alice")));
    assert_eq!(task["allowedActions"], json!(["unclaim", "complete", "delegate", "createSubTask", "assign", "update"]));
    assert_eq!((&task["due"], &task["title"]["zh"]), (&json!("2026-03-03T00:00:00Z"), &json!("审批")));
    assert_eq!(task["search"], json!({"name": "Berlin"}));
}

#[test]
fn a_conflict_says_what_the_matter_is_in_both_languages() {
    on_both(|database| {
        let app = TestApp::start(database);
        deploy(&app);
        app.user("bob", &["desk"]);
        let path = task(&app, "trip", "Berlin");
        let id = path.rsplit('/').next().unwrap();
        app.by("bob").post(&format!("{path}/claim"), json!({})).ok(200);
        let problem = app.by("alice").post(&format!("{path}/claim"), json!({})).problem(409, "task_already_claimed");
        assert_eq!(problem["title"], "The task is already claimed");
        assert_eq!(problem["detail"], format!("task {id} is already claimed by bob; bob can give it back"));
        let present = &problem["present"];
        assert_eq!((&present["state"], &present["assignee"]), (&json!("claimed"), &json!("bob")));
        assert_eq!(*present, app.by("alice").get(&path).ok(200), "shown as the task itself is");
        assert_eq!((&problem["retryable"], &problem["errors"]), (&json!(false), &json!([])));
        let answer = app.by("alice").send("POST", &format!("{path}/claim"), &[JSON, CHINESE], "{}");
        let problem = answer.problem(409, "task_already_claimed");
        assert_eq!(problem["title"], "任务已被认领");
        assert_eq!(problem["detail"], format!("任务 {id} 已被 bob 认领；bob 可以退回"));
        assert_eq!((answer.header("content-language"), answer.header("vary")), ("zh", "Accept-Language"));
    });
}

#[test]
fn a_page_counts_up_to_ten_thousand() {
    on_both(|database| {
        let app = TestApp::start(database);
        let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) \
                    INSERT INTO users (business, id, name, active, roles, attributes, created_at, version) \
                    SELECT 'main', 'user-' || i, 'x', TRUE, '[]', '{}', 0, 1 FROM n";
        let fill = |sql: &str| database.connect().batch_execute(sql).unwrap();
        std::thread::scope(|scope| scope.spawn(|| fill(many)).join().unwrap());
        let page = app.by("alice").get("/api/v1/users?limit=2").ok(200);
        assert_eq!((&page["total"], page["items"].as_array().unwrap().len()), (&json!("10000+"), 2));
        let page = app.by("alice").get("/api/v1/users?limit=2&role=admin").ok(200);
        assert_eq!((&page["total"], &page["next"]), (&json!(1), &json!(null)));
    });
}

#[test]
fn what_is_created_says_where_it_is() {
    let app = Desk::start();
    let money = json!({"amount": "1234.50", "currency": "CNY"});
    let answer = app.post(RECORDS, json!({"fields": {"name": "Huaxin", "amount": money}}));
    let record = answer.ok(201);
    let place = format!("{RECORDS}/{}", record["id"].as_str().unwrap());
    assert_eq!((answer.header("location"), answer.header("etag")), (place.as_str(), "\"1\""));
    assert_eq!(record["fields"]["amount"], money);
    assert_eq!(app.get(&place).ok(200), record);
    let answer = app.post("/api/v1/process-instances", json!({"process": "trip", "variables": {"name": "Rome"}}));
    let place = answer.header("location").to_owned();
    assert_eq!(app.get(&place).ok(200)["variables"]["name"], "Rome");
    let business = json!({"id": "west", "title": {"en": "West", "zh": "西部"}, "currency": "CNY", "timeZone": "UTC"});
    let answer = app.post("/api/v1/businesses", business);
    assert_eq!((answer.status, answer.header("location")), (201, ""), "only a token of the new business opens it");
    assert_eq!(app.get("/api/v1/businesses/current").ok(200)["id"], BUSINESS);
}

#[test]
fn a_business_key_that_is_taken_gives_the_first_instance() {
    on_both(|database| {
        let app = TestApp::start(database);
        deploy(&app);
        let start = |variables| {
            let body = json!({"process": "trip-keyed", "variables": variables});
            app.by("alice").post("/api/v1/process-instances", body)
        };
        let first = start(json!({"key": "K-1"})).ok(201);
        let again = start(json!({"key": "K-1"}));
        assert_eq!(again.ok(200)["id"], first["id"]);
        assert_eq!((again.header("location"), first["businessKey"].as_str()), ("", Some("K-1")));
        start(json!({"key": "K-1", "more": "x"})).problem(422, "business_key_reused");
        app.user("bob", &[]);
        let body = json!({"process": "trip-keyed", "variables": {"key": "K-2"}});
        app.by("bob").post("/api/v1/process-instances", body).problem(403, "not_starter");
    });
}
