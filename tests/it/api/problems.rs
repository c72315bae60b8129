//! Problems: their shape, their language, their statuses.

use crate::support::{JSON, TestApp};
use kamflow::api;
use kamflow::engine::EngineError;
use kamflow::model::ids::{IncidentId, TaskId, UserId};
use kamflow::model::refusal::Refusal;
use kamflow::model::task::{TaskState, TaskVerb};
use kamflow::model::text::Language;
use serde_json::json;
use std::path::Path;

#[test]
fn the_language_is_the_one_that_weighs_most() {
    let app = TestApp::start();
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
    let app = TestApp::start();
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
        assert!(said != error.to_string(), "{error} has no Chinese; add it to api/catalogue.rs: {said}");
        let code = Refusal::from(error).code;
        assert!(api::codes().any(|known| known == code), "{code} has no title; add it to api/catalogue.rs");
    }
}

#[test]
fn every_code_that_a_refusal_is_made_with_has_a_title() {
    let known: Vec<&str> = api::codes().collect();
    let mut checked = 0;
    each_source(Path::new("src"), &mut |path, text| {
        for call in ["Refusal::invalid(", "Refusal::conflict(", "Refusal::forbidden(", "Problem::malformed("] {
            for after in text.split(call).skip(1) {
                let Some(code) = after.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next()) else {
                    continue;
                };
                assert!(
                    known.contains(&code),
                    "{} refuses with \"{code}\"; give it a title in api/catalogue.rs",
                    path.display()
                );
                checked += 1;
            }
        }
    });
    assert!(checked > 10, "only {checked} codes were found: the search looks in the wrong place");
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
