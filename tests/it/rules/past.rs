//! The past of a record: what it was at an instant, and every change page by page.

use super::{id, in_chinese, made, patch, patch_because};
use crate::runtime::{deploy, rows, with};
use crate::support::on_both;
use kamflow::model::json::Json;
use serde_json::json;

const PLAN: &str = "\
record: plan
title: {en: Plan, zh: 计划}
fields:
  name:  {type: string, max: 50}
  owner: {type: user}
  size:  {type: int}
  place: {type: map, fields: {town: {type: string}}}
columns: {owner: owner}
access: {read: [owner, role:boss], create: [role:clerk], update: [owner, role:boss]}
";

#[test]
fn the_past_is_rebuilt_from_the_history() {
    on_both(|database| {
        let app = with(database, &[("records/plan.yaml", PLAN)]);
        app.user("boss", &["boss"]);
        let plan = made(&app.by("ann"), "plan", json!({"name": "a", "owner": "ann"}));
        app.advance("PT1H");
        patch(&app.by("ann"), &plan, json!({"size": 1, "place": {"town": "Ningbo"}})).ok(200);
        app.advance("PT1H");
        patch(&app.by("boss"), &plan, json!({"name": null, "size": 2})).ok(200);
        app.advance("PT1H");
        patch(&app.by("ann"), &plan, json!({"owner": "bob"})).ok(200);

        let boss = app.by("boss");
        let at = |instant: &str| boss.get(&format!("{plan}?asOf={instant}"));
        at("2026-03-01T23:59:59Z").problem(404, "not_found");
        let first = at("2026-03-02T00:30:00Z");
        assert_eq!(first.header("etag"), "\"1\"");
        let first = first.ok(200);
        assert_eq!((&first["version"], &first["fields"]), (&json!(1), &json!({"name": "a", "owner": "ann"})));
        assert_eq!((&first["updatedAt"], &first["updatedBy"]), (&json!("2026-03-02T00:00:00Z"), &json!("ann")));
        let second = at("2026-03-02T01:00:00Z").ok(200);
        let fields = json!({"name": "a", "owner": "ann", "size": 1, "place": {"town": "Ningbo"}});
        assert_eq!((&second["version"], &second["fields"]), (&json!(2), &fields));
        let third = at("2026-03-02T10:59:59%2B08:00").ok(200);
        assert_eq!((&third["version"], &third["updatedBy"]), (&json!(3), &json!("boss")));
        assert_eq!(third["fields"], json!({"owner": "ann", "size": 2, "place": {"town": "Ningbo"}}));
        // Nothing can be done with what was, even when it still is.
        let present = boss.get(&plan).ok(200);
        assert_ne!(present["allowedActions"], json!([]));
        let last = at("2030-01-01T00:00:00Z").ok(200);
        assert_eq!((&last["fields"], &last["version"]), (&present["fields"], &present["version"]));
        assert_eq!(last["allowedActions"], json!([]));
        at("yesterday").problem(400, "invalid_parameter");
        boss.get(&format!("{plan}?asOf=2030-01-01T00:00:00Z&asOf=2031-01-01T00:00:00Z"))
            .problem(400, "invalid_parameter");
        // Who may read it is decided by what it is now.
        app.by("ann").get(&format!("{plan}?asOf=2026-03-02T00:30:00Z")).problem(404, "not_found");
        app.by("bob").get(&format!("{plan}?asOf=2026-03-02T00:30:00Z")).ok(200);
    });
}

#[test]
fn fields_of_the_past_have_the_names_of_today() {
    on_both(|database| {
        let app = with(database, &[("records/plan.yaml", PLAN)]);
        let plan = made(&app.by("ann"), "plan", json!({"name": "a", "owner": "ann", "place": {"town": "Ningbo"}}));
        app.advance("PT1H");
        patch(&app.by("ann"), &plan, json!({"name": "b"})).ok(200);
        // Names inside a map are not taken over: a record that has them would refuse the revision.
        patch(&app.by("ann"), &plan, json!({"place": null})).ok(200);
        let renamed = PLAN
            .replace("name:  {type: string, max: 50}", "title: {type: string, max: 50, was: name}")
            .replace("town: {type: string}", "city: {type: string, was: town}")
            .replace("  size:  {type: int}\n", "");
        deploy(&app, &[("records/plan.yaml", &renamed)]);
        let then = app.by("ann").get(&format!("{plan}?asOf=2026-03-02T00:30:00Z")).ok(200);
        assert_eq!(then["fields"], json!({"title": "a", "owner": "ann", "place": {"city": "Ningbo"}}));
        let then = app.by("ann").get(&format!("{plan}?asOf=2026-03-02T01:30:00Z")).ok(200);
        assert_eq!(then["fields"]["title"], "b");
    });
}

