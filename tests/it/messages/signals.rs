//! Signals: to everybody who waits when they are sent, and to the processes that they begin. They are never kept.

use super::*;
use crate::support::on_both;

#[test]
fn a_signal_reaches_everybody_who_waits_for_it_then() {
    on_both(|database| {
        let app = with(database, &FILES);
        let before: Vec<String> = (0..5).map(|_| app.by("ann").start("listener", json!({}))).collect();
        let told = app.by("gate").post("/api/v1/signals", json!({"name": "price changed", "variables": {"price": 3}}));
        assert_eq!(told.ok(202), json!({"name": "price changed", "waiting": 5, "starts": 1}));
        let after = app.by("ann").start("listener", json!({}));
        app.deliver();
        for id in &before {
            assert_eq!(state(&app, id), json!(["completed", {"price": 3}]));
        }
        assert_eq!(instance(&app, &after)["state"], "active", "it began to wait afterwards");
        let alarms = instances(&app, "alarm");
        assert_eq!((alarms.len(), &alarms[0]["variables"]), (1, &json!({"price": 3, "seen": 3})));
        assert_eq!(on_the_way(database), 0);
    });
}

#[test]
fn what_an_instance_sends_reaches_its_own_root_at_once_and_others_soon() {
    on_both(|database| {
        let app = with(database, &FILES);
        let listener = app.by("ann").start("listener", json!({}));
        let crier = app.by("ann").start("crier", json!({}));
        let trigger = format!("/api/v1/process-instances/{crier}/trigger");
        app.by("alice").post(&trigger, json!({"node": "hold"})).ok(200);
        assert_eq!(state(&app, &crier), json!(["completed", {"own": 7}]));
        assert_eq!(instance(&app, &listener)["state"], "active");
        app.deliver();
        assert_eq!(state(&app, &listener), json!(["completed", {"price": 7}]));
        assert_eq!(count(&app, &crier, "event_happened"), 2, "the trigger and the signal, each once");
        assert_eq!(instances(&app, "alarm").len(), 1);
    });
}

#[test]
fn who_stopped_waiting_is_passed_over() {
    const IMPATIENT: &str = "\
process: impatient
title: {en: Impatient, zh: 急躁}
nodes:
  - {id: which, type: eventBasedGateway, next: [signal, message]}
  - {id: signal, type: intermediateCatchEvent, signal: price changed, next: end}
  - {id: message, type: intermediateCatchEvent, message: enough, next: end}
";
    on_both(|database| {
        let app = with(database, &[("impatient", IMPATIENT)]);
        let id = app.by("ann").start("impatient", json!({}));
        app.by("gate").post("/api/v1/signals", json!({"name": "price changed"})).ok(202);
        send(&app, json!({"name": "enough"})).ok(200);
        app.deliver();
        assert_eq!((instance(&app, &id)["state"].clone(), count(&app, &id, "event_happened")), (json!("completed"), 1));
        assert_eq!(on_the_way(database), 0);
    });
}
