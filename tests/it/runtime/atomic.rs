//! All or nothing: an atomic block goes back as a whole, everything else up to the node that failed.

use super::*;
use crate::support::app::JSON;
use crate::support::on_both;
use serde_json::json;

/// Three things in a row.
fn three(process: &str, atomic: bool) -> String {
    format!(
        "process: {process}\n\
         title: {{en: Three, zh: 三件}}\n\
         input: {{type: object, properties: {{names: {{type: array, items: {{type: string}}}}}}}}\n\
         nodes:\n  \
           - id: block\n    \
             type: subProcess\n    \
             atomic: {atomic}\n    \
             nodes:\n      \
               - {{id: first, type: serviceTask, action: records.create, in: {{type: '\"thing\"', fields: '#{{name: names[0]}}'}}, out: {{one: result.id}}}}\n      \
               - {{id: second, type: serviceTask, action: records.create, in: {{type: '\"thing\"', fields: '#{{name: names[1]}}'}}}}\n      \
               - {{id: third, type: serviceTask, action: records.create, in: {{type: '\"thing\"', fields: '#{{name: names[2]}}'}}}}\n  \
           - {{id: after, type: scriptTask, set: {{done: true}}}}\n"
    )
}

/// Creates a thing and then throws.
fn thrower(process: &str, boundary: &str) -> String {
    format!(
        "process: {process}\n\
         title: {{en: Thrower, zh: 抛出}}\n\
         input: {{type: object, properties: {{name: {{type: string}}}}}}\n\
         nodes:\n  \
           - id: block\n    \
             type: subProcess\n    \
             atomic: true\n    \
             {boundary}\n    \
             nodes:\n      \
               - {{id: create, type: serviceTask, action: records.create, in: {{type: '\"thing\"', fields: '#{{name: name}}'}}, out: {{made: result.id}}}}\n      \
               - {{id: throw, type: endEvent, error: no-good}}\n    \
             next: end\n  \
           - {{id: caught, type: scriptTask, set: {{was: '\"caught\"'}}}}\n"
    )
}

const TABLES: [&str; 4] = ["records", "record_keys", "record_index", "record_history"];

#[test]
fn an_atomic_block_that_fails_goes_back_and_succeeds_when_the_trouble_is_gone() {
    on_both(|database| {
        let process = three("three", true);
        let app = with(database, &[("processes/three.yaml", process.as_str()), ("records/thing.yaml", THING)]);
        let made = app.by("ann").post("/api/v1/records/thing", json!({"fields": {"name": "c"}})).ok(201);
        let before = TABLES.map(|table| rows(database, table));

        let id = app.by("ann").start("three", json!({"names": ["a", "b", "c"]}));
        let incident = incidents(&app, &id).pop().unwrap();
        assert_eq!((&incident["node"], &incident["code"]), (&json!("block"), &json!("atomic")));
        let message = incident["message"].as_str().unwrap();
        assert!(message.contains("third") && message.contains("another thing already has this name"), "{message}");
        assert_eq!(incident["input"]["fields"]["name"], "c");
        assert_eq!(TABLES.map(|table| rows(database, table)), before);
        assert_eq!(instance(&app, &id)["variables"], json!({"names": ["a", "b", "c"]}));
        let told = story(&app, &id);
        assert!(!told.iter().any(|told| told.starts_with("action_performed")), "{told:?}");
        assert_eq!(told.last().unwrap(), "incident_raised block");

        let path = format!("/api/v1/records/thing/{}", made["id"].as_str().unwrap());
        app.by("ann").send("PATCH", &path, &[JSON], &json!({"fields": {"name": "d"}}).to_string()).ok(200);
        let retry = format!("/api/v1/incidents/{}/retry", incident["id"].as_str().unwrap());
        assert_eq!(app.by("alice").post(&retry, json!({})).ok(200)["state"], "completed");
        assert_eq!(rows(database, "records"), 4);
        let told = story(&app, &id);
        assert_eq!(told.iter().filter(|told| told.starts_with("action_performed")).count(), 3);
        assert_eq!(instance(&app, &id)["variables"]["done"], true);
    });
}

#[test]
fn without_an_atomic_block_what_came_before_the_failure_stays() {
    on_both(|database| {
        let process = three("three", false);
        let app = with(database, &[("processes/three.yaml", process.as_str()), ("records/thing.yaml", THING)]);
        let made = app.by("ann").post("/api/v1/records/thing", json!({"fields": {"name": "c"}})).ok(201);
        let id = app.by("ann").start("three", json!({"names": ["a", "b", "c"]}));
        let incident = incidents(&app, &id).pop().unwrap();
        assert_eq!(incident["node"], "third");
        assert_eq!(rows(database, "records"), 3);
        assert!(instance(&app, &id)["variables"]["one"].is_string());

        let path = format!("/api/v1/records/thing/{}", made["id"].as_str().unwrap());
        app.by("ann").send("PATCH", &path, &[JSON], &json!({"fields": {"name": "d"}}).to_string()).ok(200);
        let retry = format!("/api/v1/incidents/{}/retry", incident["id"].as_str().unwrap());
        assert_eq!(app.by("alice").post(&retry, json!({})).ok(200)["state"], "completed");
        assert_eq!(rows(database, "records"), 4);
    });
}

#[test]
fn an_error_thrown_out_of_an_atomic_block_takes_its_records_back() {
    on_both(|database| {
        let caught = thrower("caught", "boundary: [{id: on-error, error: no-good, to: caught}]");
        let uncaught = thrower("uncaught", "boundary: [{id: on-error, error: other, to: caught}]");
        let files = [
            ("processes/caught.yaml", &*caught),
            ("processes/uncaught.yaml", &*uncaught),
            ("records/thing.yaml", THING),
        ];
        let app = with(database, &files);
        let id = app.by("ann").start("caught", json!({"name": "a"}));
        let ended = instance(&app, &id);
        assert_eq!(
            (&ended["state"], &ended["variables"]),
            (&json!("completed"), &json!({"name": "a", "was": "caught"}))
        );
        assert_eq!(TABLES.map(|table| rows(database, table)), [0; 4]);

        let id = app.by("ann").start("uncaught", json!({"name": "a"}));
        let ended = instance(&app, &id);
        assert_eq!((&ended["state"], &ended["error"]), (&json!("ended_with_error"), &json!("no-good")));
        assert_eq!(TABLES.map(|table| rows(database, table)), [0; 4]);
    });
}

#[test]
fn an_atomic_block_that_fails_harms_no_neighbour() {
    on_both(|database| {
        let process = three("three", true);
        let app = with(database, &[("processes/three.yaml", process.as_str()), ("records/thing.yaml", THING)]);
        let all = (0..20).map(|n| {
            let names = if n % 4 == 0 {
                json!(["x", "x", "x"])
            } else {
                json!([format!("{n}a"), format!("{n}b"), format!("{n}c")])
            };
            request(ann(), start("three", json!({"names": names})))
        });
        for answer in at_once(&app.runtime, all.collect()) {
            assert_eq!(code(&answer), "");
        }
        assert_eq!((rows(database, "records"), rows(database, "incidents"), rows(database, "instances")), (45, 5, 20));
    });
}
