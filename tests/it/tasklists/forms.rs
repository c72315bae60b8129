//! Forms: all that a client draws, and what it may send.

use super::{PACK, field, open};
use crate::support::on_both;
use serde_json::json;

const PROCESS: &str = "\
process: judge
title: {en: Judge, zh: 评定}
input: {type: object, properties: {name: {type: string}, grade: {type: string}}}
nodes:
  - {id: grade, type: userTask, candidateGroups: [clerk], form: grade, outcomes: {yes_: end, no_: end}}
";

const FORM: &str = "\
form: grade
title: {en: Grade, zh: 评级}
schema:
  type: object
  required: [grade]
  properties:
    name: {type: string, readOnly: true}
    grade: {type: string, enum: [a, b], default: b}
labels: {name: {en: Name, zh: 名称}, grade: {en: Grade, zh: 等级}}
values: {grade: {a: {en: Good, zh: 优}, b: {en: Fair, zh: 良}}}
outcomes: {yes_: {en: Agree, zh: 同意}}
order: [name, grade]
";

#[test]
fn a_client_gets_all_that_it_draws_and_sends_only_what_is_entered() {
    on_both(|database| {
        let app = field(database);
        let files = |form: &str| {
            let base = "workflows/field";
            app.deploy(&[
                (&format!("{base}/pack.yaml"), PACK),
                (&format!("{base}/processes/judge.yaml"), PROCESS),
                (&format!("{base}/forms/grade.yaml"), form),
            ]);
        };
        files(FORM);
        let ann = app.by("ann");
        let task = open(&ann, &ann.start("judge", json!({"name": "Huaxin", "grade": "a"})));
        let path = format!("/api/v1/user-tasks/{task}");
        let form = ann.get(&format!("{path}/form")).ok(200);
        assert_eq!((&form["values"], &form["readOnly"]), (&json!({"name": "Huaxin", "grade": "a"}), &json!(["name"])));
        assert_eq!(form["valueLabels"]["grade"]["a"], json!({"en": "Good", "zh": "优"}));
        let outcomes = json!([
            {"outcome": "yes_", "label": {"en": "Agree", "zh": "同意"}}, {"outcome": "no_", "label": {"en": "no_", "zh": "no_"}},
        ]);
        assert_eq!(form["outcomes"], outcomes);
        // Another form is for other instances.
        files(&FORM.replace("enum: [a, b]", "enum: [a, b, c]"));
        let again = ann.get(&format!("{path}/form")).ok(200);
        assert_eq!(again, form, "pinned, hash and all");
        let other = open(&ann, &ann.start("judge", json!({})));
        let other = ann.get(&format!("/api/v1/user-tasks/{other}/form")).ok(200);
        assert!(other["hash"] != form["hash"] && other["revision"] != form["revision"]);
        ann.post(&format!("{path}/claim"), json!({})).ok(200);
        for (variables, at, code) in [
            (json!({"grade": "a", "name": "Other"}), "/variables/name", "read_only"),
            (json!({"grade": "c"}), "/variables/grade", "schema"),
            (json!({}), "/variables/grade", "required"),
            (json!({"grade": "a", "more": 1}), "/variables/more", "undeclared"),
        ] {
            let refused = ann.post(&format!("{path}/complete"), json!({"outcome": "yes_", "variables": variables}));
            let refused = refused.problem(422, "invalid_variables");
            let error = &refused["errors"][0];
            assert_eq!((&error["pointer"], &error["code"]), (&json!(at), &json!(code)), "{refused}");
        }
        ann.post(&format!("{path}/complete"), json!({"outcome": "yes_", "variables": {"grade": "b"}})).ok(200);
    });
}
