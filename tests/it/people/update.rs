//! How urgent a task is, and when: said by who has it, as far as that goes, and by who gives it to others.

use super::*;
use crate::support::app::JSON;
use crate::support::on_both;

#[test]
fn who_has_it_says_when_to_come_back_and_who_stands_above_says_the_rest() {
    on_both(|database| {
        let app = house(database);
        app.by("ann").start("spend", json!({}));
        let ask = open(&app, "ask");
        let path = format!("/api/v1/user-tasks/{}", ask["id"].as_str().unwrap());
        let patch = |by: &str, body: Value| app.by(by).send("PATCH", &path, &[JSON], &body.to_string());
        let at = "2026-05-01T08:00:00Z";
        patch("ann", json!({"followUp": at})).problem(403, "may_not_update");
        act(&app, "ann", &ask, "claim", json!({})).ok(200);
        let said = patch("ann", json!({"followUp": at})).ok(200);
        assert_eq!((&said["followUp"], &said["version"], &said["assignee"]), (&json!(at), &json!(3), &json!("ann")));
        patch("ann", json!({"followUp": at, "due": null})).problem(403, "may_not_update");
        patch("ann", json!({"priority": 99})).problem(403, "may_not_update");
        patch("bob", json!({"followUp": null})).problem(403, "may_not_update");
        patch("boss", json!({})).problem(422, "invalid_task");
        patch("boss", json!({"priority": 101})).problem(422, "invalid_task");
        patch("boss", json!({"due": "tomorrow"})).problem(422, "wrong_value");
        patch("boss", json!({"title": "else"})).problem(400, "invalid_body");
        let said = patch("boss", json!({"priority": 90, "due": at, "followUp": null})).ok(200);
        assert_eq!((&said["priority"], &said["due"], &said["followUp"]), (&json!(90), &json!(at), &Value::Null));
        let entry = told(&app, &ask, "task_updated");
        assert_eq!(entry["data"], json!({"task": ask["id"], "priority": 90, "due": at, "followUp": null}));
        let stale = [JSON, ("If-Match", "\"3\"")];
        app.by("boss").send("PATCH", &path, &stale, "{\"priority\": 1}").problem(412, "stale_task");
    });
}
