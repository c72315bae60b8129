//! Ways that somebody may think of to get around the separation of duties: each leads nowhere.

use super::*;
use crate::runtime::deploy;
use crate::support::app::Caller;
use crate::support::on_both;

const BARRED: &str = "separation_of_duties";

/// Asked inside one sub-process, approved in rounds of another one, and once more when it is late.
const SCOPES: &str = "\
process: scopes
title: {en: Scopes, zh: 层级}
nodes:
  - id: prepare
    type: subProcess
    nodes:
      - {id: ask, type: userTask, candidateGroups: [clerk]}
  - id: check
    type: subProcess
    forEach: {count: 2, sequential: true}
    nodes:
      - id: inner
        type: subProcess
        nodes:
          - {id: approve, type: userTask, candidateGroups: [clerk], notSameAs: [ask]}
events:
  - id: late
    nodes:
      - {id: bell, type: startEvent, signal: bell, interrupting: false, next: look}
      - {id: look, type: userTask, candidateGroups: [clerk], notSameAs: [ask, approve], next: end}
";

/// A task that stops before it is there: nobody knows for whom it is.
const STUCK: &str = "\
process: stuck
title: {en: Stuck, zh: 受阻}
input: {type: object, properties: {asks: {}, approves: {}, amount: {type: integer}}}
nodes:
  - {id: ask, type: userTask, assignee: asks}
  - {id: count, type: scriptTask, set: {share: 100 / amount}}
  - {id: approve, type: userTask, assignee: approves, notSameAs: [ask], outcomes: {yes: book, no: end}}
  - {id: book, type: userTask, candidateGroups: [clerk], notSameAs: [approve]}
";

/// Goes up to who stands above when nobody does it.
const LATE: &str = "\
process: late
title: {en: Late, zh: 逾期}
nodes:
  - {id: ask, type: userTask, candidateGroups: [clerk, boss]}
  - {id: approve, type: userTask, candidateGroups: [clerk], notSameAs: [ask], due: {after: PT1H}, escalate: {after: PT1H, to: superior}}
";

/// The same task twice, called twice.
const CALLS: &str = "\
process: calls
title: {en: Calls, zh: 调用}
nodes:
  - {id: call, type: callActivity, process: late}
";

fn world(database: &TestDatabase) -> TestApp {
    let files = [
        ("processes/spend.yaml", SPEND),
        ("forms/note.yaml", NOTE),
        ("processes/scopes.yaml", SCOPES),
        ("processes/stuck.yaml", STUCK),
        ("processes/late.yaml", LATE),
        ("processes/calls.yaml", CALLS),
    ];
    let app = with(database, &files);
    for (login, roles) in
        [("cleo", &["clerk"][..]), ("boss", &["boss"]), ("guest", &[]), ("admin", &["process_admin", "clerk"])]
    {
        app.user(login, roles);
    }
    app.hierarchy(&[("boss", None), ("ann", Some("boss")), ("bob", Some("boss")), ("cleo", Some("boss"))]);
    app
}

fn incident(app: &TestApp, instance: &str) -> String {
    let found = app.by("alice").get(&format!("/api/v1/incidents?instance={instance}&state=open")).ok(200);
    found["items"][0]["id"].as_str().unwrap_or_else(|| panic!("no incident: {found}")).to_owned()
}

fn skip(by: &Caller, incident: &str, outcome: Value) -> Answer {
    let body = json!({"outcome": outcome, "reason": "it is urgent"});
    by.post(&format!("/api/v1/incidents/{incident}/skip"), body)
}

fn modify(by: &Caller, instance: &str, steps: Value) -> Answer {
    let body = json!({"steps": steps, "reason": "it is urgent"});
    by.post(&format!("/api/v1/process-instances/{instance}/modify"), body)
}

#[test]
fn a_delegate_does_not_pass_it_on_to_who_may_not() {
    on_both(|database| {
        let app = world(database);
        app.by("cleo").start("spend", json!({}));
        perform(&app, "ann", "ask", json!({}));
        let approve = open(&app, "approve");
        let verb = |by: &str, verb: &str, body: Value| act(&app, by, &approve, verb, body);
        verb("bob", "claim", json!({})).ok(200);
        verb("bob", "delegate", json!({"user": "guest"})).ok(200);
        // The colleague passes nothing on, asks for no part of it from her, and completes nothing himself.
        verb("guest", "delegate", json!({"user": "ann"})).problem(409, "delegation_pending");
        verb("guest", "complete", json!({"outcome": "yes"})).problem(409, "delegation_pending");
        verb("guest", "sub-tasks", json!({"title": "Look at it", "assignee": "ann"})).problem(403, BARRED);
        verb("ann", "resolve", json!({})).problem(403, "task_of_another");
        verb("ann", "claim", json!({})).problem(409, "task_already_claimed");
        // Ann stands in for the colleague meanwhile: the barrier is hers, whatever the name.
        let body = json!({"forUser": "guest", "user": "ann", "from": "2026-01-01T00:00:00Z"});
        app.by("guest").post("/api/v1/substitutions", body).ok(201);
        verb("ann", "resolve", json!({})).problem(403, BARRED);
        assert_eq!(seen(&app, "ann", &approve)["allowedActions"], json!([]));
        verb("guest", "resolve", json!({})).ok(200);
        // And for bob, who has it: neither in his name.
        let body = json!({"forUser": "bob", "user": "ann", "from": "2026-01-01T00:00:00Z"});
        app.by("bob").post("/api/v1/substitutions", body).ok(201);
        verb("ann", "complete", json!({"outcome": "yes"})).problem(403, BARRED);
        verb("bob", "complete", json!({"outcome": "yes"})).ok(200);
    });
}

