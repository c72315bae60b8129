//! A worker has a job for a time: it completes it, keeps it longer, or loses it to another one.

use super::*;
use crate::support::app::MONDAY;
use crate::support::on_both;
use kamflow::api::Limits;
use kamflow::model::time::{Duration, Timestamp};

fn pass(app: &TestApp, time: &str) {
    let now = app.runtime.now();
    app.clock.advance(time.parse::<Duration>().unwrap().milliseconds(now));
}

#[test]
fn a_worker_takes_a_job_and_its_result_comes_back() {
    on_both(|database| {
        let app = with(database);
        let (ann, wanda) = (app.by("ann"), app.by("wanda"));
        let id = ann.start("mail", json!({"to": "ann@example.com"}));
        let taken = take(&wanda, "mailer-1", json!({"lease": "PT1M"}));
        let job = &taken[0];
        assert_eq!(
            (&job["type"], &job["input"], &job["title"]["zh"], &job["node"]),
            (&json!("send-mail"), &json!({"to": "ann@example.com"}), &json!("发送"), &json!("send"))
        );
        assert_eq!((&job["lease"]["fence"], &job["lease"]["worker"]), (&json!(1), &json!("mailer-1")));
        assert_eq!(job["lease"]["until"], "2026-03-02T00:01:00Z");
        assert!(take(&wanda, "mailer-2", json!({})).is_empty(), "one worker has it");

        // Others see who has it, not the token.
        let seen = app.by("alice").get(&path(job)).ok(200);
        assert_eq!((&seen["lease"]["worker"], &seen["lease"]["token"]), (&json!("mailer-1"), &Json::Null));

        let lease = &job["lease"]["token"];
        let complete = format!("{}/complete", path(job));
        let done = wanda.post(&complete, json!({"lease": lease, "result": {"id": "m-7"}})).ok(200);
        assert_eq!((&done["state"], &done["lease"]), (&json!("completed"), &Json::Null));
        assert_eq!(instance(&app, &id)["state"], "completed");
        assert_eq!(instance(&app, &id)["search"]["message"], "m-7");
        assert_eq!(story(&app, &id), ["job_created", "job_completed"]);

        // The answer got lost, the worker says it again: nothing is done twice.
        let again = wanda.post(&complete, json!({"lease": lease, "result": {"id": "m-8"}})).ok(200);
        assert_eq!(again["state"], "completed");
        assert_eq!(instance(&app, &id)["search"]["message"], "m-7");
        let failed = wanda.post(&format!("{}/fail", path(job)), json!({"lease": lease, "message": "no"}));
        assert_eq!(failed.problem(409, "job_not_open")["present"]["state"], "completed");
        let other = wanda.post(&complete, json!({"lease": "somebody", "result": {}}));
        other.problem(409, "job_not_open");
        assert_eq!(story(&app, &id), ["job_created", "job_completed"]);
    });
}

#[test]
fn a_lease_that_ran_out_gives_the_job_to_the_next_worker() {
    on_both(|database| {
        let app = with(database);
        let wanda = app.by("wanda");
        let id = app.by("ann").start("mail", json!({"to": "a"}));
        let (path, old) = take_one(&wanda, "slow");
        pass(&app, "PT30S");
        let taken = take(&wanda, "quick", json!({}));
        assert_eq!(taken[0]["lease"]["fence"], 2);
        let new = taken[0]["lease"]["token"].as_str().unwrap();
        assert_ne!(old, new);
        for (verb, body) in [
            ("complete", json!({"lease": old})),
            ("fail", json!({"lease": old, "message": "no"})),
            ("error", json!({"lease": old, "code": "no-such-address"})),
            ("extend", json!({"lease": old})),
        ] {
            let refused = wanda.post(&format!("{path}/{verb}"), body);
            let problem = refused.problem(409, "lease_lost");
            assert!(problem["detail"].as_str().unwrap().contains("quick has the job now"), "{problem}");
            assert_eq!(
                (&problem["present"]["lease"]["worker"], &problem["present"]["lease"]["token"]),
                (&json!("quick"), &Json::Null)
            );
            assert!(!refused.text.contains(new), "the token of another worker is told");
        }
        wanda.post(&format!("{path}/complete"), json!({"lease": new, "result": {"id": "m"}})).ok(200);
        assert_eq!(story(&app, &id), ["job_created", "job_completed"]);
    });
}

