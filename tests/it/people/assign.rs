//! Giving a task to somebody: who may, to whom, and back to the candidates.

use super::*;
use crate::support::on_both;

#[test]
fn a_superior_gives_a_task_to_one_of_its_candidates() {
    on_both(|database| {
        let app = house(database);
        app.by("ann").start("spend", json!({}));
        let ask = open(&app, "ask");
        let give = |by: &str, to: Value| act(&app, by, &ask, "assign", json!({ "user": to }));
        // boss stands above members of the role; bob, a member, does not
        assert_eq!(seen(&app, "boss", &ask)["allowedActions"], json!(["assign", "update"]));
        assert_eq!(seen(&app, "bob", &ask)["allowedActions"], json!(["claim"]));
        give("bob", json!("bob")).problem(403, "may_not_assign");
        give("guest", json!("guest")).problem(404, "not_found");
        give("boss", json!("guest")).problem(409, "not_for_them");
        give("boss", json!("boss")).problem(409, "not_for_them");
        give("boss", json!("gone")).problem(422, "inactive_user");
        give("boss", json!("nobody")).problem(422, "not_there");
        act(&app, "boss", &ask, "assign", json!({})).problem(400, "invalid_body");

        let given = give("boss", json!("bob")).ok(200);
        assert_eq!(
            (&given["state"], &given["assignee"], &given["version"]),
            (&json!("claimed"), &json!("bob"), &json!(2))
        );
        let entry = told(&app, &ask, "task_assigned");
        assert_eq!((&entry["actor"], &entry["data"]["to"]), (&json!("boss"), &json!("bob")));
        // from one to another, above whom boss stands; cleo stands nowhere but has the role
        assert_eq!(give("boss", json!("cleo")).ok(200)["assignee"], "cleo");
        give("boss", json!("ann")).problem(403, "may_not_assign");
        assert_eq!(give("admin", Value::Null).ok(200)["state"], "created");
        assert_eq!(give("chief", json!("ann")).ok(200)["assignee"], "ann");
        act(&app, "bob", &ask, "complete", json!({})).problem(403, "task_of_another");
        act(&app, "ann", &ask, "complete", json!({"variables": {"note": "paper"}})).ok(200);
        give("boss", json!("ann")).problem(409, "task_not_open");
    });
}

#[test]
fn what_is_for_one_person_alone_goes_to_any_active_user() {
    on_both(|database| {
        let app = house(database);
        app.by("ann").start("alone", json!({}));
        let think = open(&app, "think");
        let give = |by: &str, to: Value| act(&app, by, &think, "assign", json!({ "user": to }));
        give("boss", Value::Null).problem(409, "task_for_one_alone");
        give("boss", json!("gone")).problem(422, "inactive_user");
        assert_eq!(give("boss", json!("guest")).ok(200)["assignee"], "guest");
        act(&app, "guest", &think, "unclaim", json!({})).problem(409, "task_for_one_alone");
        act(&app, "guest", &think, "complete", json!({})).ok(200);
    });
}

#[test]
fn a_version_and_a_key_count_as_for_every_verb() {
    on_both(|database| {
        let app = house(database);
        app.by("ann").start("spend", json!({}));
        let ask = open(&app, "ask");
        let path = format!("/api/v1/user-tasks/{}/assign", ask["id"].as_str().unwrap());
        let send = |seen: &str, user: &str| {
            let headers = [("If-Match", seen), ("Idempotency-Key", user), ("Content-Type", "application/json")];
            app.by("boss").send("POST", &path, &headers, &json!({ "user": user }).to_string())
        };
        send("\"7\"", "bob").problem(412, "stale_task");
        let first = send("\"1\"", "ann");
        assert_eq!((first.header("etag"), first.ok(200)["assignee"].as_str()), ("\"2\"", Some("ann")));
        assert_eq!(
            send("\"1\"", "ann").ok(200)["version"],
            2,
            "the same request again is answered with the first answer"
        );
        send("\"1\"", "cleo").problem(412, "stale_task");
    });
}
