//! Why somebody may do a task: what is told is what claiming and completing answer.

use super::{field, open};
use crate::support::on_both;
use serde_json::{Value, json};

fn failed(told: &Value) -> Vec<&str> {
    let rules = told["rules"].as_array().unwrap().iter();
    rules.filter(|rule| rule["passes"] == false).map(|rule| rule["rule"].as_str().unwrap()).collect()
}

#[test]
fn what_is_told_is_what_the_verbs_answer() {
    on_both(|database| {
        let app = field(database);
        app.user("both", &["clerk", "boss"]);
        let alice = app.by("alice");
        let everybody = ["ann", "bob", "cleo", "dan", "both"];
        let instance = app.by("both").start("visit", json!({"ref": "1"}));
        let agree = |task: &str| {
            for login in everybody {
                let told = alice.get(&format!("/api/v1/user-tasks/{task}/eligibility?user={login}")).ok(200);
                let allowed = told["allowedActions"].as_array().unwrap();
                let caller = app.by(login);
                for verb in ["claim", "complete"] {
                    // Tried at a version that is not the present one: what is allowed is then stale, and nothing changes.
                    let path = format!("/api/v1/user-tasks/{task}/{verb}");
                    let tried = caller.send(
                        "POST",
                        &path,
                        &[("Content-Type", "application/json"), ("If-Match", "\"99\"")],
                        "{}",
                    );
                    let allowed = allowed.contains(&json!(verb));
                    let seen = caller.get(&format!("/api/v1/user-tasks/{task}")).status == 200;
                    let expected = if seen { 412 } else { 404 };
                    assert_eq!(tried.status, expected, "{login} {verb} {}", tried.text);
                    if seen {
                        let verbs = caller.get(&format!("/api/v1/user-tasks/{task}")).json()["allowedActions"].clone();
                        assert_eq!(verbs.as_array().unwrap().contains(&json!(verb)), allowed, "{login} {verb} {told}");
                    } else {
                        assert!(!allowed, "{login} {told}");
                    }
                }
                let may_claim = failed(&told).is_empty() && told["allowedActions"].as_array().unwrap().is_empty();
                assert!(!may_claim, "every rule passes and nothing may be done: {told}");
            }
        };
        let plan = open(&alice, &instance);
        agree(&plan);
        app.by("both").post(&format!("/api/v1/user-tasks/{plan}/claim"), json!({})).ok(200);
        agree(&plan);
        let told = alice.get(&format!("/api/v1/user-tasks/{plan}/eligibility?user=ann")).ok(200);
        assert_eq!(failed(&told), ["free"]);
        app.by("both").post(&format!("/api/v1/user-tasks/{plan}/complete"), json!({})).ok(200);
        let report = open(&alice, &instance);
        agree(&report);
        let told = alice.get(&format!("/api/v1/user-tasks/{report}/eligibility?user=both")).ok(200);
        assert_eq!((failed(&told), &told["allowedActions"]), (vec!["not_same_as"], &json!([])));
        let rule = told["rules"].as_array().unwrap().iter().find(|rule| rule["rule"] == "not_same_as").unwrap();
        assert_eq!(rule["detail"]["en"], "both did \"plan\"; somebody else does this");
        app.by("both")
            .post(&format!("/api/v1/user-tasks/{report}/claim"), json!({}))
            .problem(403, "separation_of_duties");
        app.by("cleo").post(&format!("/api/v1/user-tasks/{report}/claim"), json!({})).ok(200);
        alice.post(&format!("/api/v1/process-instances/{instance}/suspend"), json!({"reason": "x"})).ok(200);
        agree(&report);
        let told = alice.get(&format!("/api/v1/user-tasks/{report}/eligibility?user=cleo")).ok(200);
        assert_eq!(failed(&told), ["not_suspended"]);
        assert_eq!(
            failed(&alice.get(&format!("/api/v1/user-tasks/{plan}/eligibility?user=ann")).ok(200)),
            ["open", "free"]
        );
    });
}

#[test]
fn of_others_only_those_above_are_told() {
    on_both(|database| {
        let app = field(database);
        app.hierarchy(&[("cleo", None), ("ann", Some("cleo"))]);
        let task = open(&app.by("ann"), &app.by("ann").start("call", json!({})));
        let path = format!("/api/v1/user-tasks/{task}/eligibility");
        let own = app.by("ann").get(&path).ok(200);
        assert_eq!((&own["user"], &own["allowedActions"]), (&json!("ann"), &json!(["claim"])));
        app.by("cleo").get(&format!("{path}?user=ann")).ok(200);
        app.by("ann").get(&format!("{path}?user=cleo")).problem(403, "not_above");
        app.by("cleo").get(&format!("{path}?user=bob")).problem(403, "not_above");
        app.by("alice").get(&format!("{path}?user=nobody")).problem(404, "not_found");
        app.by("dan").get(&path).problem(404, "not_found");
    });
}
