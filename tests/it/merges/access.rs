//! Who may merge.

use super::*;
use crate::runtime::deploy;
use crate::support::on_both;

#[test]
fn who_may_update_both_may_merge_them() {
    on_both(|database| {
        let app = app(database);
        let (ann, boss) = (app.by("ann"), app.by("boss"));
        let [a, b] = ["A", "B"].map(|name| make(&boss, "company", json!({"name": name, "owner": "ann"})));
        let seen = make(&boss, "company", json!({"name": "C", "owner": "bob", "team": ["ann"]}));
        let hidden = make(&boss, "company", json!({"name": "D", "owner": "bob"}));
        merge(&ann, &a, &hidden, json!({})).problem(404, "not_found");
        merge(&ann, &hidden, &a, json!({})).problem(404, "not_found");
        merge(&ann, &a, &b, json!({})).ok(200);
        // The owner is for the boss to change, also by a merge.
        let barred = merge(&ann, &a, &seen, json!({"owner": "loser"})).problem(403, "field_not_allowed");
        assert!(barred["errors"][0]["detail"].as_str().unwrap().contains("\"owner\""), "{barred}");
        let merged = merge(&ann, &a, &seen, json!({}));
        assert_eq!(merged.ok(200)["record"]["fields"]["owner"], "ann");
        // Undone by somebody who may, and by nobody else.
        undo(&app.by("bob"), &a, &id_of(&merged)).problem(404, "not_found");
        undo(&ann, &seen, &id_of(&merged)).ok(200);
        assert_eq!(get(&app.by("bob"), "company", &seen)["fields"]["team"], json!(["ann"]));
    });
}

#[test]
fn a_type_can_say_who_merges() {
    on_both(|database| {
        let app = app(database);
        let mut files = FILES;
        let text = COMPANY.replace("access:\n", "access:\n  merge: [role:boss]\n");
        files[0].1 = &text;
        deploy(&app, &files);
        let (ann, boss) = (app.by("ann"), app.by("boss"));
        let [a, b] = ["A", "B"].map(|name| make(&boss, "company", json!({"name": name, "owner": "ann"})));
        let refused = merge(&ann, &a, &b, json!({})).problem(403, "record_not_allowed");
        assert_eq!(refused["detail"], "this company may not be merged by you");
        let merged = merge(&boss, &a, &b, json!({}));
        undo(&ann, &a, &id_of(&merged)).problem(403, "record_not_allowed");
        undo(&boss, &a, &id_of(&merged)).ok(200);
    });
}

#[test]
fn who_undoes_a_merge_must_be_allowed_to_have_both() {
    on_both(|database| {
        let app = app(database);
        let (ann, boss) = (app.by("ann"), app.by("boss"));
        let a = make(&boss, "company", json!({"name": "A", "owner": "ann"}));
        let b = make(&boss, "company", json!({"name": "B", "owner": "bob"}));
        let merged = merge(&boss, &a, &b, json!({}));
        let before = snapshot(database);
        // The loser would be bob's again, whom ann does not see.
        undo(&ann, &a, &id_of(&merged)).problem(404, "not_found");
        assert_eq!(snapshot(database), before);
        undo(&boss, &a, &id_of(&merged)).ok(200);
    });
}
