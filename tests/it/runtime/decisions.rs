//! What is kept of what happened: decision records, the history of an instance, the history of a record.

use super::*;
use crate::support::on_both;
use serde_json::json;

#[test]
fn a_decision_is_kept_with_input_output_script_and_reasons() {
    on_both(|database| {
        let rate = deployment::rate(10);
        let process = "\
process: quote
title: {en: Quote, zh: 报价}
input: {type: object, properties: {size: {type: integer}}}
nodes:
  - {id: rate, type: businessRuleTask, decision: price/rate, in: {size: size}, out: {price: result.price}}
";
        let files = |script| {
            [
                ("processes/quote.yaml", process),
                ("plugins/price/plugin.yaml", deployment::PRICE),
                ("plugins/price/rate.rhai", script),
            ]
        };
        let app = with(database, &files(&rate));
        let ann = app.by("ann");
        let decided = |id: &str| -> Json {
            let all = ann.get(&format!("/api/v1/decisions?instance={id}")).ok(200);
            assert_eq!(all["items"].as_array().unwrap().len(), 1);
            all["items"][0].clone()
        };
        let first = decided(&ann.start("quote", json!({"size": 3})));
        assert_eq!((&first["node"], &first["function"]), (&json!("rate"), &json!("price/rate")));
        assert_eq!((&first["revision"], &first["at"]), (&json!(1), &json!(MONDAY)));
        assert_eq!(first["input"], json!({"size": 3}));
        assert_eq!(first["output"]["price"], 30);
        assert_eq!(first["scriptHash"].as_str().unwrap().len(), 64);

        let path = format!("/api/v1/decisions/{}", first["id"].as_str().unwrap());
        let says =
            |language| ann.send("GET", &path, &[("Accept-Language", language)], "").ok(200)["explanation"].clone();
        assert_eq!(says("en"), json!(["A size of 3 costs 30."]));
        assert_eq!(says("zh-CN"), json!(["尺寸 3 的价格为 30。"]));

        // The same script under another number has the same hash, another script another one.
        let other = deployment::rate(11);
        deploy(&app, &files(&other));
        let second = decided(&ann.start("quote", json!({"size": 3})));
        assert_eq!((&second["revision"], &second["output"]["price"]), (&json!(2), &json!(33)));
        assert_ne!(second["scriptHash"], first["scriptHash"]);
        deploy(&app, &files(&rate));
        let third = decided(&ann.start("quote", json!({"size": 3})));
        assert_eq!((&third["revision"], &third["scriptHash"]), (&json!(3), &first["scriptHash"]));
        // Its words are those of the revision that decided.
        assert_eq!(says("en"), json!(["A size of 3 costs 30."]));

        // Who has nothing to do with the instance does not see its decisions.
        app.by("bob").get(&path).problem(404, "not_found");
        assert_eq!(app.by("bob").get("/api/v1/decisions").ok(200)["total"], 0);
        assert_eq!(
            app.by("alice").get("/api/v1/decisions?function=price/rate").ok(200)["items"].as_array().unwrap().len(),
            3
        );
    });
}

