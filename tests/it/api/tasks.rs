//! What may be done with a task, by whom: `allowedActions` and what comes of trying all the same.

use super::desk::{deploy, task};
use crate::support::app::TestApp;
use crate::support::on_both;
use serde_json::{Value, json};

#[test]
fn allowed_actions_are_what_is_allowed() {
    on_both(|database| {
        let app = TestApp::start(database);
        deploy(&app);
        app.user("bob", &["desk"]);
        app.user("carol", &["desk"]);
        app.user("stranger", &["elsewhere"]);
        app.user("boss", &["process_admin"]);
        let path = task(&app, "trip", "Berlin");
        let actions = |login: &str| -> Option<Value> {
            let answer = app.by(login).get(&path);
            match answer.status {
                404 => None,
                _ => Some(answer.ok(200)["allowedActions"].clone()),
            }
        };
        let verb = |login: &str, verb: &str, body: Value| app.by(login).post(&format!("{path}/{verb}"), body);
        for (login, allowed) in
            [("bob", json!(["claim"])), ("carol", json!(["claim"])), ("boss", json!(["assign", "update"]))]
        {
            assert_eq!(actions(login), Some(allowed), "{login}");
        }
        assert_eq!(actions("stranger"), None, "what is not theirs is not there");
        verb("stranger", "claim", json!({})).problem(404, "not_found");
        verb("stranger", "complete", json!({"outcome": "grant"})).problem(404, "not_found");
        verb("boss", "claim", json!({})).problem(403, "not_candidate");
        verb("bob", "complete", json!({"outcome": "grant"})).problem(409, "task_not_claimed");
        verb("bob", "unclaim", json!({})).problem(409, "task_not_claimed");

        assert_eq!(
            verb("bob", "claim", json!({})).ok(200)["allowedActions"],
            json!(["unclaim", "complete", "delegate", "createSubTask", "update"])
        );
        assert_eq!(actions("bob"), Some(json!(["unclaim", "complete", "delegate", "createSubTask", "update"])));
        assert_eq!(actions("carol"), Some(json!([])), "she sees that bob has it");
        verb("carol", "unclaim", json!({})).problem(403, "task_of_another");
        verb("carol", "complete", json!({"outcome": "grant"})).problem(403, "task_of_another");
        verb("carol", "claim", json!({})).problem(409, "task_already_claimed");

        let problem = verb("bob", "complete", json!({})).problem(422, "wrong_outcome");
        assert_eq!(problem["errors"][0]["pointer"], "/outcome");
        verb("bob", "complete", json!({"outcome": "burn"})).problem(422, "wrong_outcome");
        let problem = verb("bob", "complete", json!({"outcome": "grant", "variables": {"note": 7, "other": 1}}));
        let problem = problem.problem(422, "invalid_variables");
        let places: Vec<&str> =
            problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        assert!(places.contains(&"/variables/note") && places.contains(&"/variables/other"), "{problem}");

        let done = verb("bob", "complete", json!({"outcome": "grant", "variables": {"note": "fine"}})).ok(200);
        assert_eq!(
            (&done["state"], &done["outcome"], &done["completedBy"]),
            (&json!("completed"), &json!("grant"), &json!("bob"))
        );
        assert_eq!(done["allowedActions"], json!([]));
        let problem = verb("bob", "complete", json!({"outcome": "grant"})).problem(409, "task_not_open");
        assert_eq!(problem["present"]["state"], "completed");
        verb("stranger", "claim", json!({})).problem(404, "not_found");
    });
}
