//! An instance that is pinned to an earlier revision: it reads and writes records under the names that it knows, by the
//! rules of now, and what it computed by an old script is never taken for new.

use super::*;
use crate::runtime::{finish, instance};
use crate::support::on_both;

/// Waits, then makes a client, changes it, and asks for candidates.
const WORK: &str = "\
process: work
title: {en: Work, zh: 工作}
nodes:
  - {id: wait, type: userTask, candidateGroups: [clerk]}
  - {id: make, type: serviceTask, action: records.create, in: {type: '\"client\"', fields: '#{name: \"Hua Xin\", code: \"P1\", note: \"n\"}'}, out: {made: result}}
  - {id: change, type: serviceTask, action: records.update, in: {type: '\"client\"', id: made.id, fields: '#{code: \"P2\"}'}, out: {changed: result}}
  - {id: select, type: serviceTask, action: records.select, in: {type: '\"client\"', where: '#{code: \"P2\"}'}, out: {selected: result}}
  - {id: find, type: serviceTask, action: records.candidates, in: {type: '\"client\"', keys: '#{core: \"hua xin\"}'}, out: {found: result}}
";

#[test]
fn it_goes_by_the_rules_of_now_under_the_names_it_knows() {
    on_both(|database| {
        let mut all = files(FIRST, SMALL);
        all.push(("processes/work.yaml", WORK));
        let app = with(database, &all);
        let id = app.by("ann").start("work", json!({}));
        let next = FIRST
            .replace("  code: {type: string, max: 20}", "  sku: {type: string, max: 20, was: code}")
            .replace("  note: {type: string}\n", "")
            .replace("code]", "sku]");
        let mut later = files(&next, CLOSE);
        later.push(("processes/work.yaml", WORK));
        deploy(&app, &later);
        finish(&app.by("ann"), &id, json!({})).ok(200);
        let ended = instance(&app, &id);
        assert_eq!((&ended["state"], &ended["revision"]), (&json!("completed"), &json!(1)), "{ended}");
        let told = &ended["variables"];
        assert_eq!(told["made"]["fields"]["code"], "P1", "its own name: {told}");
        assert_eq!(told["made"]["fields"]["core"], "huaxin", "the rules of now");
        assert_eq!(told["changed"]["fields"]["code"], "P2");
        assert_eq!(told["selected"]["records"][0]["fields"]["code"], "P2");
        assert_eq!((&told["found"]["cut"], &told["found"]["deriving"]), (&json!(true), &json!(true)), "{told}");
        let seen = get(&app, told["made"]["id"].as_str().unwrap());
        assert_eq!(seen["fields"], json!({"name": "Hua Xin", "sku": "P2", "core": "huaxin"}));
        assert_eq!(rederive(&app), 0, "it was written by the rules of now");
        // The rule of the new revision guards what it makes, too.
        let made = json!({"fields": {"name": "Three", "sku": "P2"}});
        app.by("ann").post("/api/v1/records/client", made).problem(409, "not_unique");
    });
}