#[test]
fn a_late_worker_is_heard_while_nobody_else_has_the_job() {
    on_both(|database| {
        let app = with(database);
        let wanda = app.by("wanda");
        let id = app.by("ann").start("mail", json!({"to": "a"}));
        let (path, lease) = take_one(&wanda, "slow");
        pass(&app, "PT59M");
        wanda.post(&format!("{path}/complete"), json!({"lease": lease, "result": {"id": "m"}})).ok(200);
        assert_eq!(instance(&app, &id)["state"], "completed");
    });
}

#[test]
fn a_lease_is_kept_longer() {
    on_both(|database| {
        let app = with(database);
        let wanda = app.by("wanda");
        app.by("ann").start("mail", json!({"to": "a"}));
        let (path, lease) = take_one(&wanda, "slow");
        pass(&app, "PT20S");
        let kept = wanda.post(&format!("{path}/extend"), json!({"lease": lease, "by": "PT40S"})).ok(200);
        assert_eq!((&kept["lease"]["until"], &kept["lease"]["fence"]), (&json!("2026-03-02T00:01:00Z"), &json!(1)));
        pass(&app, "PT39S");
        assert!(take(&wanda, "quick", json!({})).is_empty());
        pass(&app, "PT1S");
        assert_eq!(take(&wanda, "quick", json!({})).len(), 1);
    });
}

#[test]
fn a_restart_keeps_leases_and_loses_no_job() {
    on_both(|database| {
        let app = with(database);
        let id = app.by("ann").start("mail", json!({"to": "a"}));
        let other = app.by("ann").start("mail", json!({"to": "b"}));
        let (path, lease) = take_one(&app.by("wanda"), "mailer");
        drop(app);
        let app = TestApp::open_at(database, Limits::default(), Timestamp::parse(MONDAY).unwrap());
        let wanda = app.by("wanda");
        let (second, token) = take_one(&wanda, "mailer");
        assert_ne!(path, second);
        assert!(take(&wanda, "mailer", json!({})).is_empty());
        for (path, lease) in [(path, lease), (second, token)] {
            wanda.post(&format!("{path}/complete"), json!({"lease": lease, "result": {"id": "m"}})).ok(200);
        }
        for id in [id, other] {
            assert_eq!(instance(&app, &id)["state"], "completed");
        }
    });
}

#[test]
fn urgent_jobs_come_first_then_old_ones() {
    on_both(|database| {
        let app = with(database);
        let (ann, wanda) = (app.by("ann"), app.by("wanda"));
        let started: Vec<String> = (0..3)
            .map(|number| {
                pass(&app, "PT1S");
                ann.start("mail", json!({"to": number.to_string()}))
            })
            .collect();
        let urgent = ann.start("urgent", json!({}));
        let taken = take(&wanda, "mailer", json!({"most": 3}));
        let order: Vec<&str> = taken.iter().map(|job| job["instance"].as_str().unwrap()).collect();
        assert_eq!(order, [urgent.as_str(), &started[0], &started[1]]);
        assert_eq!(take(&wanda, "mailer", json!({"most": 3})).len(), 1);
        let listed = app.by("alice").get("/api/v1/jobs?state=open&type=send-mail&worker=mailer&limit=3").ok(200);
        assert_eq!((&listed["total"], listed["items"].as_array().unwrap().len()), (&json!(4), 3));
        let next = format!(
            "/api/v1/jobs?state=open&type=send-mail&worker=mailer&limit=3&cursor={}",
            listed["next"].as_str().unwrap()
        );
        assert_eq!(app.by("alice").get(&next).ok(200)["items"][0]["instance"], json!(urgent));
        assert_eq!(wanda.get(&format!("/api/v1/jobs?instance={urgent}&node=send&process=urgent")).ok(200)["total"], 1);
    });
}

#[test]
fn jobs_that_ended_are_forgotten_after_a_day_and_open_ones_never() {
    on_both(|database| {
        let app = with(database);
        let wanda = app.by("wanda");
        app.by("ann").start("urgent", json!({}));
        let (done, lease) = take_one(&wanda, "mailer");
        wanda.post(&format!("{done}/complete"), json!({"lease": lease})).ok(200);
        app.by("ann").start("urgent", json!({}));
        let (open, lease) = take_one(&wanda, "mailer");
        pass(&app, "PT25H");
        app.wait(app.runtime.tidy()).unwrap();
        app.by("wanda").get(&done).problem(404, "not_found");
        app.by("wanda").post(&format!("{open}/complete"), json!({"lease": lease})).ok(200);
    });
}
