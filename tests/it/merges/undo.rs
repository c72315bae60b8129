//! Undoing a merge: exactly, in order, once, and not over what was changed since.

use super::*;
use crate::support::on_both;

#[test]
fn everything_is_as_it_was_and_the_versions_go_on() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let a = make(&boss, "company", json!({"name": "A", "phone": "1", "aliases": ["x"], "owner": "ann"}));
        let b =
            make(&boss, "company", json!({"name": "B", "code": "K", "partners": [a], "owner": "bob", "team": ["ann"]}));
        let c = make(&boss, "company", json!({"name": "C", "partners": [b, a]}));
        let contact = make(&boss, "contact", json!({"name": "Li", "company": b}));
        let start = snapshot(database);
        let merged = merge(&boss, &a, &b, json!({"name": "loser", "owner": "loser", "phone": {"value": null}}));
        assert_ne!(snapshot(database), start);

        let undone = undo(&boss, &a, &id_of(&merged));
        assert_eq!(undone.header("etag"), "\"3\"");
        let undone = undone.ok(200);
        assert_eq!(
            (&undone["merge"]["undoneBy"], &undone["merge"]["undoneReason"]),
            (&json!("boss"), &json!("they are two"))
        );
        assert_eq!(snapshot(database), start);
        for (of, id) in [("company", &a), ("company", &b), ("company", &c), ("contact", &contact)] {
            assert_eq!(get(&boss, of, id)["version"], 3, "{of}");
        }
        let history = boss.get(&format!("{}/history", at("company", &b))).ok(200);
        let told: Vec<(&Json, &Json)> = history["items"]
            .as_array()
            .unwrap()
            .iter()
            .rev()
            .take(2)
            .map(|change| (&change["field"], &change["new"]))
            .collect();
        assert_eq!(told, [(&json!("$merged_into"), &Json::Null), (&json!("$merged_into"), &json!(a))]);
        assert_eq!(app.by("ann").get(&at("company", &b)).status, 200, "found through the team again");
        undo(&boss, &a, &id_of(&merged)).problem(409, "merge_undone");
        // And it can be merged again, the other way round.
        merge(&boss, &b, &a, json!({})).ok(200);
        assert_eq!(boss.get(&format!("{}/merges?limit=1", at("company", &a))).ok(200)["total"], 2);
    });
}

#[test]
fn what_was_changed_since_is_listed_and_nothing_is_undone() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let a = make(&boss, "company", json!({"name": "A", "owner": "ann"}));
        let b = make(&boss, "company", json!({"name": "B", "code": "K"}));
        let other = make(&boss, "company", json!({"name": "O"}));
        let moved = make(&boss, "contact", json!({"name": "Li", "company": b}));
        let kept = make(&boss, "contact", json!({"name": "Wu", "company": b}));
        let merged = merge(&boss, &a, &b, json!({"code": "winner"}));
        app.clock.advance(60_000);
        patch(&app.by("ann"), "company", &a, json!({"phone": "9"})).ok(200);
        patch(&boss, "contact", &moved, json!({"company": other})).ok(200);
        patch(&boss, "contact", &kept, json!({"phone": "9"})).ok(200);
        let taker = make(&boss, "company", json!({"name": "T", "code": "K"}));
        let before = snapshot(database);

        let refused = undo(&boss, &a, &id_of(&merged)).problem(409, "merge_touched");
        let at_time = "2026-03-02T00:01:00Z";
        let expected = json!([
            {"type": "company", "id": a, "field": "phone", "by": "ann", "at": at_time},
            {"type": "contact", "id": moved, "field": "company", "by": "boss", "at": at_time},
        ]);
        assert_eq!(refused["present"], json!({"conflicts": expected, "hidden": 0}));
        assert!(refused["detail"].as_str().unwrap().starts_with("2 values"), "{refused}");
        assert_eq!(snapshot(database), before);

        // Set back by hand, only the key is in the way.
        patch(&boss, "company", &a, json!({"phone": null})).ok(200);
        patch(&boss, "contact", &moved, json!({"company": a})).ok(200);
        let refused = undo(&boss, &a, &id_of(&merged)).problem(409, "merge_touched");
        assert_eq!(refused["present"]["conflicts"][0]["id"], json!(taker));
        assert_eq!(refused["present"]["conflicts"][0]["field"], "code");
        patch(&boss, "company", &taker, json!({"code": null})).ok(200);
        undo(&boss, &a, &id_of(&merged)).ok(200);
        // What does not speak of the two was left as it is now.
        let kept = get(&boss, "contact", &kept);
        assert_eq!((&kept["fields"]["company"], &kept["fields"]["phone"]), (&json!(b), &json!("9")));
    });
}

#[test]
fn merges_of_merges_are_undone_from_the_latest() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let [a, b, c, d] = ["A", "B", "C", "D"].map(|name| make(&boss, "company", json!({ "name": name })));
        make(&boss, "contact", json!({"name": "Li", "company": b}));
        let start = snapshot(database);
        let first = id_of(&merge(&boss, &a, &b, json!({})));
        let second = id_of(&merge(&boss, &a, &c, json!({})));
        let third = id_of(&merge(&boss, &d, &a, json!({})));
        let refused = undo(&boss, &b, &first).problem(409, "merge_order");
        assert_eq!(refused["present"]["merges"], json!([second, third]));
        assert!(refused["detail"].as_str().unwrap().ends_with(&format!("{third}, {second}")), "{refused}");
        undo(&boss, &c, &second).problem(409, "merge_order");
        undo(&boss, &d, &first).problem(404, "not_found");
        for (record, merge) in [(&d, third), (&a, second), (&b, first)] {
            undo(&boss, record, &merge).ok(200);
        }
        assert_eq!(snapshot(database), start);
    });
}

#[test]
fn what_the_loser_referred_to_must_be_there_again_first() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let [a, p, q] = ["A", "P", "Q"].map(|name| make(&boss, "company", json!({ "name": name })));
        let b = make(&boss, "company", json!({"name": "B", "parent": p}));
        let start = snapshot(database);
        let first = id_of(&merge(&boss, &a, &b, json!({"parent": "winner"})));
        let second = id_of(&merge(&boss, &q, &p, json!({})));
        let refused = undo(&boss, &a, &first).problem(409, "merge_order");
        assert_eq!(refused["present"]["merges"], json!([second]));
        undo(&boss, &q, &second).ok(200);
        undo(&boss, &a, &first).ok(200);
        assert_eq!(snapshot(database), start);
    });
}

#[test]
fn merges_that_only_met_in_a_third_record_are_undone_in_any_order() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let [a, b, c, d] = ["A", "B", "C", "D"].map(|name| make(&boss, "company", json!({ "name": name })));
        make(&boss, "deal", json!({"name": "D", "payer": b, "parties": [{"company": d}]}));
        let start = snapshot(database);
        let first = id_of(&merge(&boss, &a, &b, json!({})));
        let second = id_of(&merge(&boss, &c, &d, json!({})));
        undo(&boss, &a, &first).ok(200);
        undo(&boss, &c, &second).ok(200);
        assert_eq!(snapshot(database), start);
    });
}
