//! Revisions: what runs stays on the files it was started with; what is wrong is never half deployed.

use super::*;
use crate::support::on_both;
use kamflow::api::Limits;
use serde_json::json;

/// Waits, then says which revision it runs on.
fn version(says: &str) -> String {
    format!(
        "process: version\n\
         title: {{en: Version, zh: 版本}}\n\
         nodes:\n  \
           - {{id: wait, type: userTask, candidateGroups: [clerk]}}\n  \
           - {{id: rate, type: businessRuleTask, decision: price/rate, in: {{size: 2}}, out: {{price: result.price}}}}\n  \
           - {{id: say, type: scriptTask, set: {{says: '\"{says}\"'}}}}\n"
    )
}

pub const PRICE: &str = "\
plugin: price
version: 1.0.0
title: {en: Price, zh: 价格}
functions:
  rate:
    script: rate.rhai
    input: {type: object, required: [size], properties: {size: {type: integer}}, additionalProperties: false}
    output: {type: object, required: [price, explain], properties: {price: {type: integer}, explain: {type: array}}}
reasons:
  by_size: {en: 'A size of {size} costs {price}.', zh: '尺寸 {size} 的价格为 {price}。'}
";

pub fn rate(factor: u32) -> String {
    format!(
        "//! What a thing costs.\n\
         const FACTOR = {factor};\n\n\
         fn rate(input) {{\n    \
             let price = input.size * FACTOR;\n    \
             #{{price: price, explain: [#{{code: \"by_size\", params: #{{size: input.size, price: price}}}}]}}\n\
         }}\n"
    )
}

const CASES: &str = "\
test: rate
cases:
  - {name: twice ten, input: {size: 2}, expect: {price: 20}}
";

fn files<'a>(process: &'a str, script: &'a str) -> [(&'a str, &'a str); 3] {
    [("processes/version.yaml", process), ("plugins/price/plugin.yaml", PRICE), ("plugins/price/rate.rhai", script)]
}

#[test]
fn a_running_instance_keeps_its_files_and_a_new_one_has_the_new_ones() {
    on_both(|database| {
        let (one, two, ten, hundred) = (version("one"), version("two"), rate(10), rate(100));
        let app = with(database, &files(&one, &ten));
        let old = app.by("ann").start("version", json!({}));
        deploy(&app, &files(&two, &hundred));
        let new = app.by("ann").start("version", json!({}));
        for (id, revision, says, price) in [(&old, 1, "one", 20), (&new, 2, "two", 200)] {
            finish(&app.by("ann"), id, json!({})).ok(200);
            let ended = instance(&app, id);
            assert_eq!(ended["revision"], revision);
            assert_eq!(ended["variables"], json!({"says": says, "price": price}));
        }
        // Back to the first, by activating it.
        app.by("alice").post("/api/v1/deployments/1/activate", json!({})).ok(200);
        let back = app.by("ann").start("version", json!({}));
        assert_eq!(instance(&app, &back)["revision"], 1);
        finish(&app.by("ann"), &back, json!({})).ok(200);
        assert_eq!(instance(&app, &back)["variables"]["price"], 20);
        app.by("alice").post("/api/v1/deployments/9/activate", json!({})).problem(404, "not_found");
        let all = app.by("alice").get("/api/v1/deployments").ok(200);
        let all: Vec<(&Json, &Json)> =
            all["items"].as_array().unwrap().iter().map(|one| (&one["number"], &one["active"])).collect();
        assert_eq!(all, [(&json!(2), &json!(false)), (&json!(1), &json!(true))]);
    });
}

#[test]
fn the_same_files_make_no_new_revision() {
    on_both(|database| {
        let (one, two, ten) = (version("one"), version("two"), rate(10));
        let app = with(database, &files(&one, &ten));
        let alice = app.by("alice");
        let again = alice.post("/api/v1/deployments", deployment(&files(&one, &ten))).ok(201);
        assert_eq!(again["number"], 1);
        assert_eq!(alice.post("/api/v1/deployments", deployment(&files(&two, &ten))).ok(201)["number"], 2);
        // The first files again are a third revision: the active one is the second.
        assert_eq!(alice.post("/api/v1/deployments", deployment(&files(&one, &ten))).ok(201)["number"], 3);
        assert_eq!(rows(database, "revisions"), 3);
    });
}

