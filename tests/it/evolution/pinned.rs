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

/// Waits, then sums clients up, looks upwards, and asks by a field that is gone.
const SUM: &str = "\
process: sum
title: {en: Sum, zh: 汇总}
nodes:
  - {id: wait, type: userTask, candidateGroups: [clerk]}
  - {id: sum, type: serviceTask, action: records.aggregate, in: {type: '\"client\"', group: '[\"colour\"]', measures: '#{n: \"count\", most: #{max: \"size\"}}', filter: '#{size: #{\"$gte\": 2}}', sort: '[\"-colour\"]'}, out: {sum: result}}
  - {id: or, type: serviceTask, action: records.count, in: {type: '\"client\"', where: '#{\"$or\": [#{colour: \"red\"}, #{size: 1}]}'}, out: {or: result}}
  - {id: gone, type: serviceTask, action: records.select, in: {type: '\"client\"', where: '#{note: \"n\"}'}, out: {gone: result}}
";

#[test]
fn it_asks_under_the_names_it_knows_and_never_by_a_field_that_is_gone() {
    on_both(|database| {
        let mut all = files(FIRST, SMALL);
        all.push(("processes/sum.yaml", SUM));
        let app = with(database, &all);
        for (colour, size) in [("red", 1), ("red", 2), ("blue", 3), ("green", 9)] {
            client(&app, json!({"name": colour, "colour": colour, "size": size}));
        }
        let id = app.by("ann").start("sum", json!({}));
        let next = FIRST
            .replace("  colour: {type", "  tint: {was: colour, type")
            .replace("status: colour", "status: tint")
            .replace("  size: {type: int}", "  seats: {type: int, was: size}")
            .replace("[[size]", "[[seats]")
            .replace("  note: {type: string}\n", "");
        let mut later = files(&next, SMALL);
        later.push(("processes/sum.yaml", SUM));
        deploy(&app, &later);
        finish(&app.by("ann"), &id, json!({})).ok(200);
        let told = instance(&app, &id);
        let rows = told["variables"]["sum"]["rows"].as_array().unwrap();
        let rows: Vec<_> = rows.iter().map(|row| (&row["group"]["colour"], &row["measures"])).collect();
        let expected =
            [("red", 2), ("green", 9), ("blue", 3)].map(|(name, most)| (json!(name), json!({"n": 1, "most": most})));
        assert_eq!(rows, expected.iter().map(|(name, measures)| (name, measures)).collect::<Vec<_>>());
        assert_eq!(told["variables"]["or"]["count"], 2, "{told}");
        // Without the condition it would find every client.
        let failed = crate::runtime::incidents(&app, &id);
        assert_eq!((&failed[0]["node"], &failed[0]["code"]), (&json!("gone"), &json!("wrong_filter")), "{failed:?}");
    });
}

#[test]
fn what_is_masked_is_masked_under_every_name_it_had() {
    on_both(|database| {
        let shy = |text: &str, name: &str| {
            text.replace(&format!("  {name}: {{"), &format!("  {name}: {{personal: true, "))
                .replace("read: [role:clerk]", "read: [owner]")
        };
        let wait = WORK.replace("code: \"P1\", note: \"n\"", "code: \"P1\", note: \"13800138000\"");
        let wait = wait.split("  - {id: change").next().unwrap().to_owned()
            + "  - {id: more, type: userTask, candidateGroups: [clerk]}\n";
        let all = |client: &str| -> Vec<(String, String)> {
            let mut all: Vec<(String, String)> =
                files(client, SMALL).iter().map(|(path, text)| ((*path).into(), (*text).into())).collect();
            all.push(("processes/work.yaml".into(), wait.clone()));
            all
        };
        let put = |app: &TestApp, client: &str| {
            let all = all(client);
            deploy(app, &all.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>());
        };
        let first = shy(
            &FIRST
                .replace("  parts:", "  owner: {type: user}\n  parts:")
                .replace("columns: {", "columns: {owner: owner, "),
            "note",
        );
        let app = with(database, &[]);
        put(&app, &first);
        let id = app.by("ann").start("work", json!({}));
        put(&app, &first.replace("  note: {", "  memo: {was: note, "));
        finish(&app.by("ann"), &id, json!({})).ok(200);
        // The third name no longer says what it was two names ago.
        put(&app, &first.replace("  note: {", "  hint: {was: memo, "));
        put(&app, &first.replace("  note: {", "  hint: {"));
        let told = instance(&app, &id);
        assert_eq!(told["variables"]["made"]["fields"]["memo"], "***", "{told}");
        assert!(!told.to_string().contains("13800138000"), "{told}");
    });
}
