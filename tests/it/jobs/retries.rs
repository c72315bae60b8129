//! A job that fails is tried again after a while that grows; at last it is an incident, and a person retries it.

use super::*;
use crate::support::on_both;

/// Takes the job that is due now and reports a failure; the job as it is then.
fn fail(app: &TestApp, more: Json) -> Json {
    let wanda = app.by("wanda");
    let (path, lease) = take_one(&wanda, "mailer");
    let mut body = json!({"lease": lease, "message": "the mail server does not answer"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let failed = wanda.post(&format!("{path}/fail"), body.clone()).ok(200);
    let again = wanda.post(&format!("{path}/fail"), body).ok(200);
    assert_eq!((&failed["failures"], &failed["due"]), (&again["failures"], &again["due"]), "said twice, failed once");
    let complete = wanda.post(&format!("{path}/complete"), json!({"lease": lease}));
    let code = if failed["state"] == "open" { "lease_lost" } else { "job_not_open" };
    complete.problem(409, code);
    failed
}

#[test]
fn failures_wait_longer_and_longer_then_a_person_retries() {
    on_both(|database| {
        let app = with(database);
        let wanda = app.by("wanda");
        let id = app.by("ann").start("mail", json!({"to": "a"}));
        let failed = fail(&app, json!({}));
        assert_eq!(
            (&failed["retries"], &failed["failures"], &failed["due"]),
            (&json!(1), &json!(1), &json!("2026-03-02T00:00:10Z"))
        );
        assert_eq!((&failed["state"], &failed["lease"]), (&json!("open"), &Json::Null));
        assert!(take(&wanda, "mailer", json!({})).is_empty(), "not before its time");
        app.advance("PT10S");
        // 30 seconds would come next; the longest wait is 20.
        assert_eq!(fail(&app, json!({}))["due"], "2026-03-02T00:00:30Z");
        app.advance("PT20S");
        let last = fail(&app, json!({}));
        assert_eq!((&last["state"], &last["message"]), (&json!("failed"), &json!("the mail server does not answer")));

        let incidents = app.by("alice").get(&format!("/api/v1/incidents?instance={id}&state=open")).ok(200);
        let incident = &incidents["items"][0];
        assert_eq!(
            (&incident["code"], &incident["input"], &incident["node"]),
            (&json!("job_failed"), &json!({"to": "a"}), &json!("send"))
        );
        assert!(
            incident["message"].as_str().unwrap().contains("failed 3 times: the mail server does not answer"),
            "{incident}"
        );
        assert!(take(&wanda, "mailer", json!({})).is_empty(), "nobody gets it until a person retries");

        app.by("alice")
            .post(&format!("/api/v1/incidents/{}/retry", incident["id"].as_str().unwrap()), json!({}))
            .ok(200);
        let taken = take(&wanda, "mailer", json!({}));
        assert_eq!((&taken[0]["retries"], &taken[0]["failures"]), (&json!(2), &json!(0)));
        let body = json!({"lease": taken[0]["lease"]["token"], "result": {"id": "m"}});
        wanda.post(&format!("{}/complete", path(&taken[0])), body).ok(200);
        assert_eq!(instance(&app, &id)["state"], "completed");
        let told = ["job_created", "job_failed", "job_failed", "job_failed", "job_created", "job_completed"];
        assert_eq!(story(&app, &id), told);
    });
}

#[test]
fn the_worker_may_say_when_to_try_again() {
    on_both(|database| {
        let app = with(database);
        app.by("ann").start("mail", json!({"to": "a"}));
        assert_eq!(fail(&app, json!({"retryAfter": "PT2H"}))["due"], "2026-03-02T02:00:00Z");
        app.advance("PT1H");
        assert!(take(&app.by("wanda"), "mailer", json!({})).is_empty());
        app.advance("PT1H");
        assert_eq!(take(&app.by("wanda"), "mailer", json!({})).len(), 1);
    });
}

#[test]
fn a_long_message_is_cut_and_counts() {
    on_both(|database| {
        let app = with(database);
        app.by("ann").start("urgent", json!({}));
        let failed = fail(&app, json!({"message": "行".repeat(5_000)}));
        assert_eq!(failed["message"].as_str().unwrap().chars().count(), 4_000);
        assert_eq!(failed["state"], "failed");
    });
}
