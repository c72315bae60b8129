//! Versions: what has one goes out with an `ETag`, and only who saw the present one may change it.

use super::desk::{deploy, task};
use crate::support::app::{Answer, JSON, TestApp};
use crate::support::on_both;
use serde_json::{Value, json};

#[test]
fn an_old_version_of_a_task_is_refused_with_the_present_one() {
    on_both(|database| {
        let app = TestApp::start(database);
        deploy(&app);
        app.user("bob", &["desk"]);
        let path = task(&app, "trip", "Berlin");
        let (alice, bob) = (app.by("alice"), app.by("bob"));
        let seen = alice.get(&path).header("etag").to_owned();
        bob.post(&format!("{path}/claim"), json!({})).ok(200);
        bob.post(&format!("{path}/unclaim"), json!({})).ok(200);
        let claim = |tag: &str| alice.send("POST", &format!("{path}/claim"), &[JSON, ("If-Match", tag)], "{}");
        let problem = claim(&seen).problem(412, "stale_task");
        assert_eq!((&problem["present"]["version"], &problem["present"]["state"]), (&json!(3), &json!("created")));
        assert_eq!(problem["present"]["allowedActions"], json!(["claim", "assign", "update"]));
        assert_eq!(alice.get(&path).ok(200)["state"], "created", "nothing was done");
        let claimed = claim("\"3\"");
        assert_eq!((claimed.status, claimed.header("etag")), (200, "\"4\""));
        let unclaim = alice.send("POST", &format!("{path}/unclaim"), &[("If-Match", "*")], "");
        assert_eq!(unclaim.header("etag"), "\"5\"", "any version");
    });
}

#[test]
fn an_old_version_of_a_record_or_user_is_refused_with_the_present_one() {
    on_both(|database| {
        let app = TestApp::start(database);
        deploy(&app);
        let alice = app.by("alice");
        let new = alice.post("/api/v1/records/customer", json!({"fields": {"name": "Huaxin", "class": "A"}}));
        let record = new.header("location").to_owned();
        let patch = |tag: &str, fields: Value| {
            let body = json!({"fields": fields, "reason": "because"}).to_string();
            alice.send("PATCH", &record, &[JSON, ("If-Match", tag)], &body)
        };
        assert_eq!(tag(&patch("\"1\"", json!({"class": "B"})), 200), "\"2\"");
        let problem = patch("\"1\"", json!({"class": "C"})).problem(412, "stale_record");
        assert_eq!(problem["present"], alice.get(&record).ok(200), "shown as the record itself is");
        assert_eq!(problem["present"]["fields"]["class"], "B");
        assert_eq!(tag(&patch("\"2\"", json!({"class": "B"})), 200), "\"2\"", "a change of nothing makes no version");
        assert_eq!(tag(&patch("*", json!({"class": null})), 200), "\"3\"");
        let history = alice.get(&format!("{record}/history")).ok(200);
        let last = history["items"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["field"], &last["old"], &last["new"]), (&json!("class"), &json!("B"), &Value::Null));
        assert_eq!((&last["reason"], &last["by"]), (&json!("because"), &json!("alice")));

        let put = |tag: &str, name: &str| {
            let body = json!({"name": name, "roles": ["desk"]}).to_string();
            alice.send("PUT", "/api/v1/users/bob", &[JSON, ("If-Match", tag)], &body)
        };
        put("\"1\"", "nobody yet").problem(412, "stale_user");
        assert_eq!(tag(&put("*", "Bob"), 200), "\"1\"");
        assert_eq!(tag(&put("\"1\"", "Robert"), 200), "\"2\"");
        let problem = put("\"1\"", "Rob").problem(412, "stale_user");
        assert_eq!(problem["present"], alice.get("/api/v1/users/bob").ok(200));
        assert_eq!(alice.get("/api/v1/users/bob").header("etag"), "\"2\"");
    });
}

fn tag(answer: &Answer, status: u16) -> &str {
    assert_eq!(answer.status, status, "{}", answer.text);
    answer.header("etag")
}
