//! Two businesses on one server: what is of one is not there for the other.

use super::*;
use crate::support::app::JSON;
use crate::support::on_both;
use kamflow::model::text::Text;
use kamflow::server::{first_run, folders};
use serde_json::json;

/// Decides, then waits; or fails.
const ALL: &str = "\
process: all
title: {en: All, zh: 全部}
input: {type: object, properties: {fail: {type: boolean}}}
nodes:
  - {id: rate, type: businessRuleTask, decision: price/rate, in: {size: 2}, out: {price: result.price}}
  - {id: maybe, type: exclusiveGateway, flows: [{if: fail, to: oops}, {to: do}]}
  - {id: oops, type: scriptTask, set: {x: '[1][7]'}, next: end}
  - {id: do, type: userTask, candidateGroups: [clerk], form: entry}
";

const ENTRY: &str = "\
form: entry
title: {en: Entry, zh: 录入}
schema: {type: object, properties: {note: {type: string}}}
labels: {note: {en: Note, zh: 备注}}
";

/// A business `other` with the same people in the same roles and the same files.
pub fn second_business(app: &TestApp, files: &[(&str, &str)]) {
    let other = BusinessId::from("other");
    app.wait(first_run::create_business(&app.runtime, &other, Text::same("Other"))).unwrap();
    app.user_of("other", "alice", &["admin", "process_admin", "operator"]);
    app.user_of("other", "ann", &["clerk"]);
    let files = project(files).into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    app.wait(folders::deploy(&app.runtime, &other, files, "test")).unwrap();
}

#[test]
fn ids_of_another_business_are_not_there() {
    on_both(|database| {
        let rate = deployment::rate(10);
        let files = [
            ("processes/all.yaml", ALL),
            ("forms/entry.yaml", ENTRY),
            ("records/thing.yaml", THING),
            ("plugins/price/plugin.yaml", deployment::PRICE),
            ("plugins/price/rate.rhai", &rate),
        ];
        let app = with(database, &files);
        second_business(&app, &files);
        let ann = app.by("ann");
        let active = ann.start("all", json!({"fail": false}));
        let failed = ann.start("all", json!({"fail": true}));
        let one = task(&ann, &active);
        let incident = incidents(&app, &failed)[0]["id"].as_str().unwrap().to_owned();
        let decisions = ann.get(&format!("/api/v1/decisions?instance={active}")).ok(200);
        let decision = decisions["items"][0]["id"].as_str().unwrap().to_owned();
        let thing = ann.post("/api/v1/records/thing", json!({"fields": {"name": "a"}})).ok(201);
        let thing = thing["id"].as_str().unwrap().to_owned();

        let routes = [
            ("GET", format!("/process-instances/{active}"), ""),
            ("GET", format!("/process-instances/{active}/history"), ""),
            ("GET", format!("/user-tasks/{one}"), ""),
            ("GET", format!("/user-tasks/{one}/form"), ""),
            ("POST", format!("/user-tasks/{one}/claim"), "{}"),
            ("POST", format!("/user-tasks/{one}/complete"), "{}"),
            ("POST", format!("/user-tasks/{one}/unclaim"), "{}"),
            ("GET", format!("/records/thing/{thing}"), ""),
            ("GET", format!("/records/thing/{thing}/history"), ""),
            ("PATCH", format!("/records/thing/{thing}"), r#"{"fields": {"size": 1}}"#),
            ("GET", format!("/decisions/{decision}"), ""),
            ("GET", format!("/incidents/{incident}"), ""),
            ("POST", format!("/incidents/{incident}/retry"), "{}"),
        ];
        // The administrator of the other business, who sees everything there, and the namesake of ann.
        app.user_of("other", "alice", &["admin", "process_admin", "operator", "clerk"]);
        for (method, path, body) in &routes {
            for login in ["alice", "ann"] {
                let caller = app.by_of("other", login);
                let answer = caller.send(method, &format!("/api/v1{path}"), &[JSON], body);
                let needs_admin = path.starts_with("/incidents") && login == "ann";
                let (status, code) = if needs_admin { (403, "role_missing") } else { (404, "not_found") };
                answer.problem(status, code);
            }
        }
        // A decision list of an instance of the other business.
        let alice = app.by_of("other", "alice");
        alice.get(&format!("/api/v1/decisions?instance={active}")).problem(404, "not_found");
        for list in ["/process-instances", "/user-tasks", "/records/thing", "/decisions", "/incidents"] {
            assert_eq!(alice.get(&format!("/api/v1{list}")).ok(200)["items"], json!([]), "{list}");
        }
        // Nothing changed.
        assert_eq!(ann.get(&format!("/api/v1/user-tasks/{one}")).ok(200)["version"], 1);
        assert_eq!(ann.get(&format!("/api/v1/records/thing/{thing}")).ok(200)["version"], 1);
        assert_eq!(incidents(&app, &failed).len(), 1);
    });
}

#[test]
fn unique_keys_users_and_references_end_at_the_business() {
    on_both(|database| {
        let files = [("records/thing.yaml", THING), ("processes/errand.yaml", ERRAND)];
        let app = with(database, &files);
        second_business(&app, &files);
        for business in [BUSINESS, "other"] {
            let ann = app.by_of(business, "ann");
            ann.post("/api/v1/records/thing", json!({"fields": {"name": "a"}})).ok(201);
            ann.post("/api/v1/records/thing", json!({"fields": {"name": "a"}})).problem(409, "not_unique");
        }
        // bob is a user of the first business only.
        let fields = json!({"fields": {"name": "b", "owner": "bob"}});
        app.by("ann").post("/api/v1/records/thing", fields.clone()).ok(201);
        let refused = app.by_of("other", "ann").post("/api/v1/records/thing", fields).problem(422, "invalid_record");
        assert_eq!(refused["errors"][0]["pointer"], "/fields/owner");
        assert_eq!(refused["errors"][0]["code"], "not_there");
        // A deployment of one is no deployment of the other.
        deploy(&app, &[("records/thing.yaml", THING)]);
        app.by("ann").post("/api/v1/process-instances", json!({"process": "errand"})).problem(404, "not_found");
        app.by_of("other", "ann").start("errand", json!({}));
    });
}
