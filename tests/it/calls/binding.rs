//! `binding`: a step goes by the revision that its instance is pinned to, or by the active one in its moment.

use super::*;
use crate::support::on_both;
use kamflow::api::Limits;

/// Decides twice, once by each binding, after a person has had a look.
const DEAL: &str = "\
process: deal
title: {en: Deal, zh: 商机}
nodes:
  - {id: look, type: userTask, candidateGroups: [clerk]}
  - {id: money, type: businessRuleTask, decision: odds/chance, in: {deal: '\"d\"'}, out: {kept: result.percent}}
  - {id: advice, type: businessRuleTask, decision: odds/chance, binding: latest, in: {deal: '\"d\"'}, out: {fresh: result.percent}}
";

const ODDS: &str = "\
plugin: odds
version: '1.0'
title: {en: Odds, zh: 概率}
functions:
  chance:
    script: chance.rhai
    input: {type: object, required: [deal], properties: {deal: {type: string}}}
    output: {type: object}
reasons:
  by_table: {en: 'The table says {percent}', zh: '按表为{percent}'}
";

/// A revision in which the chance is this.
fn chance(percent: u32) -> [(&'static str, String); 3] {
    let script = format!(
        "fn chance(input) {{ #{{percent: {percent}, explain: [#{{code: \"by_table\", params: #{{percent: {percent}}}}}]}} }}"
    );
    [
        ("processes/deal.yaml", DEAL.to_owned()),
        ("plugins/odds/plugin.yaml", ODDS.to_owned()),
        ("plugins/odds/chance.rhai", script),
    ]
}

fn put(app: &TestApp, files: &[(&str, String)]) {
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    deploy(app, &files);
}

/// The decisions of an instance by their nodes: revision, result, script.
fn decided(app: &TestApp, id: &str, node: &str) -> Json {
    let found = app.by("alice").get(&format!("/api/v1/decisions?instance={id}")).ok(200);
    let one = found["items"].as_array().unwrap().iter().find(|one| one["node"] == node).unwrap().clone();
    app.by("alice").get(&format!("/api/v1/decisions/{}", one["id"].as_str().unwrap())).ok(200)
}

#[test]
fn advice_goes_by_the_active_revision_and_its_record_says_which() {
    on_both(|database| {
        let app = with(database, &[]);
        put(&app, &chance(10));
        let pinned = app.by("ann").start("deal", json!({}));
        let number = instance(&app, &pinned)["revision"].as_i64().unwrap();
        put(&app, &chance(25));
        drop(app);
        let app = TestApp::open(database, Limits::default());
        finish(&app.by("ann"), &pinned, json!({})).ok(200);
        let after = instance(&app, &pinned);
        assert_eq!((&after["variables"], &after["revision"]), (&json!({"kept": 10, "fresh": 25}), &json!(number)));
        let (kept, fresh) = (decided(&app, &pinned, "money"), decided(&app, &pinned, "advice"));
        assert_eq!((&kept["revision"], &fresh["revision"]), (&json!(number), &json!(number + 1)));
        assert_ne!(kept["scriptHash"], fresh["scriptHash"]);
        assert_eq!(fresh["explanation"], json!(["The table says 25"]), "by the texts of the revision that decided");

        // An earlier revision that is made the active one again is the latest.
        let again = app.by("ann").start("deal", json!({}));
        app.by("alice").post(&format!("/api/v1/deployments/{number}/activate"), json!({})).ok(200);
        finish(&app.by("ann"), &again, json!({})).ok(200);
        assert_eq!(instance(&app, &again)["variables"], json!({"kept": 25, "fresh": 10}));
        assert_eq!(decided(&app, &again, "advice")["revision"], number);
    });
}

#[test]
fn what_the_active_revision_lacks_is_an_incident_until_one_has_it() {
    on_both(|database| {
        let app = with(database, &[]);
        put(&app, &chance(10));
        let id = app.by("ann").start("deal", json!({}));
        deploy(
            &app,
            &[(
                "processes/deal.yaml",
                "process: deal\ntitle: {en: Deal, zh: 商机}\nnodes:\n  - {id: look, type: userTask}\n",
            )],
        );
        finish(&app.by("ann"), &id, json!({})).ok(200);
        let number = instance(&app, &id)["revision"].as_i64().unwrap();
        let open = &incidents(&app, &id)[0];
        let sentence = format!(
            "the active revision {} has no function \"odds/chance\"; deploy one that has it, then retry",
            number + 1
        );
        assert_eq!(
            (&open["code"], &open["message"], &open["node"]),
            (&json!("binding"), &json!(sentence), &json!("advice"))
        );
        retry(&app, &id, json!({}));
        assert_eq!(incidents(&app, &id).len(), 1, "it is not there yet");
        put(&app, &chance(40));
        retry(&app, &id, json!({}));
        assert_eq!(instance(&app, &id)["variables"], json!({"kept": 10, "fresh": 40}));
    });
}

/// Calls the assessment of the day.
const REVIEW: &str = "\
process: review
title: {en: Review, zh: 复核}
nodes:
  - {id: wait, type: userTask, candidateGroups: [clerk]}
  - {id: call, type: callActivity, process: assess, binding: latest, in: {n: 2}, out: {back: result.grade}}
";

fn assess(question: &str, factor: u32) -> [(&'static str, String); 4] {
    let form = format!(
        "form: answer\ntitle: {{en: Answer, zh: 回答}}\nschema: {{type: object, required: [{question}], properties: {{{question}: {{type: string}}}}}}\n\
         labels: {{{question}: {{en: Q, zh: 问}}}}\n"
    );
    let process = format!(
        "process: assess\ntitle: {{en: Assess, zh: 评估}}\ninput: {{type: object, properties: {{n: {{type: integer}}}}}}\n\
         search: [n, {question}]\nnodes:\n  - {{id: ask, type: userTask, candidateGroups: [clerk], form: answer}}\n  \
         - {{id: grade, type: scriptTask, set: {{grade: 'n * {factor}'}}}}\n"
    );
    [
        ("processes/review.yaml", REVIEW.to_owned()),
        ("processes/assess.yaml", process),
        ("forms/answer.yaml", form),
        (
            "processes/other.yaml",
            "process: other\ntitle: {en: Other, zh: 其他}\nnodes: [{id: a, type: endEvent}]\n".to_owned(),
        ),
    ]
}

#[test]
fn a_called_process_stays_with_the_revision_it_was_called_from() {
    on_both(|database| {
        let app = with(database, &[]);
        put(&app, &assess("old", 10));
        let root = app.by("ann").start("review", json!({}));
        let first = instance(&app, &root)["revision"].as_i64().unwrap();
        put(&app, &assess("new", 100));
        finish(&app.by("ann"), &root, json!({})).ok(200);
        let called = instances(&app, "assess").pop().unwrap();
        assert_eq!((&called["parent"], &called["revision"]), (&json!(root), &json!(first + 1)));

        // The next revision, and a restart, change nothing for who is under way.
        put(&app, &assess("newest", 1_000));
        drop(app);
        let app = TestApp::open(database, Limits::default());
        let child = called["id"].as_str().unwrap();
        let task = crate::runtime::task(&app.by("ann"), child);
        let form = app.by("ann").get(&format!("/api/v1/user-tasks/{task}/form")).ok(200);
        assert_eq!(form["schema"]["required"], json!(["new"]));
        let wrong = finish(&app.by("ann"), child, json!({"variables": {"old": "x"}}));
        wrong.problem(422, "invalid_variables");
        let path = format!("/api/v1/user-tasks/{task}/complete");
        app.by("ann").post(&path, json!({"variables": {"new": "x"}})).ok(200);
        let child = instance(&app, child);
        assert_eq!((&child["state"], &child["search"]), (&json!("completed"), &json!({"n": 2, "new": "x"})));
        let form = app.by("ann").get(&format!("/api/v1/user-tasks/{task}/form")).ok(200);
        assert_eq!(form["schema"]["required"], json!(["new"]), "also when it is over");
        assert_eq!(instance(&app, &root)["variables"], json!({"back": 200}));
        assert_eq!(instance(&app, &root)["revision"], first);
    });
}

#[test]
fn a_process_that_is_gone_from_the_active_revision_is_an_incident() {
    on_both(|database| {
        let app = with(database, &[]);
        put(&app, &assess("old", 10));
        let root = app.by("ann").start("review", json!({}));
        put(&app, &assess("old", 10)[3..]);
        finish(&app.by("ann"), &root, json!({})).ok(200);
        let open = &incidents(&app, &root)[0];
        assert_eq!(open["code"], "binding");
        assert!(open["message"].as_str().unwrap().contains("has no process \"assess\""), "{open}");
        put(&app, &assess("back", 1));
        retry(&app, &root, json!({}));
        assert_eq!(instances(&app, "assess").len(), 1);
    });
}
