//! Parts of a task: given to others, done before the whole is, and cancelled with it.

use super::*;
use crate::support::on_both;

#[test]
fn open_parts_keep_the_whole_from_being_completed() {
    on_both(|database| {
        let app = house(database);
        app.by("ann").start("spend", json!({}));
        let ask = open(&app, "ask");
        let part = |by: &str, body: Value| act(&app, by, &ask, "sub-tasks", body);
        part("ann", json!({"title": "Ask the plant", "assignee": "guest"})).problem(409, "task_not_claimed");
        act(&app, "ann", &ask, "claim", json!({})).ok(200);
        part("bob", json!({"title": "Ask the plant", "assignee": "guest"})).problem(403, "task_of_another");
        part("ann", json!({"title": " ", "assignee": "guest"})).problem(422, "invalid_task");
        part("ann", json!({"title": "Ask"})).problem(422, "invalid_task");
        part("ann", json!({"title": "Ask", "assignee": "guest", "candidateGroups": ["clerk"]}))
            .problem(422, "invalid_task");
        part("ann", json!({"title": "Ask", "assignee": "gone"})).problem(422, "inactive_user");
        part("ann", json!({"title": "Ask", "assignee": "guest", "priority": 200})).problem(422, "invalid_task");
        let due = "2026-04-01T08:00:00Z";
        let answer = part("ann", json!({"title": "Ask the plant", "assignee": "guest", "due": due, "priority": 70}));
        let plant = answer.ok(201);
        assert!(answer.header("location").ends_with(plant["id"].as_str().unwrap()));
        assert_eq!(
            (&plant["parent"], &plant["assignee"], &plant["title"]["en"], &plant["due"], &plant["priority"]),
            (&ask["id"], &json!("guest"), &json!("Ask the plant"), &json!(due), &json!(70))
        );
        let bank = part("ann", json!({"title": "Ask the bank", "candidateGroups": ["clerk"]})).ok(201);
        let listed = app.by("ann").get(&format!("/api/v1/user-tasks?parent={}", ask["id"].as_str().unwrap())).ok(200);
        assert_eq!(listed["total"], 2);
        act(&app, "guest", &plant, "sub-tasks", json!({"title": "Ask", "assignee": "bob"}))
            .problem(409, "sub_task_of_sub_task");

        let refused = act(&app, "ann", &ask, "complete", json!({})).problem(409, "sub_tasks_open");
        for part in [&plant, &bank] {
            assert!(refused["detail"].as_str().unwrap().contains(part["id"].as_str().unwrap()), "{refused}");
        }
        act(&app, "guest", &plant, "complete", json!({})).ok(200);
        assert_eq!(open(&app, "ask")["state"], "claimed", "the whole waits on");
        act(&app, "bob", &bank, "claim", json!({})).ok(200);
        act(&app, "bob", &bank, "complete", json!({})).ok(200);
        act(&app, "ann", &ask, "complete", json!({})).ok(200);
        // who did a part did the work, too
        let approve = open(&app, "approve");
        for barred in ["ann", "guest", "bob"] {
            act(&app, barred, &approve, "claim", json!({})).problem(403, "separation_of_duties");
        }
        act(&app, "cleo", &approve, "claim", json!({})).ok(200);
        let barred = json!({"title": "Look", "assignee": "ann"});
        act(&app, "cleo", &approve, "sub-tasks", barred).problem(403, "separation_of_duties");
    });
}

#[test]
fn parts_are_cancelled_with_the_whole() {
    on_both(|database| {
        let app = house(database);
        app.by("ann").start("alone", json!({}));
        let think = open(&app, "think");
        let part = act(&app, "ann", &think, "sub-tasks", json!({"title": "Read", "assignee": "guest"})).ok(201);
        let path = format!("/api/v1/process-instances/{}/cancel", think["instance"].as_str().unwrap());
        app.by("alice").post(&path, json!({"reason": "not needed"})).ok(200);
        assert_eq!(seen(&app, "guest", &part)["state"], "cancelled");
        act(&app, "guest", &part, "complete", json!({})).problem(409, "task_not_open");
    });
}
