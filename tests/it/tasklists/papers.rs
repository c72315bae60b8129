//! Remarks and files beside tasks.

use super::{field, open};
use crate::support::app::JSON;
use crate::support::on_both;
use serde_json::json;

#[test]
fn whoever_sees_a_task_reads_and_writes_remarks() {
    on_both(|database| {
        let app = field(database);
        let (ann, bob, dan) = (app.by("ann"), app.by("bob"), app.by("dan"));
        let task = open(&ann, &ann.start("visit", json!({"ref": "1"})));
        let path = format!("/api/v1/user-tasks/{task}/comments");
        let key = [JSON, ("Idempotency-Key", "remark-1")];
        let first = bob.send("POST", &path, &key, r#"{"text": "they move in May 五月搬家"}"#);
        first.ok(201);
        let again = bob.send("POST", &path, &key, r#"{"text": "they move in May 五月搬家"}"#);
        assert_eq!((again.header("idempotency-replayed"), again.text.as_str()), ("true", first.text.as_str()));
        app.clock.advance(1_000);
        ann.post(&path, json!({"text": "I know"})).ok(201);
        let page = bob.get(&path).ok(200);
        let told: Vec<_> = page["items"].as_array().unwrap().iter().map(|one| (&one["author"], &one["text"])).collect();
        assert_eq!(told, [(&json!("bob"), &json!("they move in May 五月搬家")), (&json!("ann"), &json!("I know"))]);
        let half = bob.get(&format!("{path}?limit=1")).ok(200);
        let rest = bob.get(&format!("{path}?limit=1&cursor={}", half["next"].as_str().unwrap())).ok(200);
        assert_eq!((&rest["items"][0]["text"], &rest["next"]), (&json!("I know"), &json!(null)));
        dan.get(&path).problem(404, "not_found");
        dan.post(&path, json!({"text": "x"})).problem(404, "not_found");
        bob.post(&path, json!({"text": "x".repeat(4_001)})).problem(422, "wrong_comment");
        bob.post(&path, json!({"text": " "})).problem(422, "wrong_comment");
        // They stay when the task has ended.
        ann.post(&format!("/api/v1/user-tasks/{task}/claim"), json!({})).ok(200);
        ann.post(&format!("/api/v1/user-tasks/{task}/complete"), json!({})).ok(200);
        assert_eq!(ann.get(&path).ok(200)["total"], 2);
    });
}

#[test]
fn files_of_a_task_are_seen_by_those_who_see_the_task() {
    on_both(|database| {
        let app = field(database);
        let (ann, bob, dan) = (app.by("ann"), app.by("bob"), app.by("dan"));
        let task = open(&ann, &ann.start("visit", json!({"ref": "1"})));
        let path = format!("/api/v1/user-tasks/{task}/attachments");
        let upload = |name: &str| {
            let text = [("Content-Type", "text/plain")];
            let new = ann.send("POST", &format!("/api/v1/files?name={name}"), &text, "the plan").ok(201);
            new["id"].as_str().unwrap().to_owned()
        };
        let (plan, other) = (upload("plan.txt"), upload("other.txt"));
        let content = format!("/api/v1/files/{plan}/content");
        bob.get(&content).problem(404, "not_found");
        bob.post(&path, json!({"file": plan})).problem(422, "not_there");
        ann.post(&path, json!({"file": plan})).ok(201);
        ann.post(&path, json!({"file": plan})).ok(201);
        assert_eq!(bob.get(&path).ok(200)["items"].as_array().unwrap().len(), 1, "once");
        assert_eq!(bob.get(&content).text, "the plan");
        dan.get(&content).problem(404, "not_found");
        dan.get(&path).problem(404, "not_found");
        // What is loose is forgotten after a while; what a task has is not.
        app.clock.advance(40 * 24 * 3_600_000);
        app.change("main", kamflow::runtime::request::Change::Upkeep(kamflow::runtime::request::Upkeep::Tidy));
        let (ann, bob) = (app.by("ann"), app.by("bob"));
        assert_eq!(bob.get(&content).text, "the plan");
        ann.get(&format!("/api/v1/files/{other}")).problem(404, "not_found");
        let one = format!("{path}/{plan}");
        bob.send("DELETE", &one, &[], "").problem(403, "not_owner");
        bob.post(&format!("/api/v1/user-tasks/{task}/claim"), json!({})).ok(200);
        bob.send("DELETE", &one, &[], "").ok(200);
        bob.send("DELETE", &one, &[], "").problem(404, "not_found");
        let text = [("Content-Type", "text/plain")];
        let last = ann.send("POST", "/api/v1/files?name=last.txt", &text, "the end").ok(201)["id"].clone();
        let last = last.as_str().unwrap();
        ann.post(&path, json!({"file": last})).ok(201);
        bob.post(&format!("/api/v1/user-tasks/{task}/complete"), json!({})).ok(200);
        ann.send("DELETE", &format!("{path}/{last}"), &[], "").problem(409, "task_ended");
        assert_eq!(ann.get(&path).ok(200)["items"][0]["name"], "last.txt");
    });
}
