//! Access beyond the rules: asked for with a reason, opened by a second person, over when its time is.

use super::*;
use crate::support::on_both;
use serde_json::json;

/// Nobody but the owner sees it; a boss may ask, a clerk must agree.
const SECRET: &str = "\
record: secret
title: {en: Secret, zh: 机密}
fields:
  name: {type: string, required: true}
  owner: {type: user}
columns: {owner: owner, name: name}
access:
  read: [owner]
  create: [role:clerk]
  update: [owner]
  break_glass: {roles: [boss], second: [clerk], for: PT30M}
";

const QUIET: &str = "\
process: quiet
title: {en: Quiet, zh: 保密}
access: {read: [starter], breakGlass: {roles: [boss]}}
nodes:
  - {id: do, type: userTask, candidateGroups: [boss]}
";

fn house(database: &TestDatabase) -> TestApp {
    let app = with(database, &[("records/secret.yaml", SECRET), ("processes/quiet.yaml", QUIET)]);
    app.user("boss", &["boss"]);
    app.user("carl", &["clerk"]);
    app
}

fn secret(app: &TestApp) -> String {
    let made =
        app.by("ann").post("/api/v1/records/secret", json!({"fields": {"name": "plan", "owner": "ann"}})).ok(201);
    made["id"].as_str().unwrap().to_owned()
}

fn ask(app: &TestApp, who: &str, record: &str, right: &str) -> Answer {
    let target = json!({"record": {"type": "secret", "id": record}});
    let body = json!({"target": target, "right": right, "reason": "ann is ill and the customer calls"});
    app.by(who).post("/api/v1/break-glass", body)
}

fn verb(app: &TestApp, who: &str, id: &Json, verb: &str) -> Answer {
    app.by(who).post(&format!("/api/v1/break-glass/{}/{verb}", id.as_str().unwrap()), json!({}))
}

#[test]
fn a_record_opens_for_a_reason_with_a_second_person_for_a_time() {
    on_both(|database| {
        let app = house(database);
        let record = secret(&app);
        let path = format!("/api/v1/records/secret/{record}");
        let (boss, other) = (app.by("boss"), secret(&app));
        boss.get(&path).problem(404, "not_found");

        let asked = ask(&app, "boss", &record, "read").ok(201);
        assert_eq!(
            (&asked["state"], &asked["user"], &asked["decidedBy"]),
            (&json!("waiting"), &json!("boss"), &Json::Null)
        );
        boss.get(&path).problem(404, "not_found");
        verb(&app, "boss", &asked["id"], "approve").problem(403, "second_person");
        verb(&app, "alice", &asked["id"], "approve").problem(403, "role_missing");
        let open = verb(&app, "carl", &asked["id"], "approve").ok(200);
        assert_eq!((&open["state"], &open["decidedBy"]), (&json!("open"), &json!("carl")));
        verb(&app, "bob", &asked["id"], "decline").problem(409, "break_glass_state");

        // This record, to read, and nothing else.
        assert_eq!(boss.get(&path).ok(200)["fields"]["name"], "plan");
        assert_eq!(boss.get("/api/v1/records/secret").ok(200)["total"], 1);
        boss.get(&format!("/api/v1/records/secret/{other}")).problem(404, "not_found");
        let patch = json!({"fields": {"name": "plan B"}}).to_string();
        boss.send("PATCH", &path, &[crate::support::app::JSON], &patch).problem(403, "record_not_allowed");
        app.by("carl").get(&path).problem(404, "not_found");

        app.advance("PT29M");
        boss.get(&path).ok(200);
        app.advance("PT1M");
        boss.get(&path).problem(404, "not_found");
        // Who asked, who agreed and why stays.
        let kept = app.by("carl").get("/api/v1/break-glass").ok(200);
        assert_eq!(kept["items"][0]["reason"], "ann is ill and the customer calls");
    });
}

#[test]
fn the_right_to_update_is_asked_for_by_name_and_given_back() {
    on_both(|database| {
        let app = house(database);
        let record = secret(&app);
        let path = format!("/api/v1/records/secret/{record}");
        let asked = ask(&app, "boss", &record, "update").ok(201);
        verb(&app, "carl", &asked["id"], "approve").ok(200);
        let patch = json!({"fields": {"name": "plan B"}}).to_string();
        app.by("boss").send("PATCH", &path, &[crate::support::app::JSON], &patch).ok(200);
        let history = app.by("ann").get(&format!("{path}/history")).ok(200);
        assert!(history["items"].as_array().unwrap().iter().any(|change| change["by"] == "boss"));
        verb(&app, "ann", &asked["id"], "end").ok(200);
        app.by("boss").send("PATCH", &path, &[crate::support::app::JSON], &patch).problem(404, "not_found");
        verb(&app, "boss", &asked["id"], "end").problem(409, "break_glass_state");
    });
}

#[test]
fn who_may_not_ask_or_gives_no_reason_is_refused() {
    on_both(|database| {
        let app = house(database);
        let record = secret(&app);
        ask(&app, "bob", &record, "read").problem(403, "role_missing");
        ask(&app, "alice", &record, "read").problem(403, "role_missing");
        let target = json!({"record": {"type": "secret", "id": record}});
        let body = json!({"target": target, "right": "read", "reason": "  because  "});
        app.by("boss").post("/api/v1/break-glass", body).problem(422, "reason_required");
        ask(&app, "boss", "nothing", "read").problem(404, "not_found");

        // Nobody answered in time; declined is declined.
        let late = ask(&app, "boss", &record, "read").ok(201);
        app.advance("P1D");
        verb(&app, "carl", &late["id"], "approve").problem(409, "break_glass_state");
        let asked = ask(&app, "boss", &record, "read").ok(201);
        assert_eq!(verb(&app, "carl", &asked["id"], "decline").ok(200)["state"], "declined");
        verb(&app, "bob", &asked["id"], "approve").problem(409, "break_glass_state");
        app.by("boss").get(&format!("/api/v1/records/secret/{record}")).problem(404, "not_found");
    });
}

#[test]
fn an_instance_opens_with_its_tasks_and_history() {
    on_both(|database| {
        let app = house(database);
        let instance = app.by("ann").start("quiet", json!({}));
        let boss = app.by("boss");
        let path = format!("/api/v1/process-instances/{instance}");
        boss.get(&path).problem(404, "not_found");
        let body = json!({"target": {"processInstance": instance}, "right": "read", "reason": "a complaint came in"});
        // Its rule asks for no second person.
        let open = boss.post("/api/v1/break-glass", body).ok(201);
        assert_eq!((&open["state"], &open["decidedBy"]), (&json!("open"), &Json::Null));
        boss.get(&path).ok(200);
        boss.get(&format!("{path}/history")).ok(200);
        assert_eq!(boss.get("/api/v1/user-tasks").ok(200)["total"], 1);
        assert_eq!(app.by("bob").get("/api/v1/break-glass").ok(200)["total"], 0);
        assert_eq!(app.by("alice").get("/api/v1/break-glass").ok(200)["total"], 1);
        app.advance("PT1H");
        boss.get(&path).problem(404, "not_found");
    });
}
