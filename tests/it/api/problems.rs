//! Problems: their shape, their language, their statuses.

use super::desk::Desk;
use crate::support::app::{Answer, CHINESE, JSON};
use kamflow::api;
use kamflow::engine::EngineError;
use kamflow::model::ids::{IncidentId, TaskId, UserId};
use kamflow::model::refusal::Refusal;
use kamflow::model::task::{TaskState, TaskVerb};
use kamflow::model::text::Language;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn the_language_is_the_one_that_weighs_most() {
    let app = Desk::start();
    let title = |wanted: &str| {
        let answer = app.send("GET", "/api/v1/user-tasks/t2", &[app.alice(), ("Accept-Language", wanted)], "");
        answer.problem(404, "not_found")["title"].as_str().unwrap().to_owned()
    };
    for wanted in ["zh", "zh-Hant-TW", "ZH-cn", "fr, zh;q=0.8, en;q=0.5", "en;q=0.1, zh;q=0.11", "en;q=0, zh"] {
        assert_eq!(title(wanted), "未找到", "{wanted}");
    }
    for wanted in ["en", "*", "fr", "zh;q=0.3, en-GB;q=0.7", "zh;q=0", "en, zh", "zh;q=nonsense", ""] {
        assert_eq!(title(wanted), "It is not there", "{wanted}");
    }
}

#[test]
fn too_much_and_of_the_wrong_kind() {
    let app = Desk::start();
    let large = format!("{{\"variables\": {{\"note\": \"{}\"}}}}", "x".repeat(1024 * 1024));
    app.post_text("/api/v1/user-tasks/t1/complete", &large).problem(413, "body_too_large");
    let deployment = json!({"files": [{"path": "workflows/a/b.yaml", "content": "x".repeat(3 * 1024 * 1024)}]});
    assert_eq!(app.post("/api/v1/deployments/validate", deployment).status, 200);
    let text = [app.alice(), ("Content-Type", "text/plain")];
    app.send("POST", "/api/v1/user-tasks/t1/claim", &text, "{}").problem(415, "unsupported_media_type");
    let packed = [app.alice(), JSON, ("Content-Encoding", "gzip")];
    app.send("POST", "/api/v1/user-tasks/t1/claim", &packed, "{}").problem(415, "unsupported_media_type");
    let long = "x".repeat(9 * 1024);
    app.get(&format!("/api/v1/user-tasks?cursor={long}")).problem(414, "uri_too_long");
    let headers = [app.alice(), ("X-Much", long.as_str()), ("X-More", long.as_str())];
    app.send("GET", "/health/live", &headers, "").problem(431, "headers_too_large");
}

#[test]
fn what_the_engine_refuses_is_said_in_chinese_too() {
    let (task, user) = (TaskId::from("t.1"), UserId::from("bob"));
    let wrong = |state, verb, assignee| EngineError::WrongState { task: task.clone(), state, verb, assignee };
    let outcome = |outcome: Option<&str>| EngineError::WrongOutcome {
        task: task.clone(),
        outcome: outcome.map(str::to_owned),
        offered: vec!["same".into(), "new".into()],
    };
    let errors = [
        EngineError::NoInstance,
        EngineError::NoProcess("intake".into()),
        EngineError::TaskNotOpen(task.clone()),
        wrong(TaskState::Claimed, TaskVerb::Claim, Some(user.clone())),
        wrong(TaskState::Claimed, TaskVerb::Complete, Some(user.clone())),
        wrong(TaskState::Created, TaskVerb::Complete, None),
        wrong(TaskState::Created, TaskVerb::Unclaim, None),
        wrong(TaskState::Completed, TaskVerb::Claim, None),
        wrong(TaskState::Cancelled, TaskVerb::Claim, None),
        EngineError::NotCandidate { task: task.clone(), user },
        outcome(None),
        outcome(Some("other")),
        EngineError::IncidentNotOpen(IncidentId::from("i.1")),
    ];
    for error in errors {
        let said = api::say(&error.to_string(), Language::Zh);
        assert!(said != error.to_string(), "{error} has no Chinese; add it to api/catalogue/sentences.rs: {said}");
        let code = Refusal::from(error).code;
        assert!(api::codes().any(|known| known == code), "{code} has no title; add it to api/catalogue/titles.rs");
    }
}

