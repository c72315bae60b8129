//! What may not change stops a merge, wholly.

use super::*;
use crate::support::on_both;

#[test]
fn a_closed_record_that_refers_to_the_loser_stops_the_merge_and_leaves_nothing() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let [a, b] = ["A", "B"].map(|name| make(&boss, "company", json!({ "name": name })));
        make(&boss, "contact", json!({"name": "Li", "company": b}));
        let open = make(&boss, "deal", json!({"name": "open", "parties": [{"company": b}]}));
        let won = make(&boss, "deal", json!({"name": "won", "status": "won", "parties": [{"company": b}]}));
        let before = snapshot(database);
        let refused = merge(&boss, &a, &b, json!({})).problem(409, "merge_closed");
        assert!(refused["detail"].as_str().unwrap().starts_with("1 record "), "{refused}");
        let conflicts = refused["present"]["conflicts"].as_array().unwrap();
        assert_eq!(conflicts.len(), 1);
        assert_eq!((&conflicts[0]["id"], &conflicts[0]["field"]), (&json!(won), &json!("parties")));
        assert_eq!(snapshot(database), before);
        assert_eq!(get(&boss, "deal", &open)["version"], 1);
        assert_eq!(boss.get(&format!("{}/merges", at("company", &a))).ok(200)["total"], 0);
    });
}

#[test]
fn what_its_type_leaves_open_may_still_be_moved() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let [a, b] = ["A", "B"].map(|name| make(&boss, "company", json!({ "name": name })));
        let won = make(&boss, "deal", json!({"name": "won", "status": "won", "payer": b}));
        merge(&boss, &a, &b, json!({})).ok(200);
        assert_eq!(get(&boss, "deal", &won)["fields"]["payer"], json!(a));
    });
}

#[test]
fn a_ledger_stops_the_merge_and_is_not_shown_to_who_may_not_read_it() {
    on_both(|database| {
        let app = app(database);
        app.user("clerk", &["clerk", "boss"]);
        let boss = app.by("boss");
        let [a, b] = ["A", "B"].map(|name| make(&boss, "company", json!({ "name": name })));
        let entry = make(&app.by("clerk"), "entry", json!({"company": b, "points": 1}));
        let before = snapshot(database);
        let refused = merge(&boss, &a, &b, json!({})).problem(409, "merge_closed");
        assert_eq!(refused["present"], json!({"conflicts": [], "hidden": 1}));
        let refused = merge(&app.by("clerk"), &a, &b, json!({})).problem(409, "merge_closed");
        assert_eq!(refused["present"]["conflicts"][0]["id"], json!(entry));
        assert_eq!(snapshot(database), before);
        // The other way round nothing that is closed changes.
        merge(&boss, &b, &a, json!({})).ok(200);
    });
}