#[test]
fn whose_name_it_is_is_not_said_by_the_request() {
    on_both(|database| {
        let app = world(database);
        app.by("ann").start("spend", json!({}));
        perform(&app, "ann", "ask", json!({}));
        let approve = open(&app, "approve");
        for (verb, body) in [
            ("claim", json!({"user": "bob"})),
            ("claim", json!({"actingFor": "bob"})),
            ("complete", json!({"outcome": "yes", "completedBy": "bob"})),
        ] {
            let status = act(&app, "ann", &approve, verb, body.clone()).status;
            assert!((400..500).contains(&status), "{verb} {body}: {status}");
        }
        assert_eq!(seen(&app, "bob", &approve)["state"], "created");
        // A variable is not who did it: what the form does not have is refused, what a person in charge sets changes nothing.
        let instance = approve["instance"].as_str().unwrap();
        let path = format!("/api/v1/process-instances/{instance}/variables");
        app.by("alice").send(
            "PATCH",
            &path,
            &[crate::support::app::JSON],
            &json!({"variables": {"ask": "bob", "performers": {}}, "reason": "a try"}).to_string(),
        );
        act(&app, "ann", &approve, "claim", json!({})).problem(403, BARRED);
    });
}

#[test]
fn levels_and_rounds_of_a_process_are_one_process() {
    on_both(|database| {
        let app = world(database);
        app.by("ann").start("scopes", json!({}));
        perform(&app, "ann", "ask", json!({}));
        let first = open(&app, "approve");
        act(&app, "ann", &first, "claim", json!({})).problem(403, BARRED);
        perform(&app, "bob", "approve", json!({}));
        let second = open(&app, "approve");
        assert_ne!(first["id"], second["id"]);
        act(&app, "ann", &second, "claim", json!({})).problem(403, BARRED);
        app.user("gate", &["integration"]);
        app.by("gate").post("/api/v1/signals", json!({"name": "bell"})).ok(202);
        app.deliver();
        let look = open(&app, "look");
        for barred in ["ann", "bob"] {
            act(&app, barred, &look, "claim", json!({})).problem(403, BARRED);
        }
        act(&app, "cleo", &look, "claim", json!({})).ok(200);
    });
}

#[test]
fn who_asked_does_not_say_that_it_is_approved_by_way_of_an_incident() {
    on_both(|database| {
        let app = world(database);
        // The administrator asks, and nobody is there to approve: skipping it would be to approve it.
        let instance = app.by("ann").start("stuck", json!({"asks": "admin", "approves": 7, "amount": 4}));
        let ask = open(&app, "ask");
        act(&app, "admin", &ask, "complete", json!({})).ok(200);
        let stuck = incident(&app, &instance);
        skip(&app.by("admin"), &stuck, json!("yes")).problem(403, BARRED);
        // Somebody else in charge may, and it counts as done by that person, for everything after it.
        skip(&app.by("alice"), &stuck, json!("yes")).ok(200);
        app.user("alice", &["admin", "process_admin", "clerk", "boss"]);
        let book = open(&app, "book");
        act(&app, "alice", &book, "claim", json!({})).problem(403, BARRED);
        let allowed = seen(&app, "alice", &book)["allowedActions"].to_string();
        assert!(!allowed.contains("claim"), "{allowed}");
        act(&app, "bob", &book, "claim", json!({})).ok(200);
    });
}

#[test]
fn who_says_that_it_was_asked_does_not_approve() {
    on_both(|database| {
        let app = world(database);
        let given = json!({"asks": 7, "approves": "admin", "amount": 4});
        let instance = app.by("ann").start("stuck", given);
        skip(&app.by("admin"), &incident(&app, &instance), Value::Null).ok(200);
        let approve = open(&app, "approve");
        act(&app, "admin", &approve, "complete", json!({"outcome": "yes"})).problem(403, BARRED);
        let eligible = app
            .by("admin")
            .get(&format!("/api/v1/user-tasks/{}/eligibility?user=admin", approve["id"].as_str().unwrap()));
        let eligible = eligible.ok(200);
        let rule = eligible["rules"].as_array().unwrap().iter().find(|rule| rule["rule"] == "not_same_as").cloned();
        assert_eq!(rule.map(|rule| rule["passes"].clone()), Some(json!(false)), "{eligible}");
    });
}

