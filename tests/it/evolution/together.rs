//! What records break together: a new unique rule and circles, with the groups.

use super::*;
use crate::support::on_both;

#[test]
fn a_new_unique_rule_lists_the_groups_that_break_it() {
    on_both(|database| {
        let app = first(database);
        let made = |name: &str, size: i64, note: &str| client(&app, json!({"name": name, "size": size, "note": note}));
        let twins = [made("a", 1, "x"), made("b", 1, "x")];
        let triplets = [made("c", 2, "x"), made("d", 2, "x"), made("e", 2, "x")];
        made("f", 3, "x");
        client(&app, json!({"name": "g"}));
        client(&app, json!({"name": "h"}));
        let rule = |rule: &str| FIRST.replace("unique: [", &format!("unique: [{rule}, "));
        let impacts = refused(&app, &rule("{fields: [size, note]}"));
        assert_eq!(impacts.len(), 1, "{impacts:?}");
        let told = (&impacts[0]["code"], &impacts[0]["field"], &impacts[0]["rows"]);
        assert_eq!(told, (&json!("not_unique"), &json!("size,note"), &json!(5)));
        let mut groups: Vec<Vec<String>> = serde_json::from_value(impacts[0]["groups"].clone()).unwrap();
        groups.sort_by_key(Vec::len);
        assert_eq!(groups, [twins.to_vec(), triplets.to_vec()]);
        // Outside its condition nobody breaks it.
        change(&app, &rule("{fields: [size, note], where: size > 2}"));
        // Bringing records there takes the keys that the rule needs.
        rederive(&app);
        let made = json!({"fields": {"name": "i", "size": 3, "note": "x"}});
        app.by("ann").post("/api/v1/records/client", made).problem(409, "not_unique");
    });
}

#[test]
fn circles_are_told_when_a_reference_may_not_lead_back_any_more() {
    on_both(|database| {
        let app = first(database);
        let ids: Vec<String> = (0..5).map(|number| client(&app, json!({"name": format!("n{number}")}))).collect();
        // 0 -> 1 -> 2 -> 0 is a circle, 3 -> 0 leads into it, 4 is its own.
        for (from, to) in [(0, 1), (1, 2), (2, 0), (3, 0), (4, 4)] {
            patch(&app, &ids[from], json!({"above": ids[to]})).ok(200);
        }
        let acyclic = FIRST.replace("record: client}", "record: client, acyclic: true}");
        let impacts = refused(&app, &acyclic);
        let told = (&impacts[0]["code"], &impacts[0]["field"], &impacts[0]["rows"]);
        assert_eq!(told, (&json!("acyclic"), &json!("above"), &json!(4)));
        let mut groups: Vec<Vec<String>> = serde_json::from_value(impacts[0]["groups"].clone()).unwrap();
        groups.sort_by_key(Vec::len);
        assert_eq!(groups, [vec![ids[4].clone()], ids[..3].to_vec()]);
        patch(&app, &ids[2], json!({"above": null})).ok(200);
        patch(&app, &ids[4], json!({"above": ids[0]})).ok(200);
        change(&app, &acyclic);
    });
}
