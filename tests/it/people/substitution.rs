//! Somebody is away, and the substitute does the tasks: seen, taken and finished in the name of the person who is away.

use super::*;
use crate::support::on_both;

/// Ann is stood in for by guest, in these processes only.
fn substitute(app: &TestApp, processes: Value) -> Value {
    let at = |text: &str| json!(text);
    let body = json!({"forUser": "ann", "user": "guest", "from": at("2026-01-01T00:00:00Z"), "to": at("2027-01-01T00:00:00Z"), "processes": processes});
    app.by("ann").post("/api/v1/substitutions", body).ok(201)
}

fn listed(app: &TestApp, login: &str, query: &str) -> Vec<String> {
    let found = app.by(login).get(&format!("/api/v1/user-tasks?{query}")).ok(200);
    let items = found["items"].as_array().unwrap().clone();
    assert_eq!(found["total"], items.len());
    items.iter().map(|task| task["node"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_substitute_does_what_the_person_has_and_may_take() {
    on_both(|database| {
        let app = house(database);
        app.by("ann").start("alone", json!({}));
        app.by("ann").start("spend", json!({}));
        let (think, ask) = (open(&app, "think"), open(&app, "ask"));
        assert!(listed(&app, "guest", "").is_empty());
        substitute(&app, Value::Null);
        let mut seen_now = listed(&app, "guest", "actionable=true");
        seen_now.sort();
        assert_eq!(seen_now, ["ask", "think"]);
        assert_eq!(seen(&app, "guest", &think)["allowedActions"], json!(["complete", "createSubTask"]));
        let done = act(&app, "guest", &think, "complete", json!({})).ok(200);
        assert_eq!((&done["completedBy"], &done["completedFor"]), (&json!("guest"), &json!("ann")));
        let entry = told(&app, &think, "task_completed");
        assert_eq!((&entry["actor"], &entry["data"]["actingFor"]), (&json!("guest"), &json!("ann")));

        assert_eq!(seen(&app, "guest", &ask)["allowedActions"], json!(["claim"]));
        let taken = act(&app, "guest", &ask, "claim", json!({})).ok(200);
        assert_eq!((&taken["assignee"], &taken["actingFor"]), (&json!("guest"), &json!("ann")));
        assert_eq!(told(&app, &ask, "task_claimed")["data"]["actingFor"], "ann");
        act(&app, "guest", &ask, "delegate", json!({"user": "bob"})).problem(403, "task_of_another");
        // who is back takes it herself
        assert_eq!(act(&app, "ann", &ask, "claim", json!({})).ok(200)["actingFor"], Value::Null);
        act(&app, "ann", &ask, "unclaim", json!({})).ok(200);
        act(&app, "guest", &ask, "claim", json!({})).ok(200);
        let done = act(&app, "guest", &ask, "complete", json!({"variables": {"note": "for ann"}})).ok(200);
        assert_eq!((&done["completedBy"], &done["completedFor"]), (&json!("guest"), &json!("ann")));
        // both of them asked: neither approves, in whatever name
        let approve = open(&app, "approve");
        for barred in ["ann", "guest"] {
            act(&app, barred, &approve, "claim", json!({})).problem(403, "separation_of_duties");
        }
        assert_eq!(act(&app, "bob", &approve, "claim", json!({})).ok(200)["assignee"], "bob");
    });
}

#[test]
fn the_barrier_of_duties_counts_the_substitute_and_the_person() {
    on_both(|database| {
        let app = house(database);
        app.user("dora", &[]);
        app.by("ann").start("spend", json!({}));
        perform(&app, "ann", "ask", json!({}));
        let body = json!({"forUser": "ann", "user": "dora", "from": "2026-01-01T00:00:00Z"});
        app.by("ann").post("/api/v1/substitutions", body).ok(201);
        let approve = open(&app, "approve");
        act(&app, "dora", &approve, "claim", json!({})).problem(403, "separation_of_duties");
        assert_eq!(seen(&app, "dora", &approve)["allowedActions"], json!([]));
        // for bob, who has not asked, she may
        let body = json!({"forUser": "bob", "user": "dora", "from": "2026-01-01T00:00:00Z"});
        app.by("bob").post("/api/v1/substitutions", body).ok(201);
        assert_eq!(act(&app, "dora", &approve, "claim", json!({})).ok(200)["actingFor"], "bob");
    });
}

#[test]
fn it_holds_for_its_time_its_processes_and_one_step() {
    on_both(|database| {
        let app = house(database);
        app.user("dora", &[]);
        app.by("ann").start("alone", json!({}));
        app.by("ann").start("spend", json!({}));
        let (think, ask) = (open(&app, "think"), open(&app, "ask"));
        let said = substitute(&app, json!(["spend"]));
        let body = json!({"forUser": "guest", "user": "dora", "from": "2026-01-01T00:00:00Z"});
        app.by("guest").post("/api/v1/substitutions", body).ok(201);
        // one process only, and nobody stands in for a substitute
        assert_eq!(listed(&app, "guest", "actionable=true"), ["ask"]);
        act(&app, "guest", &think, "complete", json!({})).problem(404, "not_found");
        assert!(listed(&app, "dora", "").is_empty());
        act(&app, "guest", &ask, "claim", json!({})).ok(200);
        act(&app, "dora", &ask, "complete", json!({})).problem(404, "not_found");
        // it ends: what was taken for ann is not finished in her name, but given back
        let ended =
            json!({"user": "guest", "from": said["from"], "to": "2026-03-02T08:00:00Z", "processes": ["spend"]});
        app.clock.advance(1_000);
        let path = format!("/api/v1/substitutions/{}", said["id"].as_str().unwrap());
        let now = app.by("ann").get(&path).ok(200);
        let ended = json!({"user": "guest", "from": now["from"], "to": at(&app), "processes": ended["processes"]});
        app.by("ann").put(&path, ended).ok(200);
        app.clock.advance(1_000);
        act(&app, "guest", &ask, "complete", json!({})).problem(403, "not_candidate");
        assert_eq!(act(&app, "guest", &ask, "unclaim", json!({})).ok(200)["state"], "created");
        assert!(listed(&app, "guest", "").is_empty());
    });
}

fn at(app: &TestApp) -> String {
    use kamflow::runtime::clock::Clock;
    app.clock.now().rfc3339()
}

#[test]
fn nobody_stands_in_for_who_has_left_and_the_substitute_of_a_delegate_resolves() {
    on_both(|database| {
        let app = house(database);
        app.by("ann").start("spend", json!({}));
        let ask = open(&app, "ask");
        act(&app, "ann", &ask, "claim", json!({})).ok(200);
        act(&app, "ann", &ask, "delegate", json!({"user": "bob"})).ok(200);
        let body = json!({"forUser": "bob", "user": "guest", "from": "2026-01-01T00:00:00Z"});
        app.by("bob").post("/api/v1/substitutions", body).ok(201);
        let back = act(&app, "guest", &ask, "resolve", json!({})).ok(200);
        assert_eq!((&back["assignee"], &back["helpers"]), (&json!("ann"), &json!(["guest", "bob"])));
        let left = json!({"name": "bob", "roles": ["clerk"], "active": false});
        app.by("alice").put("/api/v1/users/bob", left).ok(200);
        assert!(listed(&app, "guest", "").is_empty());
    });
}