#[test]
fn a_modification_does_a_task_in_the_name_of_who_makes_it() {
    on_both(|database| {
        let app = world(database);
        app.by("ann").start("spend", json!({}));
        perform(&app, "admin", "ask", json!({}));
        let instance = open(&app, "approve")["instance"].as_str().unwrap().to_owned();
        let after = json!([{"startAfter": {"node": "approve", "outcome": "yes"}}]);
        modify(&app.by("admin"), &instance, after).problem(403, BARRED);
        // To say that it was asked is to have asked.
        app.by("ann").start("scopes", json!({}));
        let asked = open(&app, "ask")["instance"].as_str().unwrap().to_owned();
        let tokens = app.by("alice").get(&format!("/api/v1/process-instances/{asked}/tokens")).ok(200)["items"].clone();
        let token = tokens.as_array().unwrap().iter().find(|token| token["node"] == "ask").unwrap()["id"].clone();
        let steps = json!([{"startAfter": {"node": "ask"}}, {"cancel": {"token": token}}]);
        modify(&app.by("admin"), &asked, steps).ok(200);
        let found =
            app.by("alice").get(&format!("/api/v1/user-tasks?instance={asked}&node=approve&state=created")).ok(200);
        act(&app, "admin", &found["items"][0], "claim", json!({})).problem(403, BARRED);
    });
}

#[test]
fn a_retry_forgets_nobody() {
    on_both(|database| {
        let app = world(database);
        let given = json!({"asks": "ann", "approves": "ann", "amount": 0});
        let instance = app.by("ann").start("stuck", given);
        act(&app, "ann", &open(&app, "ask"), "complete", json!({})).ok(200);
        let path = format!("/api/v1/incidents/{}/retry", incident(&app, &instance));
        app.by("alice").post(&path, json!({"variables": {"amount": 4}, "reason": "misread"})).ok(200);
        let approve = open(&app, "approve");
        act(&app, "ann", &approve, "complete", json!({"outcome": "yes"})).problem(403, BARRED);
    });
}

#[test]
fn what_is_late_goes_up_to_somebody_who_may() {
    on_both(|database| {
        let app = world(database);
        app.by("ann").start("late", json!({}));
        perform(&app, "boss", "ask", json!({}));
        let approve = open(&app, "approve");
        act(&app, "bob", &approve, "claim", json!({})).ok(200);
        app.advance("PT5H");
        let raised = seen(&app, "bob", &approve);
        act(&app, "boss", &approve, "claim", json!({})).problem(403, BARRED);
        act(&app, "boss", &approve, "assign", json!({"user": "boss"})).problem(403, BARRED);
        assert_eq!(raised["assignee"], "bob");
    });
}

#[test]
fn a_later_revision_without_the_rule_frees_nobody() {
    on_both(|database| {
        let app = world(database);
        app.by("ann").start("spend", json!({}));
        perform(&app, "ann", "ask", json!({}));
        let free = SPEND.replace("notSameAs: [ask], ", "");
        assert_ne!(free, SPEND);
        deploy(&app, &[("processes/spend.yaml", &free), ("forms/note.yaml", NOTE)]);
        let approve = open(&app, "approve");
        act(&app, "ann", &approve, "claim", json!({})).problem(403, BARRED);
        // Nor does another node that comes in between: the instance stays with its revision.
        let instance = approve["instance"].as_str().unwrap();
        let token =
            app.by("alice").get(&format!("/api/v1/process-instances/{instance}/tokens")).ok(200)["items"][0]["id"]
                .clone();
        let again =
            json!({"steps": [{"startBefore": {"node": "approve"}}, {"cancel": {"token": token}}], "reason": "again"});
        app.by("alice").post(&format!("/api/v1/process-instances/{instance}/modify"), again).ok(200);
        act(&app, "ann", &open(&app, "approve"), "claim", json!({})).problem(403, BARRED);
    });
}

#[test]
fn a_called_process_keeps_the_rule_inside_and_none_reaches_over_its_edge() {
    on_both(|database| {
        let app = world(database);
        app.by("ann").start("calls", json!({}));
        perform(&app, "ann", "ask", json!({}));
        act(&app, "ann", &open(&app, "approve"), "claim", json!({})).problem(403, BARRED);
        // A task of the caller cannot be meant: that is said when it is deployed, not passed over when it runs.
        let over = LATE.replace("notSameAs: [ask]", "notSameAs: [call]");
        let file = |path: &str, content: &str| json!({"path": format!("workflows/work/{path}"), "content": content});
        let files = [
            file("pack.yaml", crate::runtime::PACK),
            file("processes/late.yaml", &over),
            file("processes/calls.yaml", CALLS),
        ];
        let found = app.by("alice").post("/api/v1/deployments/validate", json!({ "files": files })).ok(200);
        assert!(found["findings"].to_string().contains("there is no user task \\\"call\\\""), "{found}");
    });
}
