//! From its making to its end: taken, split, delegated, planned, taken back; with its record, and told in the history.

use super::*;
use crate::support::app::JSON;
use crate::support::on_both;

#[test]
fn whoever_may_take_it_takes_it_and_parts_come_first() {
    on_both(|database| {
        let app = deployed(database);
        let (ann, bob, dan) = (app.by("ann"), app.by("bob"), app.by("dan"));
        let task = make(&ann, json!({"name": "Count", "candidateGroups": ["clerk"], "candidateUsers": ["dan"]}));
        assert_eq!((&task["state"], &task["priority"]), (&json!("created"), &json!(50)));
        assert_eq!(task["allowedActions"], json!(["claim", "cancel", "assign", "update"]));
        assert_eq!(seen(&dan, &task).ok(200)["allowedActions"], json!(["claim"]));
        act(&bob, &task, "claim", json!({})).ok(200);
        let part = act(&bob, &task, "sub-tasks", json!({"title": "The left half", "assignee": "dan"})).ok(201);
        act(&bob, &task, "complete", json!({})).problem(409, "sub_tasks_open");
        act(&ann, &part, "cancel", json!({})).problem(403, "not_cancellable");
        act(&dan, &part, "complete", json!({})).ok(200);
        act(&bob, &task, "delegate", json!({"user": "dan"})).ok(200);
        act(&dan, &task, "resolve", json!({})).ok(200);
        assert_eq!(act(&bob, &task, "complete", json!({})).ok(200)["helpers"], json!(["dan"]));
        let instance = task["instance"].as_str().unwrap();
        let history = ann.get(&format!("/api/v1/process-instances/{instance}/history")).ok(200);
        let kinds: Vec<&str> =
            history["items"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
        for kind in ["task_created", "task_claimed", "task_delegated", "task_resolved", "task_completed"] {
            assert!(kinds.contains(&kind), "{kinds:?} lack {kind}");
        }
    });
}

#[test]
fn who_made_it_plans_it_gives_it_to_others_and_takes_it_back() {
    on_both(|database| {
        let app = deployed(database);
        let (ann, bob) = (app.by("ann"), app.by("bob"));
        let task = make(&ann, json!({"name": "Count", "candidateGroups": ["clerk"]}));
        let path = format!("{TASKS}/{}", task["id"].as_str().unwrap());
        let patch = |login: &str, body: &str| app.by(login).send("PATCH", &path, &[JSON], body);
        assert_eq!(patch("ann", r#"{"due": "2026-03-09T00:00:00Z", "priority": 90}"#).ok(200)["priority"], 90);
        patch("bob", r#"{"priority": 1}"#).problem(403, "may_not_update");
        act(&ann, &task, "assign", json!({"user": "bob"})).ok(200);
        act(&bob, &task, "cancel", json!({})).problem(403, "not_cancellable");
        act(&ann, &task, "cancel", json!({"reason": "x".repeat(2_001)})).problem(422, "reason_required");
        let version = seen(&ann, &task).header("etag").to_owned();
        act(&bob, &task, "unclaim", json!({})).ok(200);
        let stale = [JSON, ("If-Match", version.as_str())];
        ann.send("POST", &format!("{path}/cancel"), &stale, "{}").problem(412, "stale_task");
        let gone = act(&ann, &task, "cancel", json!({"reason": "they answered"})).ok(200);
        assert_eq!((&gone["state"], &gone["allowedActions"]), (&json!("cancelled"), &json!([])));
        act(&ann, &task, "cancel", json!({})).problem(409, "task_not_open");
        let instance = task["instance"].as_str().unwrap();
        assert_eq!(ann.get(&format!("/api/v1/process-instances/{instance}")).ok(200)["state"], "cancelled");
        let history = ann.get(&format!("/api/v1/process-instances/{instance}/history")).ok(200);
        assert!(history.to_string().contains("they answered"), "{history}");
    });
}

#[test]
fn it_is_about_a_record_that_its_maker_sees() {
    on_both(|database| {
        let app = deployed(database);
        let (ann, dan) = (app.by("ann"), app.by("dan"));
        let thing = ann.post("/api/v1/records/thing", json!({"fields": {"name": "t"}})).ok(201);
        let record = json!({"type": "thing", "id": thing["id"]});
        let about =
            |login: &str| app.by(login).post(TASKS, json!({"name": "Look at it", "assignee": "dan", "record": record}));
        let task = about("ann").ok(201);
        assert_eq!(task["subject"], thing["id"]);
        let found = ann.get(&format!("{TASKS}?subject={}", thing["id"].as_str().unwrap())).ok(200);
        assert_eq!((&found["total"], &found["items"][0]["id"]), (&json!(1), &task["id"]));
        for refused in [
            about("dan"),
            dan.post(TASKS, json!({"name": "x", "assignee": "dan", "record": {"type": "no", "id": "1"}})),
        ] {
            let refused = refused.problem(422, "invalid_task");
            assert_eq!(refused["errors"][0]["pointer"], "/record");
        }
    });
}

#[test]
fn a_repeated_request_makes_one_task() {
    on_both(|database| {
        let app = deployed(database);
        let ann = app.by("ann");
        let headers = [JSON, ("Idempotency-Key", "once")];
        let body = for_one("Once", "bob").to_string();
        let first = ann.send("POST", TASKS, &headers, &body).ok(201);
        let again = ann.send("POST", TASKS, &headers, &body);
        assert_eq!((again.ok(201)["id"].clone(), again.header("idempotency-replayed")), (first["id"].clone(), "true"));
        assert_eq!(ann.get(&format!("{TASKS}?process=task")).ok(200)["total"], 1);
    });
}