#[test]
fn without_a_history_there_is_no_past() {
    on_both(|database| {
        let silent = PLAN.replace("columns:", "history: false\ncolumns:");
        let app = with(database, &[("records/plan.yaml", &silent)]);
        let ann = app.by("ann");
        let plan = made(&ann, "plan", json!({"name": "a", "owner": "ann"}));
        patch_because(&ann, &plan, json!({"name": "b"}), "why not").ok(200);
        assert_eq!(rows(database, "record_history"), 0);
        assert_eq!(ann.get(&format!("{plan}/history")).ok(200)["items"], json!([]));
        ann.get(&format!("{plan}?asOf=2026-03-02T00:30:00Z")).problem(422, "no_history");
        let told = in_chinese(&ann, "GET", &format!("{plan}?asOf=2026-03-02T00:30:00Z"), json!({}));
        assert_eq!(told["detail"], "plan不保存变更历史，无法查看过去的状态");

        // Kept from now on: what was before is a gap, and is not made up.
        deploy(&app, &[("records/plan.yaml", PLAN)]);
        ann.get(&format!("{plan}?asOf=2026-03-02T00:30:00Z")).problem(422, "no_history");
        patch(&ann, &plan, json!({"name": "c"})).ok(200);
        ann.get(&format!("{plan}?asOf=2026-03-02T00:30:00Z")).problem(422, "no_history");
        let new = made(&ann, "plan", json!({"owner": "ann"}));
        ann.get(&format!("{new}?asOf=2026-03-02T00:30:00Z")).ok(200);
    });
}

#[test]
fn a_record_that_was_born_empty_has_a_past() {
    on_both(|database| {
        let open = PLAN.replace("read: [owner, role:boss]", "read: [role:clerk]");
        let app = with(
            database,
            &[("records/plan.yaml", &open.replace("update: [owner, role:boss]", "update: [role:clerk]"))],
        );
        let plan = made(&app.by("ann"), "plan", json!({}));
        app.advance("PT1H");
        patch(&app.by("ann"), &plan, json!({"name": "a"})).ok(200);
        let then = app.by("ann").get(&format!("{plan}?asOf=2026-03-02T00:30:00Z")).ok(200);
        assert_eq!((&then["version"], &then["fields"], &then["updatedBy"]), (&json!(1), &json!({}), &json!("ann")));
        let now = app.by("ann").get(&format!("{plan}?asOf=2026-03-02T01:00:00Z")).ok(200);
        assert_eq!((&now["version"], &now["fields"]), (&json!(2), &json!({"name": "a"})));
    });
}

#[test]
fn a_history_is_read_page_by_page() {
    on_both(|database| {
        let app = with(database, &[("records/plan.yaml", PLAN)]);
        let ann = app.by("ann");
        let plan = made(&ann, "plan", json!({"name": "a", "owner": "ann"}));
        for size in 0..30 {
            patch_because(&ann, &plan, json!({"size": size, "name": format!("n{size}")}), &format!("r{size}")).ok(200);
        }
        let (mut all, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = ann.get(&format!("{plan}/history?limit=7{cursor}")).ok(200);
            assert_eq!(page["total"], 62);
            all.extend(page["items"].as_array().unwrap().iter().cloned());
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        let key = |one: &Json| (one["version"].as_i64().unwrap(), one["field"].as_str().unwrap().to_owned());
        assert_eq!(all.len(), 62);
        assert!(all.windows(2).all(|two| key(&two[0]) < key(&two[1])), "each once, in order");
        assert_eq!(
            (&all[61]["reason"], &all[61]["new"], &all[61]["instance"]),
            (&json!("r29"), &json!(29), &Json::Null)
        );
        assert_eq!(ann.get(&format!("{plan}/history")).ok(200)["items"].as_array().unwrap().len(), 50);
        ann.get(&format!("{plan}/history?cursor=x")).problem(422, "wrong_cursor");
        ann.get(&format!("{plan}/history?limit=501")).problem(400, "invalid_limit");
        assert_eq!(id(&plan).len(), 36);
    });
}
