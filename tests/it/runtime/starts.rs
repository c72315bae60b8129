//! What is checked before an instance is started.

use super::*;
use crate::support::on_both;
use serde_json::json;

/// Started by clerks, with checked variables, once for each event.
const ORDER: &str = "\
process: order
title: {en: Order, zh: 订单}
starters: [clerk]
input:
  type: object
  required: [event, lines]
  properties:
    event: {type: string, minLength: 1}
    lines: {type: array, minItems: 1, items: {type: object, required: [count], properties: {count: {type: integer, minimum: 1}}}}
    note: {type: [string, 'null']}
businessKey: '`order:${event}`'
uniqueness: forever
nodes:
  - {id: do, type: userTask, candidateGroups: [clerk]}
";

/// May be started again when the one before has ended.
const VISIT: &str = "\
process: visit
title: {en: Visit, zh: 拜访}
input: {type: object, properties: {who: {}}}
businessKey: who
uniqueness: active
nodes:
  - {id: do, type: userTask, candidateGroups: [clerk]}
";

const START: &str = "/api/v1/process-instances";

#[test]
fn only_starters_start_a_process() {
    on_both(|database| {
        let app = with(database, &[("processes/order.yaml", ORDER)]);
        app.user("eve", &["boss"]);
        let body = json!({"process": "order", "variables": {"event": "e", "lines": [{"count": 1}]}});
        let refused = app.by("eve").post(START, body.clone()).problem(403, "not_starter");
        assert!(refused["detail"].as_str().unwrap().contains("clerk"));
        app.by("ann").post(START, body).ok(201);
        assert_eq!(rows(database, "instances"), 1);
    });
}

#[test]
fn every_wrong_variable_is_named_by_its_pointer() {
    on_both(|database| {
        let app = with(database, &[("processes/order.yaml", ORDER)]);
        let variables = json!({"event": "", "lines": [{"count": 1}, {"count": 0}, {}], "colour": "red", "a/b~c": 1});
        let refused = app.by("ann").post(START, json!({"process": "order", "variables": variables}));
        let refused = refused.problem(422, "invalid_variables");
        let mut places: Vec<(&str, &str)> = refused["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| (error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
            .collect();
        places.sort_unstable();
        let expected = [
            ("/variables/a~1b~0c", "undeclared"),
            ("/variables/colour", "undeclared"),
            ("/variables/event", "schema"),
            ("/variables/lines/1/count", "schema"),
            ("/variables/lines/2/count", "required"),
        ];
        assert_eq!(places, expected);
        let refused = app.by("ann").post(START, json!({"process": "order"})).problem(422, "invalid_variables");
        let missing: Vec<&Json> = refused["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
        assert_eq!(missing, ["/variables/event", "/variables/lines"]);
        assert_eq!(rows(database, "instances"), 0);
    });
}

#[test]
fn what_is_not_there_cannot_be_started() {
    on_both(|database| {
        let app = TestApp::start(database);
        app.user("ann", &["clerk"]);
        let body = json!({"process": "order"});
        let refused = app.by("ann").post(START, body.clone()).problem(409, "nothing_deployed");
        assert!(refused["detail"].as_str().unwrap().contains("kamflow deploy"));
        deploy(&app, &[("processes/errand.yaml", ERRAND)]);
        app.by("ann").post(START, body).problem(404, "not_found");
        // A process without `input` takes no variables.
        deploy(
            &app,
            &[(
                "processes/visit.yaml",
                &VISIT
                    .replace("input: {type: object, properties: {who: {}}}\n", "")
                    .replace("businessKey: who\nuniqueness: active\n", ""),
            )],
        );
        let refused = app.by("ann").post(START, json!({"process": "visit", "variables": {"x": 1}}));
        assert_eq!(refused.problem(422, "invalid_variables")["errors"][0]["pointer"], "/variables/x");
        app.by("ann").start("visit", json!({}));
    });
}

#[test]
fn a_business_key_is_for_one_delivery_with_one_content() {
    on_both(|database| {
        let app = with(database, &[("processes/order.yaml", ORDER)]);
        let start = |variables: Json| app.by("ann").post(START, json!({"process": "order", "variables": variables}));
        let first = start(json!({"event": "e", "lines": [{"count": 1}]})).ok(201);
        assert_eq!(first["businessKey"], "order:e");
        let again = start(json!({"lines": [{"count": 1}], "event": "e"})).ok(200);
        assert_eq!(again["id"], first["id"]);
        let refused = start(json!({"event": "e", "lines": [{"count": 2}]})).problem(422, "business_key_reused");
        assert!(refused["detail"].as_str().unwrap().contains(first["id"].as_str().unwrap()));
        // Forever: also after it ended.
        finish(&app.by("ann"), first["id"].as_str().unwrap(), json!({})).ok(200);
        let again = start(json!({"event": "e", "lines": [{"count": 1}]})).ok(200);
        assert_eq!((&again["id"], &again["state"]), (&first["id"], &json!("completed")));
        assert_eq!(rows(database, "instances"), 1);
    });
}

#[test]
fn a_business_key_that_holds_while_active_is_free_afterwards() {
    on_both(|database| {
        let app = with(database, &[("processes/visit.yaml", VISIT)]);
        let start = |who: Json| app.by("ann").post(START, json!({"process": "visit", "variables": {"who": who}}));
        let first = start(json!("w")).ok(201);
        assert_eq!(start(json!("w")).ok(200)["id"], first["id"]);
        finish(&app.by("ann"), first["id"].as_str().unwrap(), json!({})).ok(200);
        let second = start(json!("w")).ok(201);
        assert_ne!(second["id"], first["id"]);
        for wrong in [json!(7), json!(""), json!(null), json!("x".repeat(501))] {
            start(wrong).problem(422, "business_key");
        }
        start(json!("客".repeat(500))).ok(201);
    });
}

#[test]
fn a_process_that_ends_at_once_holds_no_business_key() {
    on_both(|database| {
        let ends = VISIT.replace("type: userTask, candidateGroups: [clerk]", "type: endEvent");
        let ends = ends.replace("who: {}", "who: {}, why: {type: integer}");
        let app = with(database, &[("processes/visit.yaml", &ends)]);
        let start = |why: i64| {
            let variables = json!({"who": "w", "why": why});
            app.by("ann").post(START, json!({"process": "visit", "variables": variables})).ok(201)
        };
        let (first, second) = (start(1), start(2));
        assert_ne!(first["id"], second["id"]);
        assert_eq!((&first["state"], &second["state"]), (&json!("completed"), &json!("completed")));
    });
}
