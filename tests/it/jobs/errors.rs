//! A job that ends otherwise than by its result: with a BPMN error, or because the process needs it no more.

use super::*;
use crate::support::on_both;

#[test]
fn a_bpmn_error_is_caught_at_the_edge() {
    on_both(|database| {
        let app = with(database);
        let wanda = app.by("wanda");
        let id = app.by("ann").start("mail", json!({"to": "nobody"}));
        let (path, lease) = take_one(&wanda, "mailer");
        let error = json!({"lease": lease, "code": "no-such-address", "variables": {"message": "bounced"}});
        assert_eq!(wanda.post(&format!("{path}/error"), error.clone()).ok(200)["state"], "error");
        assert_eq!(wanda.post(&format!("{path}/error"), error).ok(200)["state"], "error");
        assert_eq!(instance(&app, &id)["search"]["message"], "bounced");
        let tasks = app.by("ann").get(&format!("/api/v1/user-tasks?instance={id}")).ok(200);
        assert_eq!((&tasks["total"], &tasks["items"][0]["node"]), (&json!(1), &json!("ask")));
        assert_eq!(story(&app, &id), ["job_created", "job_ended_with_error"]);
    });
}

#[test]
fn a_bpmn_error_that_nobody_catches_ends_the_instance() {
    on_both(|database| {
        let app = with(database);
        let wanda = app.by("wanda");
        let id = app.by("ann").start("mail", json!({"to": "nobody"}));
        let (path, lease) = take_one(&wanda, "mailer");
        wanda.post(&format!("{path}/error"), json!({"lease": lease, "code": "other"})).ok(200);
        let ended = instance(&app, &id);
        assert_eq!((&ended["state"], &ended["error"]), (&json!("ended_with_error"), &json!("other")));
        assert_eq!(app.by("alice").get("/api/v1/jobs?state=open").ok(200)["total"], 0);
    });
}

#[test]
fn a_boundary_timer_takes_the_job_away() {
    on_both(|database| {
        let app = with(database);
        let wanda = app.by("wanda");
        let id = app.by("ann").start("mail", json!({"to": "a"}));
        let (path, lease) = take_one(&wanda, "mailer");
        app.advance("P1D");
        let wanda_later = app.by("wanda");
        let late = wanda_later.post(&format!("{path}/complete"), json!({"lease": lease, "result": {"id": "m"}}));
        assert_eq!(late.problem(409, "job_not_open")["present"]["state"], "cancelled");
        wanda_later.post(&format!("{path}/extend"), json!({"lease": lease})).problem(409, "job_not_open");
        assert!(take(&wanda_later, "mailer", json!({})).is_empty());
        assert_eq!(story(&app, &id), ["job_created", "job_cancelled"]);
        let tasks = app.by("ann").get(&format!("/api/v1/user-tasks?instance={id}")).ok(200);
        assert_eq!(tasks["items"][0]["node"], "ask");
    });
}
