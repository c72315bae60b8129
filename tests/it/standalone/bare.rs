//! With nothing deployed, after a restart, and after something was deployed: the same task goes on.

use super::*;
use crate::support::on_both;
use kamflow::api::Limits;
use kamflow::runtime::built_in;
use sha2::{Digest, Sha256};

#[test]
fn a_task_needs_nothing_that_is_deployed() {
    on_both(|database| {
        let app = bare(database);
        let (ann, bob) = (app.by("ann"), app.by("bob"));
        let body = json!({
            "name": " Call the plant 致电工厂 ", "description": "They answer in the morning.", "assignee": "bob",
            "due": "2026-03-04T00:00:00Z", "priority": 80,
        });
        let made = ann.post(TASKS, body);
        let task = made.ok(201);
        assert_eq!(made.header("location"), format!("{TASKS}/{}", task["id"].as_str().unwrap()));
        assert_eq!(
            (&task["process"], &task["state"], &task["version"]),
            (&json!("task"), &json!("claimed"), &json!(1))
        );
        assert_eq!(task["title"], json!({"en": "Call the plant 致电工厂", "zh": "Call the plant 致电工厂"}));
        assert_eq!((&task["description"], &task["priority"]), (&json!("They answer in the morning."), &json!(80)));
        assert_eq!((&task["due"], &task["assignee"]), (&json!("2026-03-04T00:00:00Z"), &json!("bob")));
        let inbox = bob.get(&format!("{TASKS}?actionable=true")).ok(200);
        assert_eq!((&inbox["total"], &inbox["items"][0]["id"]), (&json!(1), &task["id"]));
        // Another server goes on where this one stopped.
        drop(app);
        let app = TestApp::open(database, Limits::default());
        let bob = app.by("bob");
        assert_eq!(
            seen(&bob, &task).ok(200)["allowedActions"],
            json!(["complete", "delegate", "createSubTask", "update"])
        );
        // Whatever is deployed meanwhile, it stays what it is.
        app.deploy(&[("workflows/work/pack.yaml", PACK), ("workflows/work/records/thing.yaml", THING)]);
        act(&bob, &task, "complete", json!({"variables": {"x": 1}})).problem(422, "invalid_variables");
        let done = act(&bob, &task, "complete", json!({})).ok(200);
        assert_eq!((&done["state"], &done["completedBy"]), (&json!("completed"), &json!("bob")));
        let instance = app.by("ann").get(&format!("/api/v1/process-instances/{}", task["instance"].as_str().unwrap()));
        assert_eq!(instance.ok(200)["state"], "completed");
    });
}

#[test]
fn papers_need_nothing_that_is_deployed_either() {
    on_both(|database| {
        let app = bare(database);
        let ann = app.by("ann");
        let task = make(&ann, for_one("Read this", "bob"));
        let bob = app.by("bob");
        act(&bob, &task, "comments", json!({"text": "done soon"})).ok(201);
        act(&ann, &task, "comments", json!({"text": "thanks"})).ok(201);
        let text = [("Content-Type", "text/plain")];
        let file = bob.send("POST", "/api/v1/files?name=a.txt", &text, "the plan").ok(201);
        act(&bob, &task, "attachments", json!({"file": file["id"]})).ok(201);
        let other = make(&ann, for_one("Another", "bob"));
        let page = bob.get(&format!("{TASKS}?assignee=bob&sort=createdAt")).ok(200);
        let counts = |task: &Value| (task["comments"].clone(), task["attachments"].clone());
        let of = |id: &Value| page["items"].as_array().unwrap().iter().find(|task| task["id"] == *id).unwrap().clone();
        assert_eq!(counts(&of(&task["id"])), (json!(2), json!(1)));
        assert_eq!(counts(&of(&other["id"])), (json!(0), json!(0)));
        let done = act(&bob, &task, "complete", json!({})).ok(200);
        assert_eq!(counts(&done), (json!(2), json!(1)), "and after the end");
        assert_eq!(counts(&seen(&ann, &task).ok(200)), (json!(2), json!(1)));
    });
}

#[test]
fn the_process_of_such_tasks_is_shown_to_who_asks_for_it() {
    on_both(|database| {
        let app = deployed(database);
        let ann = app.by("ann");
        make(&ann, for_one("One", "bob"));
        let keys = |path: &str| -> Vec<Value> {
            let found = ann.get(path).ok(200);
            found["items"].as_array().unwrap().iter().map(|one| one["key"].clone()).collect()
        };
        assert_eq!(keys("/api/v1/process-definitions"), Vec::<Value>::new());
        assert_eq!(keys("/api/v1/process-definitions?builtIn=true"), ["task"]);
        ann.get("/api/v1/process-definitions?builtIn=perhaps").problem(400, "invalid_parameter");
        let one = ann.get("/api/v1/process-definitions/task").ok(200);
        assert_eq!((&one["key"], &one["revision"]), (&json!("task"), &json!(-1)));
        assert!(ann.get("/api/v1/process-definitions/task/diagram").text.contains("<svg"));
        assert_eq!(ann.get("/api/v1/process-instances").ok(200)["total"], 0);
        assert_eq!(ann.get("/api/v1/process-instances?process=task").ok(200)["total"], 1);
        // It is started by its own request, and its key is nobody else's.
        ann.post("/api/v1/process-instances", json!({"process": "task"})).problem(404, "not_found");
        let process =
            "process: task\ntitle: {en: T, zh: T}\nnodes: [{id: a, type: userTask, candidateGroups: [clerk]}]\n";
        let files = json!([
            {"path": "workflows/work/pack.yaml", "content": PACK},
            {"path": "workflows/work/processes/task.yaml", "content": process},
        ]);
        let found = app.by("alice").post("/api/v1/deployments/validate", json!({"files": files})).ok(200);
        assert!(found["findings"].to_string().contains("give yours another key"), "{found}");
    });
}

/// An instance is pinned to its edition: what was shipped stays as it was. Who wants it otherwise adds an edition.
#[test]
fn an_edition_is_never_changed() {
    let shipped = ["f8c8d2a064fd040fbbaee37b7d76a9163a26f9417ebac22325979630ec405d48"];
    let hash = |number: i64| {
        let mut hash = Sha256::new();
        for (path, text) in built_in::files(number).unwrap() {
            hash.update(path);
            hash.update(text);
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>()
    };
    let editions: Vec<String> = (1..=-built_in::newest()).map(|number| hash(-number)).collect();
    assert_eq!(editions, shipped);
    assert!(built_in::library(0).is_none() && built_in::library(built_in::newest() - 1).is_none());
}
