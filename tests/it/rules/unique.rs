//! A unique rule with a condition holds while the condition is true, and takes hold again when it becomes true.

use super::{create, made, patch};
use crate::runtime::{rows, with};
use crate::support::on_both;
use crate::support::threads::each;
use serde_json::json;

const CASE: &str = "\
record: case
title: {en: Case, zh: 案件}
fields:
  name:  {type: string}
  place: {type: string}
  state: {type: enum, values: [open, closed], default: open}
unique: [{fields: [name, place], where: state == \"open\"}]
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk], delete: [role:clerk]}
";

#[test]
fn a_rule_is_switched_off_and_on_and_reopening_can_conflict() {
    on_both(|database| {
        let app = with(database, &[("records/case.yaml", CASE)]);
        let ann = app.by("ann");
        let fields = || json!({"name": "a", "place": "x"});
        let first = made(&ann, "case", fields());
        create(&ann, "case", fields()).problem(409, "not_unique");
        patch(&ann, &first, json!({"state": "closed"})).ok(200);
        assert_eq!(rows(database, "record_keys"), 0);
        let second = made(&ann, "case", fields());
        // Closed ones may be alike.
        let third = made(&ann, "case", json!({"name": "a", "place": "x", "state": "closed"}));
        let problem = patch(&ann, &first, json!({"state": "open"})).problem(409, "not_unique");
        assert_eq!(problem["errors"][0]["pointer"], "/fields/name");
        assert_eq!(ann.get(&first).ok(200)["fields"]["state"], "closed", "nothing of it was written");
        // Opened with another name in one change.
        patch(&ann, &first, json!({"state": "open", "name": "b"})).ok(200);
        patch(&ann, &second, json!({"place": null})).ok(200);
        patch(&ann, &third, json!({"state": "open"})).ok(200);
        patch(&ann, &second, json!({"place": "x"})).problem(409, "not_unique");
        super::delete(&ann, &third).ok(200);
        patch(&ann, &second, json!({"place": "x"})).ok(200);
        assert_eq!(rows(database, "record_keys"), 2);
    });
}

#[test]
fn of_many_that_reopen_at_once_one_succeeds() {
    on_both(|database| {
        let app = with(database, &[("records/case.yaml", CASE)]);
        let closed: Vec<String> = (0..6)
            .map(|_| made(&app.by("ann"), "case", json!({"name": "a", "place": "x", "state": "closed"})))
            .collect();
        let answers = each(6, |n| patch(&app.by("ann"), &closed[n], json!({"state": "open"})).status);
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1);
        assert_eq!(answers.iter().filter(|status| **status == 409).count(), 5);
    });
}
