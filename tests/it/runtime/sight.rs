//! Who sees instances, tasks, decisions and history: those who start them or work on them, those above them, and whom a
//! process names.

use super::*;
use crate::support::app::JSON;
use crate::support::on_both;
use kamflow::runtime::clock::Clock;
use serde_json::json;

/// Says itself who sees it; its second task is for one role's eyes.
const SALARY: &str = "\
process: salary
title: {en: Salary, zh: 工资}
access: {read: [starter, role:boss]}
nodes:
  - {id: first, type: userTask, candidateGroups: [clerk]}
  - {id: second, type: userTask, assignee: '\"bob\"', access: {read: [assignee, direct_superior(assignee)]}}
";

/// eve above dan above ann and bob; carl beside them.
fn house(database: &TestDatabase, files: &[(&str, &str)]) -> TestApp {
    let app = with(database, files);
    for person in ["carl", "dan", "eve"] {
        app.user(person, &[]);
    }
    app.hierarchy(&[("eve", None), ("dan", Some("eve")), ("ann", Some("dan")), ("bob", Some("dan")), ("carl", None)]);
    app
}

/// How many instances, tasks and things to do somebody is shown.
fn shown(app: &TestApp, who: &str) -> (i64, i64, i64) {
    let total = |path: &str| app.by(who).get(path).ok(200)["total"].as_i64().unwrap();
    let tasks = "/api/v1/user-tasks";
    (total("/api/v1/process-instances"), total(tasks), total(&format!("{tasks}?actionable=true")))
}

#[test]
fn those_above_see_what_is_below_and_give_it_to_others_only() {
    on_both(|database| {
        let app = house(database, &[("processes/errand.yaml", ERRAND)]);
        let ann = app.by("ann");
        let instance = ann.start("errand", json!({"what": "x"}));
        let one = task(&ann, &instance);
        for (who, seen) in
            [("ann", (1, 1, 1)), ("bob", (1, 1, 1)), ("dan", (1, 1, 0)), ("eve", (1, 1, 0)), ("carl", (0, 0, 0))]
        {
            assert_eq!(shown(&app, who), seen, "{who}");
        }
        let path = format!("/api/v1/user-tasks/{one}");
        assert_eq!(app.by("eve").get(&path).ok(200)["allowedActions"], json!(["assign", "update"]));
        app.by("eve").post(&format!("{path}/complete"), json!({})).problem(403, "not_candidate");
        app.by("carl").post(&format!("{path}/complete"), json!({})).problem(404, "not_found");
        app.by("dan").get(&format!("/api/v1/process-instances/{instance}/history")).ok(200);
        app.by("carl").get(&format!("/api/v1/process-instances/{instance}/history")).problem(404, "not_found");

        // Claimed by bob it is nobody else's to do; done, it is still seen by whom it concerned, and by those above.
        app.by("bob").post(&format!("{path}/claim"), json!({})).ok(200);
        assert_eq!((shown(&app, "ann"), shown(&app, "bob")), ((1, 1, 0), (1, 1, 1)));
        app.by("bob").post(&format!("{path}/complete"), json!({})).ok(200);
        for (who, seen) in [("ann", (1, 1, 0)), ("bob", (1, 1, 0)), ("eve", (1, 1, 0)), ("carl", (0, 0, 0))] {
            assert_eq!(shown(&app, who), seen, "{who}");
        }
    });
}

#[test]
fn who_is_no_longer_above_sees_it_no_longer() {
    on_both(|database| {
        let app = house(database, &[("processes/errand.yaml", ERRAND)]);
        app.by("ann").start("errand", json!({"what": "x"}));
        assert_eq!(shown(&app, "dan"), (1, 1, 0));
        app.advance("P1D");
        let moved = json!({
            "unit": "company", "title": "Position", "user": "ann", "manager": "p-carl",
            "validFrom": app.clock.now().rfc3339(),
        });
        app.by("alice").send("PUT", "/api/v1/positions/p-ann", &[JSON], &moved.to_string()).ok(200);
        assert_eq!((shown(&app, "dan"), shown(&app, "carl")), ((0, 0, 0), (1, 1, 0)));
    });
}

#[test]
fn a_process_and_a_task_name_their_readers() {
    on_both(|database| {
        let app = house(database, &[("processes/salary.yaml", SALARY)]);
        app.user("boss", &["boss"]);
        let ann = app.by("ann");
        let instance = ann.start("salary", json!({}));
        let first = task(&ann, &instance);
        // Not the other candidate, nor those above, nor a process administrator: only whom the process names.
        for (who, seen) in
            [("ann", (1, 1, 1)), ("bob", (0, 0, 0)), ("dan", (0, 0, 0)), ("alice", (0, 0, 0)), ("boss", (1, 1, 0))]
        {
            assert_eq!(shown(&app, who), seen, "{who}");
        }
        assert_eq!(task(&ann, &instance), first);
        finish(&ann, &instance, json!({})).ok(200);
        for (who, seen) in
            [("ann", (1, 1, 0)), ("bob", (0, 1, 1)), ("dan", (0, 1, 0)), ("eve", (0, 0, 0)), ("boss", (1, 1, 0))]
        {
            assert_eq!(shown(&app, who), seen, "{who}");
        }

        // Access is live: the next revision decides about instances that run.
        app.deploy(&[("workflows/work/pack.yaml", PACK), ("workflows/work/processes/salary.yaml", &open())]);
        assert_eq!((shown(&app, "carl"), shown(&app, "bob")), ((1, 1, 0), (1, 2, 1)));
    });
}

fn open() -> String {
    SALARY.replace("[starter, role:boss]", "[anyone]")
}
