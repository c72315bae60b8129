//! What makes no task: each wrong place has its pointer.

use super::*;
use crate::support::app::CHINESE;
use crate::support::on_both;

#[test]
fn wrong_places_are_named() {
    on_both(|database| {
        let app = deployed(database);
        let ann = app.by("ann");
        app.by("alice").put("/api/v1/users/gone", json!({"name": "gone", "roles": [], "active": false})).ok(200);
        let long = |length: usize| "长".repeat(length);
        let many: Vec<String> = (0..101).map(|number| format!("u{number}")).collect();
        for (body, at) in [
            (json!({"name": " ", "assignee": "bob"}), "/name"),
            (json!({"name": long(201), "assignee": "bob"}), "/name"),
            (json!({"name": "x", "assignee": "bob", "description": long(10_001)}), "/description"),
            (json!({"name": "x", "assignee": "bob", "priority": 101}), "/priority"),
            (json!({"name": "x"}), "/assignee"),
            (json!({"name": "x", "assignee": "bob", "candidateGroups": ["clerk"]}), "/assignee"),
            (json!({"name": "x", "candidateUsers": many}), "/candidateUsers"),
            (json!({"name": "x", "assignee": "nobody"}), "/assignee"),
            (json!({"name": "x", "assignee": "gone"}), "/assignee"),
            (json!({"name": "x", "candidateUsers": ["bob", "nobody"]}), "/candidateUsers/1"),
            (json!({"name": "x", "candidateGroups": ["clerk", "chief"]}), "/candidateGroups/1"),
        ] {
            let refused = ann.post(TASKS, body).problem(422, "invalid_task");
            assert_eq!(refused["errors"][0]["pointer"], at, "{refused}");
        }
        ann.post(TASKS, json!({"name": "x", "assignee": "bob", "due": "tomorrow"})).problem(422, "wrong_value");
        ann.post(TASKS, json!({"name": "x", "assignee": "bob", "form": "x"})).problem(400, "invalid_body");
        assert_eq!(ann.get(TASKS).ok(200)["total"], 0);
    });
}

#[test]
fn all_who_are_not_there_are_named_at_once_and_in_chinese() {
    on_both(|database| {
        let app = deployed(database);
        let body = json!({"name": "x", "candidateUsers": ["nobody"], "candidateGroups": ["chief"]}).to_string();
        let headers = [crate::support::app::JSON, CHINESE];
        let refused = app.by("ann").send("POST", TASKS, &headers, &body).problem(422, "invalid_task");
        let told: Vec<&Value> = refused["errors"].as_array().unwrap().iter().map(|error| &error["detail"]).collect();
        assert_eq!(told, ["用户“nobody”不存在", "角色“chief”不存在"]);
    });
}

#[test]
fn before_anything_is_deployed_there_are_people_and_no_roles() {
    on_both(|database| {
        let app = bare(database);
        let refused = app.by("ann").post(TASKS, json!({"name": "x", "candidateGroups": ["clerk"]}));
        assert_eq!(refused.problem(422, "invalid_task")["errors"][0]["pointer"], "/candidateGroups/0");
        make(&app.by("ann"), json!({"name": "x", "candidateUsers": ["ann", "bob"]}));
    });
}
