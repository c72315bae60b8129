//! A worker that finds nothing to do waits, and is answered when there is something.

use super::*;
use crate::support::on_both;
use kamflow::api::Limits;

/// Waits for a job in a thread of its own while `meanwhile` runs; what the worker got.
fn waiting(app: &TestApp, meanwhile: impl FnOnce()) -> Vec<Json> {
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| take(&app.by("wanda"), "patient", json!({"wait": "PT25S"})));
        meanwhile();
        waits.join().unwrap()
    })
}

#[test]
fn a_new_job_wakes_who_waits_on_this_node_and_on_another() {
    on_both(|database| {
        let app = with(database);
        let id = std::cell::RefCell::new(String::new());
        let got = waiting(&app, || *id.borrow_mut() = app.by("ann").start("mail", json!({"to": "a"})));
        assert_eq!(got[0]["instance"], json!(*id.borrow()));
        if database.name() == "postgres" {
            let other = TestApp::open(database, Limits::default());
            let got = waiting(&other, || *id.borrow_mut() = app.by("ann").start("mail", json!({"to": "b"})));
            assert_eq!(got[0]["instance"], json!(*id.borrow()));
        }
    });
}

#[test]
fn who_waits_gets_what_becomes_due_and_what_a_lost_lease_sets_free() {
    on_both(|database| {
        let app = with(database);
        app.by("ann").start("mail", json!({"to": "a"}));
        let (path, lease) = take_one(&app.by("wanda"), "mailer");
        let body = json!({"lease": lease, "message": "later", "retryAfter": "PT30M"});
        app.by("wanda").post(&format!("{path}/fail"), body).ok(200);
        let got = waiting(&app, || assert_eq!(app.advance("PT30M"), 0));
        assert_eq!((&got[0]["failures"], &got[0]["lease"]["fence"]), (&json!(1), &json!(2)));
        let got = waiting(&app, || assert_eq!(app.advance("PT15M"), 0));
        assert_eq!(got[0]["lease"]["fence"], 3);
    });
}

#[test]
fn a_retried_incident_wakes_who_waits() {
    on_both(|database| {
        let app = with(database);
        app.by("ann").start("urgent", json!({}));
        let (path, lease) = take_one(&app.by("wanda"), "mailer");
        app.by("wanda").post(&format!("{path}/fail"), json!({"lease": lease, "message": "no"})).ok(200);
        let incident = app.by("alice").get("/api/v1/incidents").ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let got = waiting(&app, || {
            app.by("alice").post(&format!("/api/v1/incidents/{incident}/retry"), json!({})).ok(200);
        });
        assert_eq!(got.len(), 1);
    });
}

#[test]
fn nothing_to_do_is_an_empty_answer_and_a_stopping_server_answers_at_once() {
    on_both(|database| {
        let app = with(database);
        assert!(take(&app.by("wanda"), "mailer", json!({"wait": "PT0.1S"})).is_empty());
        assert!(waiting(&app, || app.runtime.stop_waiting()).is_empty());
    });
}
