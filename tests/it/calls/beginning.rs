//! `wait: false`: the process is begun once, as a root of its own, or it is an incident of its caller.

use super::*;
use crate::support::on_both;
use kamflow::api::Limits;

/// Begins a visit, and waits for somebody.
const TOUR: &str = "\
process: tour
title: {en: Tour, zh: 拜访计划}
input: {type: object, required: [who], properties: {who: {}, why: {type: string}}}
nodes:
  - {id: ready, type: userTask, candidateGroups: [clerk]}
  - {id: begin, type: callActivity, process: visit, in: {who: who, why: why ?? ()}, wait: false}
  - {id: rest, type: userTask, candidateGroups: [clerk]}
";

/// One at a time for each person; only bosses start it by hand.
const VISIT: &str = "\
process: visit
title: {en: Visit, zh: 拜访}
starters: [boss]
input: {type: object, required: [who], properties: {who: {type: string}, why: {}}}
businessKey: who
uniqueness: active
nodes:
  - {id: go, type: userTask, candidateGroups: [clerk], outcomes: {good: end, bad: bad}}
  - {id: bad, type: endEvent, error: NOBODY_THERE}
";

const FILES: [(&str, &str); 2] = [("processes/tour.yaml", TOUR), ("processes/visit.yaml", VISIT)];

/// A tour that has come to its visit.
fn tour(app: &TestApp, who: Json, why: &str) -> String {
    let id = app.by("ann").start("tour", json!({"who": who, "why": why}));
    finish(&app.by("ann"), &id, json!({})).ok(200);
    id
}

/// The instance that a tour began.
fn begun(app: &TestApp, tour: &str) -> Json {
    let told = told(app, tour, "process_begun");
    assert_eq!(told.len(), 1, "{told:?}");
    told[0].clone()
}

#[test]
fn a_process_that_is_not_waited_for_is_a_root_of_its_own() {
    on_both(|database| {
        let app = with(database, &FILES);
        app.by("ann")
            .post("/api/v1/process-instances", json!({"process": "visit", "variables": {"who": "x"}}))
            .problem(403, "not_starter");
        let (one, two) = (tour(&app, json!("li"), "a"), tour(&app, json!("wu"), "b"));
        let visits: Vec<String> =
            [&one, &two].map(|tour| begun(&app, tour)["instance"].as_str().unwrap().to_owned()).into();
        assert_eq!(begun(&app, &one), json!({"process": "visit", "instance": visits[0], "existing": false}));
        let visit = instance(&app, &visits[0]);
        assert_eq!(
            (&visit["parent"], &visit["starter"], &visit["businessKey"]),
            (&Json::Null, &json!("kamflow"), &json!("li"))
        );
        assert_eq!(visit["variables"], json!({"who": "li", "why": "a"}));

        // Neither end concerns the other, nor an error.
        app.by("alice").post(&format!("/api/v1/process-instances/{one}/cancel"), json!({"reason": "over"})).ok(200);
        assert_eq!(instance(&app, &visits[0])["state"], "active");
        finish(&app.by("bob"), &visits[1], json!({"outcome": "bad"})).ok(200);
        assert_eq!(instance(&app, &visits[1])["state"], "ended_with_error");
        assert_eq!(instance(&app, &two)["state"], "active");

        drop(app);
        let app = TestApp::open(database, Limits::default());
        app.deliver();
        assert_eq!(instances(&app, "visit").len(), 2, "begun once, also after a restart");
        finish(&app.by("ann"), &visits[0], json!({"outcome": "good"})).ok(200);
    });
}

#[test]
fn what_stands_against_it_is_an_incident_of_the_caller() {
    on_both(|database| {
        let app = with(database, &FILES);
        let id = tour(&app, json!(7), "a");
        let open = &incidents(&app, &id)[0];
        assert_eq!((&open["code"], &open["node"]), (&json!("invalid_variables"), &json!("begin")));
        assert!(open["message"].as_str().unwrap().contains("/who"), "{open}");
        assert!(instances(&app, "visit").is_empty());
        retry(&app, &id, json!({"variables": {"who": "li"}, "reason": "it is a name"}));
        let first = begun(&app, &id)["instance"].clone();

        // The key is in use: by the same visit, which is found, or by another one, which has to end first.
        let same = tour(&app, json!("li"), "a");
        assert_eq!(begun(&app, &same), json!({"process": "visit", "instance": first, "existing": true}));
        let other = tour(&app, json!("li"), "b");
        assert_eq!(incidents(&app, &other)[0]["code"], "business_key_reused");
        assert!(incidents(&app, &other)[0]["message"].as_str().unwrap().contains(first.as_str().unwrap()));
        retry(&app, &other, json!({}));
        assert_eq!((incidents(&app, &other).len(), instances(&app, "visit").len()), (1, 1));
        finish(&app.by("bob"), first.as_str().unwrap(), json!({"outcome": "good"})).ok(200);
        retry(&app, &other, json!({}));
        assert_ne!(begun(&app, &other)["instance"], first);
        assert_eq!(instances(&app, "visit").len(), 2);
    });
}