#[test]
fn the_history_of_an_intake_is_complete_and_in_order() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let ma_li = app.by_of("demo", "ma.li");
        let id = ma_li.start(
            "customer-intake",
            json!({"source_channel": "online_sales", "event_id": "E-1", "name": "宁波市拾光精密铸造有限公司",
                "region": "浙江", "industry": "manufacturing"}),
        );
        let (mut entries, mut after) = (Vec::new(), 0);
        loop {
            let page = ma_li.get(&format!("/api/v1/process-instances/{id}/history?limit=7&after={after}")).ok(200);
            entries.extend(page["items"].as_array().unwrap().clone());
            match page["next"].as_i64() {
                Some(next) => after = next,
                None => break,
            }
        }
        let numbers: Vec<i64> = entries.iter().map(|entry| entry["sequence"].as_i64().unwrap()).collect();
        assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
        for entry in &entries {
            assert_eq!(
                (&entry["at"], &entry["actor"], &entry["instance"]),
                (&json!(MONDAY), &json!("ma.li"), &json!(id))
            );
        }
        let of = |kind: &str| -> Vec<&str> {
            let told = entries.iter().filter(|entry| entry["kind"] == kind);
            told.map(|entry| entry["node"].as_str().unwrap_or_default()).collect()
        };
        assert_eq!(entries[0]["kind"], "instance_started");
        assert_eq!(entries[0]["data"]["variables"]["event_id"], "E-1");
        assert_eq!(of("decision_made"), ["check", "assign", "classify"]);
        assert_eq!(of("action_performed"), ["collect", "find", "people", "create", "write-class", "close"]);
        let entered = of("node_entered");
        let expected = [
            "collect",
            "prepare",
            "normalise",
            "describe",
            "find",
            "check",
            "known",
            "create-and-assign",
            "people",
            "in-a-group",
            "assign",
            "create",
            "has-contact",
            "created",
            "classify",
            "write-class",
            "close",
            "in-the-pool",
            "key-account",
            "done",
        ];
        assert_eq!(entered, expected);
        let mut completed = of("node_completed");
        completed.sort_unstable();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(completed, expected, "every node that was entered was left");
        assert_eq!(entries.last().unwrap()["kind"], "instance_ended");

        let decisions = ma_li.get(&format!("/api/v1/decisions?instance={id}")).ok(200);
        let nodes: Vec<&str> =
            decisions["items"].as_array().unwrap().iter().map(|one| one["node"].as_str().unwrap()).collect();
        assert_eq!(nodes.len(), 3);
        for one in decisions["items"].as_array().unwrap() {
            let path = format!("/api/v1/decisions/{}", one["id"].as_str().unwrap());
            for language in ["en", "zh"] {
                let shown = ma_li.send("GET", &path, &[("Accept-Language", language)], "").ok(200);
                let sentences = shown["explanation"].as_array().unwrap();
                assert!(!sentences.is_empty(), "{shown}");
                // A code instead of a sentence would have no blank and no full stop.
                assert!(sentences.iter().all(|one| one.as_str().unwrap().ends_with(['.', '。', ')', '）'])), "{shown}");
            }
        }
    });
}

#[test]
fn the_history_of_a_record_says_who_why_and_by_which_instance() {
    on_both(|database| {
        let process = "\
process: grow
title: {en: Grow, zh: 增长}
input: {type: object, properties: {id: {type: string}, size: {type: integer}}}
nodes:
  - {id: change, type: serviceTask, action: records.update, in: {type: '\"thing\"', id: id, fields: '#{size: size, colour: ()}', reason: '\"it grew\"'}}
";
        let app = with(database, &[("processes/grow.yaml", process), ("records/thing.yaml", THING)]);
        let fields = json!({"name": "a", "colour": "red"});
        let made = app.by("ann").post("/api/v1/records/thing", json!({"fields": fields})).ok(201);
        let id = made["id"].as_str().unwrap();
        app.advance("PT1H");
        let grown = app.by("bob").start("grow", json!({"id": id, "size": 3}));
        let body = json!({"fields": {"size": 4}, "reason": "measured"}).to_string();
        let path = format!("/api/v1/records/thing/{id}");
        app.by("ann").send("PATCH", &path, &[crate::support::app::JSON], &body).ok(200);

        let history = app.by("ann").get(&format!("{path}/history")).ok(200);
        let later = "2026-03-02T01:00:00Z";
        let line =
            |version: i64, field: &str, old: Json, new: Json, by: &str, at: &str, reason: Json, instance: Json| {
                json!({"version": version, "field": field, "old": old, "new": new, "by": by, "at": at, "reason": reason,
                "instance": instance, "through": null})
            };
        let none = Json::Null;
        let expected = json!([
            line(1, "colour", none.clone(), json!("red"), "ann", MONDAY, none.clone(), none.clone()),
            line(1, "name", none.clone(), json!("a"), "ann", MONDAY, none.clone(), none.clone()),
            line(2, "colour", json!("red"), none.clone(), "bob", later, json!("it grew"), json!(grown)),
            line(2, "size", none.clone(), json!(3), "bob", later, json!("it grew"), json!(grown)),
            line(3, "size", json!(3), json!(4), "ann", later, json!("measured"), none.clone()),
        ]);
        assert_eq!(history["items"], expected);
        let now = app.by("ann").get(&path).ok(200);
        assert_eq!((&now["createdBy"], &now["updatedBy"], &now["version"]), (&json!("ann"), &json!("ann"), &json!(3)));
    });
}
