//! Who may: process administrators, of what they see, in the version that they saw.

use super::*;
use crate::runtime::{incidents, instance};
use crate::support::app::{CHINESE, JSON};
use crate::support::on_both;

/// Every verb with a body that is right.
fn verbs() -> [(&'static str, &'static str, Json); 5] {
    let steps = json!([{"startBefore": {"node": "check"}}]);
    [
        ("POST", "suspend", json!({"reason": "x"})),
        ("POST", "resume", json!({"reason": "x"})),
        ("PATCH", "variables", json!({"variables": {"zero": 1}, "reason": "x"})),
        ("POST", "modify", json!({"steps": steps, "reason": "x"})),
        ("POST", "cancel", json!({"reason": "x"})),
    ]
}

#[test]
fn only_who_administers_processes_intervenes_and_only_in_what_they_see() {
    on_both(|database| {
        let app = house(database);
        app.user("adam", &["process_admin"]);
        let (seen, quiet) = (broken(&app, "k1"), app.by("ann").start("quiet", json!({})));
        let nothing = "0199c1f0-7c1e-7d7a-9d5e-0d6f1f6f2a11";
        for (method, verb, body) in verbs() {
            let send = |who: &str, id: &str| {
                let path = format!("/api/v1/process-instances/{id}/{verb}");
                app.by(who).send(method, &path, &[JSON], &body.to_string())
            };
            send("ann", &seen).problem(403, "role_missing");
            let hidden = send("adam", &quiet).problem(404, "not_found");
            let none = send("adam", nothing).problem(404, "not_found");
            let told = |problem: &Json, id: &str| problem["detail"].as_str().unwrap().replace(id, "ID");
            assert_eq!(told(&hidden, &quiet), told(&none, nothing), "what is hidden is not there");
        }
        let incident = incidents(&app, &seen)[0]["id"].as_str().unwrap().to_owned();
        let skip = app.by("ann").post(&format!("/api/v1/incidents/{incident}/skip"), json!({"reason": "x"}));
        skip.problem(403, "role_missing");
        assert_eq!(app.by("ann").get(&format!("/api/v1/process-instances/{quiet}")).ok(200)["state"], "active");
        assert_eq!(instance(&app, &seen)["version"], 1, "nothing was changed");

        let token = app.token(BUSINESS, "adam", Some(&["processes:read"]));
        let reader = app.with_authorization(&format!("Bearer {token}"));
        reader
            .post(&format!("/api/v1/process-instances/{seen}/cancel"), json!({"reason": "x"}))
            .problem(403, "scope_missing");
    });
}

#[test]
fn only_the_version_that_was_seen_is_changed() {
    on_both(|database| {
        let app = house(database);
        let id = waiting(&app, "k1");
        for (method, verb, body) in verbs() {
            let path = format!("/api/v1/process-instances/{id}/{verb}");
            let send = |tag: &str| app.by("alice").send(method, &path, &[JSON, ("If-Match", tag)], &body.to_string());
            let stale = send("\"99\"").problem(412, "stale_instance");
            let present = instance(&app, &id);
            assert_eq!((&stale["present"]["id"], &stale["present"]["version"]), (&json!(id), &present["version"]));
            let answer = send(&format!("\"{}\"", present["version"]));
            assert_eq!(answer.ok(200)["version"].as_i64().unwrap(), present["version"].as_i64().unwrap() + 1, "{verb}");
        }
        assert_eq!(instance(&app, &id)["state"], "cancelled");
    });
}

#[test]
fn refusals_are_told_in_chinese_too() {
    on_both(|database| {
        let app = house(database);
        let id = waiting(&app, "k1");
        let ask = |verb: &str, body: Json| {
            let path = format!("/api/v1/process-instances/{id}/{verb}");
            app.by("alice").send("POST", &path, &[JSON, CHINESE], &body.to_string())
        };
        let resumed = ask("resume", json!({})).problem(409, "not_suspended");
        assert_eq!(resumed["title"], "流程实例未挂起");
        assert_eq!(resumed["detail"], format!("流程实例 {id} 未挂起，无需恢复"));
        let steps = json!([{"startBefore": {"node": "late"}}]);
        let modified = ask("modify", json!({"steps": steps, "reason": "x"})).problem(422, "not_startable");
        assert!(modified["detail"].as_str().unwrap().contains("边界事件"), "{modified}");
    });
}
