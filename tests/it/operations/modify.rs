//! Modifying: over a failed step, into a sub-process, all steps or none.

use super::*;
use crate::runtime::{incidents, instance};
use crate::support::on_both;

fn modify(app: &TestApp, id: &str, steps: Json) -> Answer {
    act(app, id, "modify", json!({"steps": steps, "reason": "the divisor is lost"}))
}

#[test]
fn a_modification_jumps_over_a_failed_step() {
    on_both(|database| {
        let app = house(database);
        let id = broken(&app, "k1");
        let failed = token(&app, &id, "divide");
        assert_eq!((&failed["state"], &failed["incident"]), (&json!("failed"), &incidents(&app, &id)[0]["id"]));

        let steps = json!([{"cancel": {"token": failed["id"]}}, {"startBefore": {"node": "check"}}]);
        let answer = modify(&app, &id, steps.clone());
        assert_eq!(answer.ok(200)["state"], "active");
        assert_eq!((open(&app, &id), incidents(&app, &id).len()), (vec!["check".to_owned(), "work".to_owned()], 0));
        let told = entry(&app, &id, "instance_modified");
        assert_eq!((&told["actor"], &told["data"]["reason"]), (&json!("alice"), &json!("the divisor is lost")));
        assert_eq!(told["data"]["steps"], steps, "it stands in the history as it was sent");

        let check = task_at(&app, &id, "check");
        let ann = app.by("ann");
        ann.post(&format!("/api/v1/user-tasks/{check}/claim"), json!({})).ok(200);
        ann.post(&format!("/api/v1/user-tasks/{check}/complete"), json!({})).ok(200);
        for node in ["work", "rest"] {
            let task = task_at(&app, &id, node);
            ann.post(&format!("/api/v1/user-tasks/{task}/claim"), json!({})).ok(200);
            ann.post(&format!("/api/v1/user-tasks/{task}/complete"), json!({})).ok(200);
        }
        assert_eq!(instance(&app, &id)["state"], "completed");
        modify(&app, &id, json!([{"startBefore": {"node": "check"}}])).problem(409, "instance_ended");
    });
}

#[test]
fn a_level_is_opened_on_the_way_and_an_action_runs_in_the_same_transaction() {
    on_both(|database| {
        let app = house(database);
        let id = waiting(&app, "k1");
        let steps = json!([
            {"startBefore": {"node": "inside"}}, {"startBefore": {"node": "create"}},
            {"startAfter": {"node": "inside", "outcome": "good"}}
        ]);
        modify(&app, &id, steps).ok(200);
        assert_eq!(open(&app, &id), ["check", "inside", "work"], "one inside the box is done already");
        assert_eq!(timers_of(database, &id), 2, "the box has its timer");
        assert_eq!(app.by("ann").get("/api/v1/records/thing").ok(200)["total"], 1);

        // The second one cannot be made: its name is taken. That is an incident of its node, not a refusal.
        modify(&app, &id, json!([{"startBefore": {"node": "create"}}])).ok(200);
        assert_eq!(incidents(&app, &id)[0]["node"], "create");
        let diagram = app.by("alice").get(&format!("/api/v1/process-instances/{id}/diagram"));
        assert_eq!(diagram.status, 200, "{}", diagram.text);
    });
}

#[test]
fn all_steps_are_done_or_none() {
    on_both(|database| {
        let app = house(database);
        let id = waiting(&app, "k1");
        let before = instance(&app, &id);
        let (check, call) = (token(&app, &id, "check")["id"].clone(), token(&app, &id, "call")["id"].clone());
        let child = called(&app, &id)["id"].as_str().unwrap().to_owned();
        let inner = token(&app, &child, "work")["id"].clone();
        let first = json!({"cancel": {"token": check}});
        let refused = |second: Json, status: u16, code: &str, pointer: &str| {
            let problem = modify(&app, &id, json!([first, second])).problem(status, code);
            let found = problem["errors"][0]["pointer"].as_str().unwrap_or_default();
            assert_eq!(found, pointer, "{problem}");
        };
        refused(json!({"startBefore": {"node": "nothing"}}), 422, "unknown_node", "/steps/1");
        refused(json!({"startBefore": {"node": "late"}}), 422, "not_startable", "/steps/1");
        refused(json!({"startAfter": {"node": "inside", "outcome": "fine"}}), 422, "wrong_outcome", "/steps/1");
        refused(json!({"startAfter": {"node": "check", "outcome": "fine"}}), 422, "wrong_outcome", "/steps/1");
        refused(first.clone(), 409, "token_gone", "/steps/1");
        refused(json!({"cancel": {"token": inner}}), 409, "token_gone", "/steps/1");
        refused(json!({"cancel": {"token": "x.7"}}), 422, "wrong_token", "/steps/1/cancel/token");
        refused(json!({"cancel": {"token": call}}), 409, "nothing_left", "");
        modify(&app, &id, json!([])).problem(422, "wrong_steps");
        modify(&app, &id, json!([{"startNear": {"node": "check"}}])).problem(400, "invalid_body");
        modify(&app, &id, json!([{"startBefore": {"node": "check", "zzz": 1}}])).problem(400, "invalid_body");
        let many: Vec<Json> = (0..101).map(|_| json!({"startBefore": {"node": "check"}})).collect();
        modify(&app, &id, json!(many)).problem(422, "wrong_steps");
        assert_eq!(instance(&app, &id), before, "nothing was changed");
        assert_eq!(open(&app, &id), ["check", "work"]);

        // Of the called instance its own nodes.
        modify(&app, &child, json!([{"cancel": {"token": inner}}, {"startBefore": {"node": "rest"}}])).ok(200);
        assert_eq!(open(&app, &id), ["check", "rest"]);
    });
}

#[test]
fn tokens_are_listed_page_by_page() {
    on_both(|database| {
        let app = house(database);
        let id = waiting(&app, "k1");
        let (alice, path) = (app.by("alice"), format!("/api/v1/process-instances/{id}/tokens"));
        let all = alice.get(&path).ok(200);
        assert_eq!((&all["total"], &all["next"]), (&json!(2), &Json::Null));
        let first = alice.get(&format!("{path}?limit=1")).ok(200);
        let next = first["next"].as_str().unwrap();
        let second = alice.get(&format!("{path}?limit=1&cursor={next}")).ok(200);
        assert_eq!(json!([first["items"][0], second["items"][0]]), all["items"]);
        assert_eq!(second["next"], Json::Null);
        alice.get(&format!("{path}?cursor=x.1")).problem(422, "wrong_cursor");
        app.by("bob").get(&path).ok(200);
        app.user("eve", &[]);
        app.by("eve").get(&path).problem(404, "not_found");
    });
}
