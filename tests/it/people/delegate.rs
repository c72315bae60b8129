//! Delegating: somebody else does the work, and the owner answers for it.

use super::*;
use crate::support::app::TestApp;
use crate::support::on_both;
use kamflow::api::Limits;
use kamflow::runtime::clock::Clock;

#[test]
fn a_delegate_gives_it_back_done_and_the_owner_completes() {
    on_both(|database| {
        let app = house(database);
        app.by("ann").start("spend", json!({}));
        let ask = open(&app, "ask");
        let verb = |app: &TestApp, by: &str, verb: &str, body: Value| act(app, by, &ask, verb, body);
        verb(&app, "ann", "delegate", json!({"user": "bob"})).problem(409, "task_not_claimed");
        verb(&app, "ann", "claim", json!({})).ok(200);
        verb(&app, "bob", "delegate", json!({"user": "bob"})).problem(403, "task_of_another");
        verb(&app, "ann", "delegate", json!({"user": "ann"})).problem(409, "delegated_to_oneself");
        verb(&app, "ann", "delegate", json!({"user": "gone"})).problem(422, "inactive_user");
        verb(&app, "ann", "delegate", json!({"user": "nobody"})).problem(422, "not_there");
        verb(&app, "ann", "delegate", json!({"user": "guest", "comment": "x".repeat(2_001)}))
            .problem(422, "invalid_task");
        verb(&app, "ann", "resolve", json!({})).problem(409, "not_delegated");

        // guest is no candidate, and sees it now
        let given = verb(&app, "ann", "delegate", json!({"user": "guest", "comment": "you know them"})).ok(200);
        assert_eq!(
            (&given["assignee"], &given["owner"], &given["delegation"]),
            (&json!("guest"), &json!("ann"), &json!("pending"))
        );
        assert_eq!(given["allowedActions"], json!(["claim"]), "the owner can take it back");
        assert_eq!(
            seen(&app, "guest", &ask)["allowedActions"],
            json!(["unclaim", "resolve", "createSubTask", "update"])
        );
        assert_eq!(told(&app, &ask, "task_delegated")["data"]["comment"], "you know them");
        verb(&app, "ann", "complete", json!({})).problem(409, "delegation_pending");
        verb(&app, "guest", "complete", json!({})).problem(409, "delegation_pending");
        verb(&app, "guest", "delegate", json!({"user": "bob"})).problem(409, "delegation_pending");
        verb(&app, "bob", "resolve", json!({})).problem(403, "task_of_another");
        verb(&app, "bob", "claim", json!({})).problem(409, "task_already_claimed");

        // a restart in between changes nothing
        let now = app.clock.now();
        drop(app);
        let app = TestApp::open_at(database, Limits::default(), now);
        let wrong = json!({"variables": {"note": 7}});
        verb(&app, "guest", "resolve", wrong).problem(422, "invalid_variables");
        let back = verb(&app, "guest", "resolve", json!({"variables": {"note": "by guest"}})).ok(200);
        assert_eq!(
            (&back["assignee"], &back["owner"], &back["delegation"], &back["helpers"]),
            (&json!("ann"), &json!("ann"), &json!("resolved"), &json!(["guest"]))
        );
        verb(&app, "guest", "resolve", json!({})).problem(404, "not_found");
        let done = verb(&app, "ann", "complete", json!({})).ok(200);
        assert_eq!((&done["completedBy"], &done["helpers"]), (&json!("ann"), &json!(["guest"])));
        let instance = app.by("alice").get(&format!("/api/v1/process-instances/{}", ask["instance"].as_str().unwrap()));
        assert_eq!(instance.ok(200)["variables"]["note"], "by guest");
    });
}

#[test]
fn it_comes_back_undone_or_is_taken_back() {
    on_both(|database| {
        let app = house(database);
        app.by("ann").start("spend", json!({}));
        let ask = open(&app, "ask");
        let verb = |by: &str, verb: &str, body: Value| act(&app, by, &ask, verb, body).ok(200);
        verb("ann", "claim", json!({}));
        verb("ann", "delegate", json!({"user": "guest"}));
        let back = verb("guest", "unclaim", json!({}));
        assert_eq!(
            (&back["assignee"], &back["owner"], &back["delegation"]),
            (&json!("ann"), &Value::Null, &Value::Null)
        );
        verb("ann", "delegate", json!({"user": "guest"}));
        let back = verb("ann", "claim", json!({}));
        assert_eq!((&back["assignee"], &back["helpers"]), (&json!("ann"), &json!([])));
        // given to somebody else from above: the delegation is over
        verb("ann", "delegate", json!({"user": "guest"}));
        let given = verb("boss", "assign", json!({"user": "bob"}));
        assert_eq!(
            (&given["assignee"], &given["owner"], &given["delegation"]),
            (&json!("bob"), &Value::Null, &Value::Null)
        );
        app.by("guest").get(&format!("/api/v1/user-tasks/{}", ask["id"].as_str().unwrap())).problem(404, "not_found");
    });
}
