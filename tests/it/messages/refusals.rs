//! What is refused, with its code; and the id of a message, under which it arrives once.

use super::*;
use crate::support::app::{CHINESE, JSON};
use crate::support::on_both;

#[test]
fn what_nobody_can_take_is_refused() {
    on_both(|database| {
        let app = with(database, &FILES);
        send(&app, json!({"name": "unheard of", "ttl": "PT1H"})).problem(404, "not_found");
        let refused = send(&app, json!({"name": "served", "key": "t9"})).problem(409, "message_not_awaited");
        assert!(refused["detail"].as_str().unwrap().contains("\"ttl\""), "{refused}");
        send(&app, json!({"name": "served", "ttl": "PT0S"})).problem(409, "message_not_awaited");
        // It begins a process, whose input wants more than it brings; nothing is left of it.
        let lacks = send(&app, json!({"name": "payment wanted", "variables": {"amount": 1}}));
        lacks.problem(422, "invalid_variables");
        assert_eq!((instances(&app, "bank").len(), on_the_way(database)), (0, 0));
        for (body, pointer) in [
            (json!({"name": ""}), "/name"),
            (json!({"name": "served", "key": "k".repeat(501)}), "/key"),
            (json!({"name": "served", "id": ""}), "/id"),
        ] {
            let problem = send(&app, body).problem(400, "invalid_body");
            assert_eq!(problem["errors"][0]["pointer"], pointer);
        }
        send(&app, json!({"name": "served", "ttl": "an hour"})).problem(400, "invalid_body");
        send(&app, json!({"name": "served", "to": "t1"})).problem(400, "invalid_body");
        let body = json!({"name": "served", "key": "t9"}).to_string();
        let chinese = app.by("gate").send("POST", "/api/v1/messages", &[JSON, CHINESE], &body);
        assert_eq!(chinese.json()["title"], "没有流程等待该消息");
    });
}

#[test]
fn only_other_systems_and_process_administrators_send() {
    on_both(|database| {
        let app = with(database, &FILES);
        let table = app.by("ann").start("table", json!({"table": "t1"}));
        let body = json!({"name": "served", "key": "t1", "variables": {"dish": "fish"}});
        app.by("ann").post("/api/v1/messages", body.clone()).problem(403, "role_missing");
        app.by("ann").post("/api/v1/signals", json!({"name": "price changed"})).problem(403, "role_missing");
        let narrow = app.token("main", "gate", Some(&["processes:write"]));
        let narrow = app.with_authorization(&format!("Bearer {narrow}"));
        narrow.post("/api/v1/messages", body.clone()).problem(403, "scope_missing");
        app.by("alice").post("/api/v1/messages", body).ok(200);
        assert_eq!(instance(&app, &table)["state"], "completed");
        app.deliver();
        assert_eq!(instances(&app, "alarm").len(), 0);
    });
}

#[test]
fn another_business_hears_nothing() {
    on_both(|database| {
        let app = with(database, &FILES);
        app.by("ann").start("table", json!({"table": "t1"}));
        app.by("ann").start("listener", json!({}));
        let business = json!({"id": "other", "title": {"en": "Other", "zh": "其他"}, "currency": "CNY",
            "timeZone": "Asia/Shanghai"});
        app.by("alice").post("/api/v1/businesses", business).ok(201);
        app.user_of("other", "eve", &["integration"]);
        let eve = app.by_of("other", "eve");
        eve.post("/api/v1/messages", json!({"name": "served", "key": "t1"})).problem(404, "not_found");
        let told = eve.post("/api/v1/signals", json!({"name": "price changed"})).ok(202);
        assert_eq!(told, json!({"name": "price changed", "waiting": 0, "starts": 0}));
    });
}

#[test]
fn a_message_that_is_sent_twice_arrives_once() {
    on_both(|database| {
        let app = with(database, &[("table", TABLE)]);
        let sent = json!({"name": "served", "variables": {"dish": "fish"}, "id": "m-1"});
        // A message that nobody took was not received: it may come again.
        send(&app, sent.clone()).problem(409, "message_not_awaited");
        let tables: Vec<String> =
            ["t1", "t2"].iter().map(|table| app.by("ann").start("table", json!({ "table": table }))).collect();
        let first = send(&app, sent.clone());
        assert_eq!(first.ok(200)["instance"], tables[0]);
        let again = send(&app, sent);
        assert_eq!(
            (again.ok(200)["instance"].clone(), again.header("idempotency-replayed")),
            (json!(tables[0]), "true")
        );
        assert_eq!(instance(&app, &tables[1])["state"], "active");
        let other = json!({"name": "served", "variables": {"dish": "tea"}, "id": "m-1"});
        send(&app, other.clone()).problem(422, "idempotency_key_reused");
        let both =
            app.by("gate").send("POST", "/api/v1/messages", &[JSON, ("Idempotency-Key", "k")], &other.to_string());
        both.problem(400, "invalid_idempotency_key");
    });
}