#[test]
fn every_code_that_a_refusal_is_made_with_has_a_title() {
    let known: Vec<&str> = api::codes().collect();
    let mut found = BTreeSet::new();
    each_source(Path::new("src"), &mut |path, text| {
        // The code is the first argument of these, and the second of those that name a kind or a status first.
        let calls = [("Refusal::invalid(", 0), ("Refusal::conflict(", 0), ("Refusal::forbidden(", 0)];
        let more = [("Problem::malformed(", 0), ("Refusal::new(", 1), ("Problem::new(", 1), ("Failure::new(", 0)];
        for (call, argument) in calls.into_iter().chain(more) {
            for after in text.split(call).skip(1) {
                let argument = after.splitn(3, ',').nth(argument).unwrap_or_default().trim_start();
                let Some(code) = argument.strip_prefix('"').and_then(|rest| rest.split('"').next()) else { continue };
                let file = path.display();
                assert!(
                    known.contains(&code),
                    "{file} refuses with \"{code}\"; give it a title in api/catalogue/titles.rs"
                );
                found.insert(code.to_owned());
            }
        }
    });
    assert!(found.len() > 60, "only {} codes were found: the search looks in the wrong place", found.len());
}

/// Every problem that somebody meets while working says in Chinese what the matter is: title, sentence, and places.
fn chinese(answer: &Answer) {
    let han = |text: &Json| text.as_str().unwrap().chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
    let problem = answer.json();
    assert!(answer.status >= 400, "{problem}");
    assert!(han(&problem["title"]) && han(&problem["detail"]), "{problem}");
    // Findings in files are for authors, and English.
    for error in problem["errors"].as_array().unwrap().iter().filter(|error| error["code"] != "finding") {
        assert!(han(&error["detail"]), "{error}");
    }
}

