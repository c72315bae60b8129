//! One more approver: added by whom the process lets, asked at once, and gone with the level.

use super::*;
use crate::support::on_both;
use kamflow::api::Limits;
use kamflow::model::directory::User;
use kamflow::model::ids::UserId;
use kamflow::model::json::JsonMap;
use kamflow::model::time::Timestamp;
use kamflow::runtime::request::Change;

/// The superior, then all of the board; approvers and carl may add somebody.
const PLAN: &str = "\
process: plan
title: {en: Plan, zh: 计划}
input: {type: object, properties: {what: {type: string}}}
nodes:
  - {id: draft, type: userTask, candidateGroups: [clerk]}
  - id: approve
    type: approval
    of: [what]
    levels:
      - {approvers: superior(\"ann\"), mode: all}
      - {approvers: '\"dora\"', mode: any}
    notSameAs: [draft]
    mayAddApprovers: [approver, 'user:carl']
    outcomes: {approved: end, rejected: end, withdrawn: end}
";

fn planned(app: &TestApp) -> (String, String) {
    app.deploy(&[("workflows/work/pack.yaml", PACK), ("workflows/work/processes/plan.yaml", PLAN)]);
    let instance = app.by("ann").start("plan", json!({"what": "a fair"}));
    runtime::finish(&app.by("zoe"), &instance, json!({})).ok(200);
    let id = approval(app, "ann", &instance)["id"].as_str().unwrap().to_owned();
    (instance, id)
}

fn add(app: &TestApp, login: &str, approval: &str, user: &str) -> Answer {
    let body = json!({"user": user, "reason": "she knows the hall"});
    app.by(login).post(&format!("/api/v1/approvals/{approval}/approvers"), body)
}

fn actions(app: &TestApp, login: &str, approval: &str) -> Value {
    app.by(login).get(&format!("/api/v1/approvals/{approval}")).ok(200)["allowedActions"].clone()
}

#[test]
fn an_approver_has_somebody_else_asked_too() {
    on_both(|database| {
        let app = company(database);
        let (instance, id) = planned(&app);
        assert_eq!(actions(&app, "ann", &id), json!(["withdraw"]));
        assert_eq!(actions(&app, "ben", &id), json!(["add_approver"]));
        let listed = approval(&app, "ben", &instance);
        assert_eq!(listed["allowedActions"], json!(["add_approver"]));
        // Ben is asked, and has gus asked, too.
        let added = add(&app, "ben", &id, "gus").ok(200);
        let users: Vec<&str> =
            added["seats"].as_array().unwrap().iter().filter_map(|seat| seat["user"].as_str()).collect();
        assert_eq!(users, ["ben", "gus"]);
        let one = &added["added"][0];
        assert_eq!(
            (&one["user"], &one["by"], &one["reason"]),
            (&json!("gus"), &json!("ben"), &json!("she knows the hall"))
        );
        assert_eq!((&one["level"], &one["round"]), (&json!(1), &json!(1)));
        vote(&app, "ben", &instance, "approve").ok(200);
        assert_eq!(approval(&app, "ann", &instance)["level"], 1, "gus has not agreed yet");
        // It stays so when the server is started anew, and the history says who added whom, and why.
        drop(app);
        let app = TestApp::open(database, Limits::default());
        assert_eq!(actions(&app, "gus", &id), json!(["add_approver"]));
        assert_eq!(actions(&app, "ben", &id), json!([]), "ben has voted");
        vote(&app, "gus", &instance, "approve").ok(200);
        let seen = approval(&app, "ann", &instance);
        assert_eq!((&seen["level"], &seen["added"][0]["user"]), (&json!(2), &json!("gus")));
        let history = app.by("alice").get(&format!("/api/v1/process-instances/{instance}/history?limit=500")).ok(200);
        let entries = history["items"].as_array().unwrap();
        let told = entries.iter().find(|entry| entry["kind"] == "approver_added").expect("it is told");
        assert_eq!(told["actor"], "ben");
        assert_eq!(told["data"]["user"], "gus");
        assert_eq!(told["data"]["reason"], "she knows the hall");
        // Carl adds somebody without being asked, where the first one decides.
        assert_eq!(actions(&app, "carl", &id), json!(["add_approver"]));
        add(&app, "carl", &id, "finn").ok(200);
        vote(&app, "finn", &instance, "approve").ok(200);
        assert_eq!(approval(&app, "ann", &instance)["state"], "approved");
        add(&app, "carl", &id, "eva").problem(409, "approval_not_open");
    });
}

#[test]
fn nobody_is_added_by_who_may_not_and_nobody_who_may_not_have_a_say() {
    on_both(|database| {
        let app = company(database);
        let (instance, id) = planned(&app);
        let gone = User {
            id: UserId::from("gone"),
            name: "gone".to_owned(),
            active: false,
            roles: vec!["board".to_owned()],
            attributes: JsonMap::new(),
            created_at: Timestamp::default(),
            version: 0,
        };
        app.change("main", Change::PutUser { user: gone, password: None });
        add(&app, "ann", &id, "gus").problem(403, "may_not_add_approver");
        add(&app, "gus", &id, "eva").problem(404, "not_found");
        // Alice sees it, and may do nothing about it; zoe prepared it.
        add(&app, "alice", &id, "gus").problem(403, "may_not_add_approver");
        add(&app, "zoe", &id, "gus").problem(403, "may_not_add_approver");
        add(&app, "ben", &id, "ann").problem(403, "separation_of_duties");
        add(&app, "ben", &id, "zoe").problem(403, "separation_of_duties");
        add(&app, "ben", &id, "ben").problem(409, "approver_there");
        add(&app, "ben", &id, "nobody").problem(422, "not_there");
        add(&app, "ben", &id, "gone").problem(422, "inactive_user");
        let path = format!("/api/v1/approvals/{id}/approvers");
        let silent = json!({"user": "gus", "reason": " "});
        app.by("ben").post(&path, silent).problem(422, "reason_required");
        app.by("ben").post(&path, json!({"user": "gus"})).problem(400, "invalid_body");
        assert_eq!(approval(&app, "ann", &instance)["seats"].as_array().map(Vec::len), Some(1));
        // Whoever votes for somebody else at this level has had a say there.
        add(&app, "ben", &id, "gus").ok(200);
        let (task, digest) = seat(&app, "gus", &instance);
        app.by("gus").post(&format!("/api/v1/user-tasks/{task}/delegate"), json!({"user": "eva"})).ok(200);
        send(&app, "eva", &task, json!({"decision": "approve", "digest": digest})).ok(200);
        add(&app, "ben", &id, "eva").problem(409, "approver_there");
    });
}

#[test]
fn what_is_sent_twice_adds_once() {
    on_both(|database| {
        let app = company(database);
        let (instance, id) = planned(&app);
        let path = format!("/api/v1/approvals/{id}/approvers");
        let body = json!({"user": "gus", "reason": "he pays"}).to_string();
        let headers = [crate::support::app::JSON, ("Idempotency-Key", "add-gus")];
        for _ in 0..2 {
            app.by("ben").send("POST", &path, &headers, &body).ok(200);
        }
        assert_eq!(approval(&app, "ann", &instance)["added"].as_array().map(Vec::len), Some(1));
        // Added by two at once it is one seat.
        let answers = crate::support::threads::each(2, |number| add(&app, ["ben", "carl"][number], &id, "eva").status);
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
        assert_eq!(approval(&app, "ann", &instance)["seats"].as_array().map(Vec::len), Some(3));
    });
}
