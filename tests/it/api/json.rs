//! JSON bodies: what is let in, what is refused, and where it is wrong.

use super::desk::Desk;
use crate::support::app::{CHINESE, JSON};
use serde_json::{Value, json};

const RECORDS: &str = "/api/v1/records/customer";

/// The one place that a 400 names.
fn place(problem: &Value) -> (&str, &str, &str) {
    let errors = problem["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{problem}");
    let text = |name: &str| errors[0][name].as_str().unwrap();
    (text("pointer"), text("code"), text("detail"))
}

#[test]
fn what_is_no_json_is_refused() {
    let app = Desk::start();
    for body in
        ["{", "{\"fields\": }", "[1,]", "nonsense", "{} {}", "\u{feff}{}", "{\"fields\": {\"a\": 01}}", "\"\u{1}\""]
    {
        app.post_text(RECORDS, body).problem(400, "malformed_json");
    }
}

#[test]
fn a_key_that_is_given_twice_is_refused_wherever_it_stands() {
    let app = Desk::start();
    let cases = [
        (r#"{"fields": {}, "fields": {"a": 1}}"#, "/fields"),
        (r#"{"fields": {"a": 1, "b": [{"c": 1, "\u0063": 2}]}}"#, "/fields/b/0/c"),
        (r#"{"fields": {"x/y": {"~": 1, "~": 1}}}"#, "/fields/x~1y/~0"),
    ];
    for (body, pointer) in cases {
        let problem = app.post_text(RECORDS, body).problem(400, "duplicate_key");
        assert_eq!(place(&problem).0, pointer);
    }
    let alike = r#"{"fields": {"a": {"x": "x"}, "x": "\"x\": 1, \"x\"", "b": [{"x": 1}, {"x": 2}]}}"#;
    assert_ne!(app.post_text(RECORDS, alike).status, 400);
}

#[test]
fn nesting_ends_at_a_limit_and_not_in_a_crash() {
    let app = Desk::start();
    let nested = |levels: usize| format!("{{\"fields\": {{\"a\": {}{}}}}}", "[".repeat(levels), "]".repeat(levels));
    assert_ne!(app.post_text(RECORDS, &nested(62)).status, 400);
    app.post_text(RECORDS, &nested(63)).problem(400, "too_deep");
    app.post_text(RECORDS, &"[".repeat(500_000)).problem(400, "too_deep");
}

#[test]
fn the_character_that_no_database_keeps_is_refused_with_its_place() {
    let app = Desk::start();
    let problem = app.post_text(RECORDS, r#"{"fields": {"names": ["a", "b\u0000"]}}"#).problem(422, "nul_character");
    assert_eq!(place(&problem).0, "/fields/names/1");
    let problem = app.post_text(RECORDS, r#"{"fields": {"na\u0000me": 1}}"#).problem(422, "nul_character");
    assert_eq!(place(&problem).0, "/fields/na\0me");
    let escaped = app.post_text(RECORDS, r#"{"fields": {"name": "\\u0000"}}"#);
    assert_ne!(escaped.json()["code"], "nul_character");
}

#[test]
fn unknown_fields_come_with_the_nearest_name() {
    let app = Desk::start();
    let body = json!({"outcome": "same", "variabels": {}});
    let problem = app.post("/api/v1/user-tasks/t1/complete", body).problem(400, "invalid_body");
    let detail = "the field \"variabels\" is not known here; did you mean \"variables\"?";
    assert_eq!(place(&problem), ("/variabels", "unknown_field", detail));
    let body = r#"{"files": [{"path": "workflows/a/b.yaml", "content": ""}, {"path": "x", "contents": ""}]}"#;
    let problem = app.post_text("/api/v1/deployments/validate", body).problem(400, "invalid_body");
    assert_eq!(place(&problem).0, "/files/1/contents");
    let problem = app.post("/api/v1/user-tasks/t1/claim", json!({"zzz": 1})).problem(400, "invalid_body");
    assert_eq!(place(&problem).1, "unknown_field");
    let answer =
        app.send("POST", "/api/v1/user-tasks/t1/complete", &[app.alice(), JSON, CHINESE], r#"{"variabels": {}}"#);
    assert_eq!(place(&answer.problem(400, "invalid_body")).2, "字段“variabels”无法识别；是否指“variables”？");
}

#[test]
fn wrong_and_missing_values_come_with_their_place() {
    let app = Desk::start();
    let refused = |path: &str, body: Value| app.post(path, body).problem(400, "invalid_body");
    let problem = refused("/api/v1/process-instances", json!({"variables": {}}));
    assert_eq!(place(&problem), ("/process", "missing", "the field \"process\" is missing"));
    let problem = refused("/api/v1/process-instances", json!({"process": 7}));
    assert_eq!(place(&problem), ("/process", "wrong_type", "this takes a text"));
    let problem = refused("/api/v1/process-instances", json!({"process": "p", "variables": []}));
    assert_eq!(place(&problem), ("/variables", "wrong_type", "this takes an object"));
    let problem = refused("/api/v1/deployments/validate", json!({"files": [{"path": "a", "content": null}]}));
    assert_eq!(place(&problem), ("/files/0/content", "wrong_type", "this takes a text"));
    let problem = refused("/api/v1/user-tasks/search", json!({"page": {"limit": "many"}}));
    assert_eq!(place(&problem), ("/page/limit", "wrong_type", "this takes a whole number"));
    refused("/api/v1/process-instances", json!("p"));
    refused("/api/v1/process-instances", json!(["p", {}]));
    refused("/api/v1/user-tasks/t1/claim", json!([]));
}

#[test]
fn deployed_paths_stay_inside_their_folders() {
    let app = Desk::start();
    let wrong = [
        "/etc/passwd",
        "workflows/../x",
        "plugins//x",
        "src/api/mod.rs",
        "workflows\\a\\b",
        "plugins/a",
        "plugins/a/\n",
    ];
    let files: Vec<Value> = wrong.iter().map(|path| json!({"path": path, "content": ""})).collect();
    let problem = app.post("/api/v1/deployments", json!({"files": files})).problem(422, "invalid_path");
    assert_eq!(problem["errors"].as_array().unwrap().len(), wrong.len(), "{problem}");
    let twice = json!({"files": [{"path": "plugins/a/b", "content": ""}, {"path": "plugins/a/b", "content": ""}]});
    let problem = app.post("/api/v1/deployments", twice).problem(422, "invalid_path");
    assert_eq!(place(&problem), ("/files/1/path", "invalid_path", "the path is given twice"));
}

#[test]
fn nothing_passes_as_a_number_that_is_none() {
    let app = Desk::start();
    let smuggled = r#"{"fields": {"a": {"$serde_json::private::Number": "1 OR 1"}}}"#;
    app.post_text(RECORDS, smuggled).problem(400, "reserved_key");
}