#[test]
fn what_people_meet_is_said_in_chinese() {
    let app = Desk::start();
    let bob = app.bearer("bob", &["desk"]);
    let task = app.task();
    let records = "/api/v1/records/customer";
    let huaxin = app.post(records, json!({"fields": {"name": "华新", "code": "K-1", "owner": "alice"}}));
    let record = huaxin.header("location").to_owned();
    app.post("/api/v1/process-instances", json!({"process": "trip-keyed", "variables": {"key": "K"}})).ok(201);
    let start = |process: &str, variables: Json| json!({"process": process, "variables": variables});
    let fields = |fields: Json| json!({ "fields": fields });
    let filter = |filter: Json| json!({ "filter": filter });
    let file = |content: &str| json!({"files": [{"path": "workflows/a/pack.yaml", "content": content}]});
    let cases = [
        ("POST", "/api/v1/process-instances", start("gone", json!({}))),
        ("POST", "/api/v1/process-instances", start("trip", json!({"nam": 7}))),
        ("POST", "/api/v1/process-instances", start("trip", json!({"name": "x".repeat(60), "amount": "many"}))),
        ("POST", "/api/v1/process-instances", start("trip-keyed", json!({"key": ""}))),
        ("POST", "/api/v1/process-instances", start("trip-keyed", json!({"key": "K", "more": "x"}))),
        ("POST", &format!("{task}/complete"), json!({"outcome": "grant"})),
        ("POST", &format!("{task}/unclaim"), json!({})),
        ("POST", "/api/v1/user-tasks/t.1/claim", json!({})),
        ("POST", "/api/v1/incidents/i.1/retry", json!({})),
        ("GET", "/api/v1/process-instances/i", Json::Null),
        ("GET", "/api/v1/records/gone", Json::Null),
        ("GET", "/api/v1/records/customer/r", Json::Null),
        ("POST", records, fields(json!({}))),
        ("POST", records, fields(json!({"name": "x".repeat(200), "code": "K-1", "colour": 1, "clas": "A"}))),
        (
            "POST",
            records,
            fields(json!({"name": 7, "owner": "nobody", "class": "Z", "amount": 1, "since": "soon", "count": 1.5})),
        ),
        ("POST", records, fields(json!({"name": "x", "owner": "nobody"}))),
        ("POST", records, fields(json!({"name": "x", "code": "K-1"}))),
        ("POST", "/api/v1/records/customer/search", filter(json!({"count": "many"}))),
        ("POST", "/api/v1/records/customer/search", filter(json!({"colour": 1}))),
        ("POST", "/api/v1/records/customer/search", filter(json!({"name": {"$like": "%x"}}))),
        ("POST", "/api/v1/user-tasks/search", filter(json!({"due": 1}))),
        ("POST", "/api/v1/user-tasks/search", filter(json!({"state": "gone"}))),
        ("POST", "/api/v1/user-tasks/search", filter(json!({"variables.x": "gone"}))),
        ("POST", "/api/v1/user-tasks/search", filter(json!({"process": "trip", "variables.x": 1}))),
        ("POST", "/api/v1/user-tasks/search", json!({"sort": ["-node"]})),
        ("POST", "/api/v1/user-tasks/search", json!({"page": {"cursor": "x"}})),
        ("POST", "/api/v1/deployments", json!({"files": []})),
        ("POST", "/api/v1/deployments", json!({"files": [{"path": "x", "content": ""}]})),
        ("POST", "/api/v1/deployments/9/activate", json!({})),
        ("PUT", "/api/v1/users/b%20b", json!({"name": "b"})),
        ("PUT", "/api/v1/users/bo", json!({"name": "b", "password": "short"})),
        ("PUT", "/api/v1/clients/alice", json!({"name": "b", "secret": "long enough", "scopes": []})),
        ("PUT", "/api/v1/clients/x", json!({"name": "b", "secret": "long enough", "scopes": ["task:read"]})),
        ("PUT", "/api/v1/positions/a", json!({"unit": "u", "title": "t", "manager": "a"})),
        ("PUT", "/api/v1/positions/a", json!({"unit": "u", "title": "t", "user": "nobody"})),
        ("PUT", "/api/v1/positions/a", json!({"unit": "u", "title": "t", "validFrom": "soon"})),
        (
            "POST",
            "/api/v1/businesses",
            json!({"id": "main", "title": {"en": "M", "zh": "主"}, "currency": "CNY", "timeZone": "UTC"}),
        ),
        (
            "POST",
            "/api/v1/businesses",
            json!({"id": "A B", "title": {"en": "M", "zh": "主"}, "currency": "X", "timeZone": "X"}),
        ),
    ];
    for (method, path, body) in cases {
        chinese(&app.in_chinese(method, path, body));
    }
    app.post_text("/api/v1/deployments", &file("pack: a\n").to_string()).problem(422, "definitions_invalid");
    let as_bob = |method: &str, path: &str, body: Json| {
        app.send(method, path, &[("Authorization", &bob), JSON, CHINESE], &body.to_string())
    };
    app.post(&format!("{task}/claim"), json!({})).ok(200);
    for verb in ["claim", "unclaim", "complete"] {
        chinese(&as_bob("POST", &format!("{task}/{verb}"), json!({})));
    }
    chinese(&as_bob("PUT", "/api/v1/users/x", json!({"name": "x"})));
    let outcome = |body: Json| app.in_chinese("POST", &format!("{task}/complete"), body);
    chinese(&outcome(json!({})));
    chinese(&outcome(json!({"outcome": "burn"})));
    chinese(&outcome(json!({"outcome": "grant", "variables": {"note": 7, "other": 1}})));
    outcome(json!({"outcome": "grant"})).ok(200);
    chinese(&outcome(json!({"outcome": "grant"})));
    let old = [app.alice(), JSON, CHINESE, ("If-Match", "\"9\"")];
    chinese(&app.send("PATCH", &record, &old, r#"{"fields": {}}"#));
    chinese(&app.send("PUT", "/api/v1/users/bob", &old, r#"{"name": "b"}"#));
    let other = app.task();
    chinese(&app.send("POST", &format!("{other}/claim"), &old, ""));
    let login = json!({"grant_type": "password", "business": "main", "username": "bob", "password": "wrong"});
    chinese(&app.in_chinese("POST", "/api/v1/auth/token", login));
    let stranger = app.bearer("stranger", &[]);
    let headers = [("Authorization", stranger.as_str()), JSON, CHINESE];
    chinese(&app.send(
        "POST",
        "/api/v1/process-instances",
        &headers,
        r#"{"process": "trip-keyed", "variables": {"key": "1"}}"#,
    ));
}

fn each_source(folder: &Path, visit: &mut dyn FnMut(&Path, &str)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            each_source(&path, visit);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            visit(&path, &std::fs::read_to_string(&path).unwrap());
        }
    }
}