/// Begins a visit for each, in a block that fails when there are more than three.
const MANY: &str = "\
process: many
title: {en: Many, zh: 批量}
input: {type: object, required: [names, divisor], properties: {names: {type: array}, divisor: {type: integer}}}
nodes:
  - id: block
    type: subProcess
    atomic: true
    nodes:
      - {id: each, type: callActivity, process: visit, binding: latest, in: {who: name}, wait: false, forEach: {in: names, as: name}}
      - {id: check, type: scriptTask, set: {share: 10 / divisor}}
";

#[test]
fn all_that_an_atomic_block_began_is_there_or_nothing() {
    on_both(|database| {
        let app = with(database, &[FILES[1], ("processes/many.yaml", MANY)]);
        let names: Vec<String> = (0..20).map(|number| format!("n{number:02}")).collect();
        let id = app.by("ann").start("many", json!({"names": names, "divisor": 0}));
        assert_eq!((incidents(&app, &id).len(), instances(&app, "visit").len()), (1, 0));
        retry(&app, &id, json!({"variables": {"divisor": 2}, "reason": "not zero"}));
        let visits = instances(&app, "visit");
        let keys: Vec<&str> = visits.iter().map(|visit| visit["businessKey"].as_str().unwrap()).collect();
        assert_eq!(keys, names);
        let told: Vec<Json> = told(&app, &id, "process_begun").iter().map(|begun| begun["instance"].clone()).collect();
        assert_eq!(told, visits.iter().map(|visit| visit["id"].clone()).collect::<Vec<_>>());
        assert_eq!(instance(&app, &id)["state"], "completed");
    });
}

#[test]
fn two_nodes_that_begin_the_same_begin_it_once() {
    on_both(|database| {
        let one = with(database, &FILES);
        let two = TestApp::open(database, Limits::default());
        let tours: Vec<String> =
            (0..16).map(|n| one.by("ann").start("tour", json!({"who": format!("w{}", n / 4), "why": "a"}))).collect();
        std::thread::scope(|scope| {
            for (number, tour) in tours.iter().enumerate() {
                let app = if number % 2 == 0 { &one } else { &two };
                scope.spawn(move || finish(&app.by("ann"), tour, json!({})).ok(200));
            }
        });
        let visits = instances(&one, "visit");
        assert_eq!(visits.len(), 4, "one for each name");
        let new = tours.iter().filter(|tour| begun(&one, tour)["existing"] == false).count();
        assert_eq!(new, 4);
        for (number, tour) in tours.iter().enumerate() {
            let visit = begun(&one, tour)["instance"].clone();
            let visit = visits.iter().find(|known| known["id"] == visit).unwrap();
            assert_eq!(visit["businessKey"], format!("w{}", number / 4));
            assert!(incidents(&one, tour).is_empty());
        }
    });
}

#[test]
fn the_new_root_is_pinned_as_its_binding_says() {
    on_both(|database| {
        let caller = |binding: &str| {
            format!(
                "process: tour-{binding}\ntitle: {{en: Tour, zh: 计划}}\nnodes:\n  - {{id: ready, type: userTask, candidateGroups: [clerk]}}\n  \
                 - {{id: begin, type: callActivity, process: note, binding: {binding}, wait: false}}\n"
            )
        };
        let note = |text: &str| {
            format!(
                "process: note\ntitle: {{en: Note, zh: 备注}}\nnodes: [{{id: say, type: scriptTask, set: {{said: '\"{text}\"'}}}}]\n"
            )
        };
        let (deployed, latest) = (caller("deployment"), caller("latest"));
        let put = |app: &TestApp, note: &str| {
            let tours =
                [("processes/tour-deployment.yaml", deployed.as_str()), ("processes/tour-latest.yaml", &latest)];
            deploy(app, &[tours[0], tours[1], ("processes/note.yaml", note)]);
        };
        let app = with(database, &[]);
        put(&app, &note("old"));
        let starts = ["tour-deployment", "tour-latest"].map(|process| app.by("ann").start(process, json!({})));
        let number = instance(&app, &starts[0])["revision"].as_i64().unwrap();
        put(&app, &note("new"));
        let mut said = Vec::new();
        for id in &starts {
            finish(&app.by("ann"), id, json!({})).ok(200);
            let note = instance(&app, begun(&app, id)["instance"].as_str().unwrap());
            said.push((note["variables"]["said"].clone(), note["revision"].clone()));
        }
        assert_eq!(said, [(json!("old"), json!(number)), (json!("new"), json!(number + 1))]);
    });
}

#[test]
fn one_that_begins_itself_without_end_is_stopped() {
    on_both(|database| {
        let again = "process: again\ntitle: {en: Again, zh: 重复}\nnodes:\n  - {id: on, type: callActivity, process: again, wait: false}\n";
        let app = with(database, &[("processes/again.yaml", again)]);
        let first = app.by("ann").start("again", json!({}));
        let all = instances(&app, "again");
        assert!(all.iter().any(|one| one["id"] == json!(first) && one["state"] == "completed"));
        assert_eq!(all.len(), 101);
        let open = app.by("alice").get("/api/v1/incidents?state=open").ok(200);
        assert_eq!(open["total"], 1);
        assert_eq!(open["items"][0]["code"], "call");
        assert_eq!(all.iter().filter(|one| one["state"] == "active").count(), 1);
    });
}
