//! The edges of deletion: how much goes at once, circles, reasons, and what is left of what was deleted.

use super::{create, delete, id, made, patch};
use crate::runtime::{deploy, deployment, rows, with};
use crate::support::app::BUSINESS;
use crate::support::on_both;
use serde_json::json;

const LEAF: &str = "\
record: leaf
title: {en: Leaf, zh: 叶}
fields:
  name: {type: string, max: 50}
  why:  {type: string, reason: true}
  up:   {type: ref, record: leaf, on_delete: cascade}
  like: {type: ref, record: leaf}
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk], delete: [role:clerk]}
";

#[test]
fn a_deletion_that_would_take_too_much_along_is_refused() {
    on_both(|database| {
        let app = with(database, &[("records/leaf.yaml", LEAF)]);
        let ann = app.by("ann");
        let top = made(&ann, "leaf", json!({"name": "top"}));
        let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)";
        let columns = "business, record_type, id, fields, version, created_at, created_by, updated_at, updated_by";
        let values = "'leaf', 'n' || i, '{}', 1, 0, 'x', 0, 'x'";
        super::model::sql(
            database,
            &format!("INSERT INTO records ({columns}) {numbers} SELECT '{BUSINESS}', {values} FROM n"),
        );
        super::model::sql(
            database,
            &format!(
                "INSERT INTO record_index (business, record_type, field, value, record) {numbers} \
                 SELECT '{BUSINESS}', 'leaf', 'up', '{}', 'n' || i FROM n",
                id(&top)
            ),
        );
        super::model::sql(
            database,
            &format!("UPDATE records SET fields = '{{\"up\":\"{}\"}}' WHERE id <> '{}'", id(&top), id(&top)),
        );
        delete(&ann, &top).problem(409, "cascade_too_large");
        assert_eq!(rows(database, "records"), 10_001);
        delete(&ann, "/api/v1/records/leaf/n7").ok(200);
        delete(&ann, &top).ok(200);
        assert_eq!((rows(database, "records"), rows(database, "record_index")), (0, 0));
    });
}

#[test]
fn records_that_refer_to_each_other_go_together() {
    on_both(|database| {
        let app = with(database, &[("records/leaf.yaml", LEAF)]);
        let ann = app.by("ann");
        let one = made(&ann, "leaf", json!({"name": "one"}));
        // To itself; in a circle that cascades; and by a reference that refuses from inside of what goes.
        patch(&ann, &one, json!({"up": id(&one), "like": id(&one)})).ok(200);
        let two = made(&ann, "leaf", json!({"up": id(&one), "like": id(&one)}));
        patch(&ann, &one, json!({"up": id(&two)})).ok(200);
        let outside = made(&ann, "leaf", json!({"like": id(&two)}));
        delete(&ann, &one).problem(409, "referenced");
        patch(&ann, &outside, json!({"like": null})).ok(200);
        delete(&ann, &one).ok(200);
        assert_eq!(rows(database, "records"), 1);
    });
}

#[test]
fn what_may_not_change_without_a_reason_is_not_deleted_without_one() {
    on_both(|database| {
        let app = with(database, &[("records/leaf.yaml", LEAF)]);
        let ann = app.by("ann");
        let top = made(&ann, "leaf", json!({"name": "top"}));
        made(&ann, "leaf", json!({"up": id(&top), "why": "because"}));
        delete(&ann, &top).problem(422, "reason_required");
        ann.send("DELETE", &format!("{top}?reason=over"), &[], "").ok(200);
        assert_eq!(rows(database, "records"), 0);
    });
}

#[test]
fn the_history_of_what_was_deleted_is_for_process_administrators() {
    on_both(|database| {
        let all = LEAF.replace("read: [role:clerk]", "read: [anyone]");
        let app = with(database, &[("records/leaf.yaml", &all)]);
        let ann = app.by("ann");
        let leaf = made(&ann, "leaf", json!({"name": "a"}));
        ann.send("DELETE", &format!("{leaf}?reason=fell"), &[], "").ok(200);
        ann.get(&format!("{leaf}/history")).problem(404, "not_found");
        let history = app.by("alice").get(&format!("{leaf}/history")).ok(200);
        let last = &history["items"][1];
        assert_eq!((&last["version"], &last["new"], &last["reason"]), (&json!(2), &json!(null), &json!("fell")));
        app.by("alice").get(&format!("{leaf}?asOf=2026-03-02T00:00:00Z")).problem(404, "not_found");
        app.by("alice").get("/api/v1/records/leaf/never/history").problem(404, "not_found");
        // Who may not read every record of the type may not read of those that are gone.
        deploy(&app, &[("records/leaf.yaml", LEAF)]);
        app.by("alice").get(&format!("{leaf}/history")).problem(404, "not_found");
    });
}

#[test]
fn a_required_reference_cannot_be_cleared() {
    on_both(|database| {
        let app = with(database, &[]);
        let wrong = LEAF.replace("on_delete: cascade", "on_delete: clear, required: true");
        let files = deployment(&[("records/leaf.yaml", &wrong)])["files"].clone();
        let found = app.by("alice").post("/api/v1/deployments/validate", json!({ "files": files })).ok(200).to_string();
        assert!(found.contains("\\\"up\\\" is required, so it cannot be cleared"), "{found}");
        assert_eq!(create(&app.by("ann"), "leaf", json!({})).status, 404);
    });
}
