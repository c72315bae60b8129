//! Incidents: tried again with other variables, or skipped.

use super::*;
use crate::runtime::{incidents, instance};
use crate::support::on_both;

fn mend(app: &TestApp, incident: &Json, verb: &str, body: Json) -> Answer {
    app.by("alice").post(&format!("/api/v1/incidents/{}/{verb}", incident["id"].as_str().unwrap()), body)
}

#[test]
fn a_retry_with_other_variables_goes_on_with_them() {
    on_both(|database| {
        let app = house(database);
        let id = broken(&app, "k1");
        let incident = &incidents(&app, &id)[0];
        let needs = mend(&app, incident, "retry", json!({"variables": {"zero": 2}})).problem(422, "reason_required");
        assert_eq!(needs["errors"][0]["pointer"], "/reason");
        let body = json!({"variables": {"input": 2, "a-b": 1}, "reason": "x"});
        let named = mend(&app, incident, "retry", body).problem(422, "invalid_variables");
        assert_eq!(named["errors"].as_array().unwrap().len(), 2, "{named}");

        let body = json!({"variables": {"zero": 2, "seen": true}, "reason": "it was empty in the form"});
        let answer = mend(&app, incident, "retry", body);
        assert_eq!(answer.ok(200)["search"]["zero"], 2);
        let found = instance(&app, &id);
        assert_eq!(found["variables"], json!({"key": "k1", "zero": 2, "quotient": 5, "seen": true}));
        assert_eq!(found["search"]["zero"], 2, "it is found by the new value");
        assert_eq!(open(&app, &id), ["check", "work"]);
        let told = entry(&app, &id, "incident_resolved");
        assert_eq!(told["data"]["how"], "retried");
        assert_eq!((&told["actor"], &told["data"]["reason"]), (&json!("alice"), &json!("it was empty in the form")));
        assert_eq!(entry(&app, &id, "variables_set")["actor"], "alice");
        mend(&app, incident, "retry", json!({})).problem(409, "incident_not_open");
    });
}

#[test]
fn a_retry_without_a_body_is_still_a_retry() {
    on_both(|database| {
        let app = house(database);
        let id = broken(&app, "k1");
        let incident = incidents(&app, &id)[0]["id"].as_str().unwrap().to_owned();
        app.by("alice").send("POST", &format!("/api/v1/incidents/{incident}/retry"), &[], "").ok(200);
        let new = incidents(&app, &id);
        assert_eq!(new.len(), 1);
        assert_ne!(new[0]["id"], incident, "it failed again");
        assert_eq!(entry(&app, &id, "incident_resolved")["data"]["reason"], Json::Null);
    });
}

#[test]
fn a_skipped_node_counts_as_done() {
    on_both(|database| {
        let app = house(database);
        let id = broken(&app, "k1");
        let incident = &incidents(&app, &id)[0];
        mend(&app, incident, "skip", json!({})).problem(400, "invalid_body");
        mend(&app, incident, "skip", json!({"reason": "  "})).problem(422, "reason_required");
        mend(&app, incident, "skip", json!({"reason": "x".repeat(2_001)})).problem(422, "reason_required");
        let wrong = mend(&app, incident, "skip", json!({"reason": "x", "outcome": "fine"}));
        assert_eq!(wrong.problem(422, "wrong_outcome")["errors"][0]["pointer"], "/outcome");

        mend(&app, incident, "skip", json!({"variables": {"quotient": 4}, "reason": "computed by hand"})).ok(200);
        assert_eq!(instance(&app, &id)["variables"]["quotient"], 4);
        assert_eq!((open(&app, &id), incidents(&app, &id).len()), (vec!["check".to_owned(), "work".to_owned()], 0));
        let told = entry(&app, &id, "incident_resolved");
        assert_eq!((&told["data"]["how"], &told["data"]["reason"]), (&json!("skipped"), &json!("computed by hand")));
        assert_eq!(entry(&app, &id, "node_skipped")["node"], "divide");
        let path = format!("/api/v1/incidents/{}", incident["id"].as_str().unwrap());
        let shown = app.by("alice").get(&path).ok(200);
        assert_eq!((&shown["state"], &shown["resolution"]), (&json!("resolved"), &json!("skipped")));
        assert_eq!(shown["resolvedBy"], "alice");
    });
}

#[test]
fn only_what_was_seen_is_mended() {
    on_both(|database| {
        let app = house(database);
        let id = broken(&app, "k1");
        let incident = incidents(&app, &id)[0]["id"].as_str().unwrap().to_owned();
        let send = |verb: &str, tag: &str| {
            let headers = [crate::support::app::JSON, ("If-Match", tag)];
            let path = format!("/api/v1/incidents/{incident}/{verb}");
            app.by("alice").send("POST", &path, &headers, &json!({"reason": "by hand"}).to_string())
        };
        for verb in ["retry", "skip"] {
            let stale = send(verb, "\"7\"").problem(412, "stale_instance");
            assert_eq!((&stale["present"]["id"], &stale["present"]["version"]), (&json!(id), &json!(1)));
        }
        send("skip", "\"1\"").ok(200);
    });
}
