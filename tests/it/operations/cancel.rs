//! Cancelling: everything inside goes, and it happens once.

use super::*;
use crate::runtime::{actor, at_once, code, incidents, instance, request, rows};
use crate::support::on_both;
use kamflow::model::intervention::{Intervene, Intervention};
use kamflow::runtime::request::Change;

#[test]
fn a_cancelled_root_leaves_no_work_behind() {
    on_both(|database| {
        let app = house(database);
        let id = broken(&app, "k1");
        let child = called(&app, &id);
        assert_eq!(
            (open(&app, &id), incidents(&app, &id).len(), timers_of(database, &id)),
            (vec!["work".to_owned()], 1, 1)
        );

        let answer = act(&app, &id, "cancel", json!({"reason": " entered twice "}));
        assert_eq!(answer.ok(200)["state"], "cancelled");
        assert_eq!(answer.header("etag"), format!("\"{}\"", answer.json()["version"]));

        assert_eq!(instance(&app, &id)["state"], "cancelled");
        assert!(instance(&app, &id)["endedAt"].is_string());
        assert_eq!(instance(&app, child["id"].as_str().unwrap())["state"], "cancelled");
        assert_eq!((open(&app, &id), incidents(&app, &id).len(), timers_of(database, &id)), (vec![], 0, 0));
        assert_eq!(rows(database, "task_candidates"), 0);
        let tokens = app.by("alice").get(&format!("/api/v1/process-instances/{id}/tokens")).ok(200);
        assert_eq!(tokens["items"], json!([]));
        let told = entry(&app, &id, "instance_cancelled");
        assert_eq!((&told["actor"], &told["data"]["reason"]), (&json!("alice"), &json!("entered twice")));
        assert_eq!(entry(&app, &id, "instance_ended")["data"]["state"], "cancelled");

        let again = act(&app, &id, "cancel", json!({"reason": "to be sure"})).problem(409, "instance_ended");
        assert_eq!((&again["present"]["id"], &again["present"]["state"]), (&json!(id), &json!("cancelled")));
        let new = waiting(&app, "k1");
        assert_ne!(new, id, "its business key is free again");
    });
}

#[test]
fn a_called_instance_goes_with_the_token_of_its_call_activity() {
    on_both(|database| {
        let app = house(database);
        let id = waiting(&app, "k1");
        let child = called(&app, &id)["id"].as_str().unwrap().to_owned();
        for verb in ["cancel", "suspend", "resume"] {
            let refused = act(&app, &child, verb, json!({"reason": "not needed"})).problem(409, "not_root");
            assert!(refused["detail"].as_str().unwrap().contains(&id), "{refused}");
        }
        let call = token(&app, &id, "call");
        assert_eq!(call["called"], child);
        let steps = json!([{"cancel": {"token": call["id"]}}]);
        act(&app, &id, "modify", json!({"steps": steps, "reason": "not needed"})).ok(200);
        assert_eq!(instance(&app, &child)["state"], "cancelled");
        assert_eq!(
            (instance(&app, &id)["state"].as_str(), open(&app, &id)),
            (Some("active"), vec!["check".to_owned()])
        );
        assert_eq!(timers_of(database, &id), 0);
    });
}

#[test]
fn of_many_who_cancel_at_once_one_does() {
    on_both(|database| {
        let app = house(database);
        let id = waiting(&app, "k1");
        let by = actor("alice", &["process_admin"]);
        let cancel = || {
            Change::Intervene(Intervene {
                instance: id.as_str().into(),
                what: Intervention::Cancel,
                reason: Some("at once".to_owned()),
            })
        };
        let answers = at_once(&app.runtime, (0..8).map(|_| request(by.clone(), cancel())).collect());
        let refused = answers.iter().filter(|answer| code(answer) == "instance_ended").count();
        assert_eq!((refused, answers.iter().filter(|answer| answer.is_ok()).count()), (7, 1));
    });
}

#[test]
fn a_cancellation_that_is_sent_again_gets_the_same_answer() {
    on_both(|database| {
        let app = house(database);
        let id = waiting(&app, "k1");
        let send = |key: &str, reason: &str| {
            let headers = [crate::support::app::JSON, ("Idempotency-Key", key)];
            let path = format!("/api/v1/process-instances/{id}/cancel");
            app.by("alice").send("POST", &path, &headers, &json!({"reason": reason}).to_string())
        };
        let first = send("one", "entered twice").ok(200);
        let second = send("one", "entered twice");
        assert_eq!((second.ok(200), second.header("idempotency-replayed")), (first, "true"));
        send("one", "something else").problem(422, "idempotency_key_reused");
        send("two", "entered twice").problem(409, "instance_ended");
    });
}