#[test]
fn what_does_not_pass_its_checks_and_tests_changes_nothing() {
    on_both(|database| {
        let (one, ten) = (version("one"), rate(10));
        let app = with(database, &files(&one, &ten));
        let alice = app.by("alice");
        let broken = one.replace("price/rate", "price/rat");
        let refused = alice.post("/api/v1/deployments", deployment(&files(&broken, &ten)));
        let refused = refused.problem(422, "definitions_invalid");
        let detail = refused["errors"][0]["detail"].as_str().unwrap();
        assert!(detail.contains("version.yaml:5:") && detail.contains("did you mean \"rate\"?"), "{refused}");
        let syntax = alice.post("/api/v1/deployments", deployment(&files(&one, "fn rate(input) {")));
        syntax.problem(422, "definitions_invalid");

        let eleven = rate(11);
        let mut tested = files(&one, &eleven).to_vec();
        tested.push(("plugins/price/tests/rate.yaml", CASES));
        let failed = alice.post("/api/v1/deployments", deployment(&tested)).problem(422, "tests_failed");
        assert!(failed["errors"][0]["detail"].as_str().unwrap().contains("twice ten"), "{failed}");

        assert_eq!(rows(database, "revisions"), 1);
        let id = app.by("ann").start("version", json!({}));
        finish(&app.by("ann"), &id, json!({})).ok(200);
        assert_eq!(instance(&app, &id)["variables"]["price"], 20);
        // Only a process administrator deploys.
        app.by("ann").post("/api/v1/deployments", deployment(&tested)).problem(403, "role_missing");
        let mut tested = files(&one, &ten).to_vec();
        tested.push(("plugins/price/tests/rate.yaml", CASES));
        assert_eq!(alice.post("/api/v1/deployments", deployment(&tested)).ok(201)["number"], 2);
    });
}

#[test]
fn a_plugin_that_nobody_compiled_in_is_dropped_in_and_used() {
    on_both(|database| {
        let app = with(database, &[("processes/errand.yaml", ERRAND)]);
        let plugins = app.by("alice").get("/api/v1/plugins").ok(200);
        assert_eq!(plugins["items"], json!([]));
        let (one, ten) = (version("one"), rate(10));
        let mut dropped = files(&one, &ten).to_vec();
        dropped.push(("plugins/price/tests/rate.yaml", CASES));
        deploy(&app, &dropped);
        let plugins = app.by("alice").get("/api/v1/plugins").ok(200);
        assert_eq!(plugins["items"][0]["id"], "price", "{plugins}");
        let id = app.by("ann").start("version", json!({}));
        finish(&app.by("ann"), &id, json!({})).ok(200);
        assert_eq!(instance(&app, &id)["variables"]["price"], 20);
        // Without the plugin its process cannot be deployed.
        let alone = deployment(&[("processes/version.yaml", &one)]);
        app.by("alice").post("/api/v1/deployments", alone).problem(422, "definitions_invalid");
    });
}

#[test]
fn what_another_node_deployed_is_seen_at_the_next_command() {
    on_both(|database| {
        let (one, two, ten) = (version("one"), version("two"), rate(10));
        let app = with(database, &files(&one, &ten));
        let other = TestApp::open(database, Limits::default());
        for (says, process) in [("one", &one), ("two", &two), ("one", &one)] {
            deploy(&app, &files(process, &ten));
            let id = other.by("ann").start("version", json!({}));
            finish(&other.by("ann"), &id, json!({})).ok(200);
            assert_eq!(instance(&other, &id)["variables"]["says"], says);
        }
    });
}

#[test]
fn an_incident_of_an_old_revision_is_retried_on_that_revision() {
    on_both(|database| {
        let one = version("one");
        let failing = rate(10).replace("input.size * FACTOR", "input.size / (FACTOR - 10)");
        let app = with(database, &files(&one, &failing));
        let id = app.by("ann").start("version", json!({}));
        finish(&app.by("ann"), &id, json!({})).ok(200);
        let incident = incidents(&app, &id).pop().unwrap();
        assert_eq!((&incident["code"], &incident["input"]), (&json!("script"), &json!({"size": 2})));
        assert!(incident["message"].as_str().unwrap().contains("plugins/price/rate.rhai:5:"), "{incident}");
        deploy(&app, &files(&one, &rate(10)));
        let retry = format!("/api/v1/incidents/{}/retry", incident["id"].as_str().unwrap());
        app.by("alice").post(&retry, json!({})).ok(200);
        assert_eq!(incidents(&app, &id).len(), 1);
        assert_eq!(instance(&app, &id)["revision"], 1);
    });
}
