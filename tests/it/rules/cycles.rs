//! References that never lead back: refused with the way of the circle, also when two make it together.

use super::{create, id, in_chinese, made, patch, places};
use crate::runtime::{incidents, rows, with};
use crate::support::app::{BUSINESS, TestApp};
use crate::support::on_both;
use crate::support::threads::each;
use kamflow::api::Limits;
use kamflow::model::ids::{BusinessId, RecordId};
use kamflow::model::json::Json;
use kamflow::store::records::index_replace;
use serde_json::json;

const FIRM: &str = "\
record: firm
title: {en: Firm, zh: 企业}
fields:
  name:   {type: string, max: 50}
  owner:  {type: user}
  parent: {type: ref, record: firm, acyclic: true}
  needs:  {type: list, of: {type: map, fields: {firm: {type: ref, record: firm, acyclic: true}, note: {type: string}}}}
  above:  {type: ref, record: group, acyclic: true}
columns: {name: name, owner: owner, parent: parent}
access: {read: [owner, role:boss], create: [role:clerk], update: [owner, role:boss]}
";

const GROUP: &str = "\
record: group
title: {en: Group, zh: 集团}
fields:
  name:  {type: string, max: 50}
  above: {type: ref, record: firm, acyclic: true}
columns: {name: name}
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk]}
";

const MOVE: &str = "\
process: move
title: {en: Move, zh: 移动}
input: {type: object, required: [id, parent], properties: {id: {type: string}, parent: {type: string}}}
nodes:
  - {id: move, type: serviceTask, action: records.update, in: {type: '\"firm\"', id: id, fields: '#{parent: parent}'}}
";

const FILES: [(&str, &str); 3] =
    [("records/firm.yaml", FIRM), ("records/group.yaml", GROUP), ("processes/move.yaml", MOVE)];

fn firm(app: &TestApp, name: &str, owner: &str, parent: Option<&str>) -> String {
    made(&app.by("ann"), "firm", json!({"name": name, "owner": owner, "parent": parent.map(id)}))
}

#[test]
fn a_circle_is_refused_with_its_way_by_name() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        let a = firm(&app, "A", "ann", None);
        let b = firm(&app, "B", "ann", Some(&a));
        let c = firm(&app, "C", "ann", Some(&b));
        let problem = patch(&ann, &a, json!({"parent": id(&c)})).problem(422, "cycle");
        assert_eq!(problem["detail"], "the record would stand above itself: A > C > B > A");
        assert_eq!(places(&problem)[0].0, "/fields/parent");
        let way: Vec<&Json> = problem["present"]["path"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        assert_eq!(way, [id(&a), id(&c), id(&b), id(&a)].map(|id| json!(id)).iter().collect::<Vec<_>>());
        let problem = patch(&ann, &a, json!({"parent": id(&a)})).problem(422, "cycle");
        assert_eq!(problem["detail"], "the record would stand above itself: A > A");
        let told = in_chinese(&ann, "PATCH", &a, json!({"fields": {"parent": id(&b)}}));
        assert_eq!(told["detail"], "记录将成为自己的上级：A > B > A");
        let started = ann.start("move", json!({"id": id(&a), "parent": id(&c)}));
        assert_eq!(incidents(&app, &started)[0]["code"], "cycle");
        let now = ann.get(&a).ok(200);
        assert_eq!((&now["version"], &now["fields"]["parent"]), (&json!(1), &Json::Null), "nothing was written");
        // What is no circle may move: C to the top, then A below it.
        patch(&ann, &c, json!({"parent": null})).ok(200);
        patch(&ann, &a, json!({"parent": id(&c)})).ok(200);
    });
}

#[test]
fn who_may_not_see_a_record_is_not_told_its_name() {
    on_both(|database| {
        let app = with(database, &FILES);
        let a = firm(&app, "A", "ann", None);
        let b = firm(&app, "Secret", "ann", Some(&a));
        app.user("boss", &["boss"]);
        patch(&app.by("boss"), &b, json!({"owner": "bob"})).ok(200);
        let c = made(&app.by("ann"), "firm", json!({"name": "C", "owner": "ann", "parent": id(&b)}));
        let problem = patch(&app.by("ann"), &a, json!({"parent": id(&c)})).problem(422, "cycle");
        assert_eq!(problem["detail"], "the record would stand above itself: A > C > … > A");
        assert!(!problem.to_string().contains("Secret") && !problem.to_string().contains(id(&b)), "{problem}");
        let problem = patch(&app.by("boss"), &a, json!({"parent": id(&c)})).problem(422, "cycle");
        assert_eq!(problem["detail"], "the record would stand above itself: A > C > Secret > A");
    });
}

#[test]
fn circles_through_lists_and_other_types_are_found() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        let [a, b, c, d] = ["A", "B", "C", "D"].map(|name| firm(&app, name, "ann", None));
        let needs = |of: &str, firms: &[&String]| {
            let entries: Vec<Json> = firms.iter().map(|firm| json!({"firm": id(firm), "note": "x"})).collect();
            patch(&ann, of, json!({ "needs": entries }))
        };
        needs(&a, &[&b, &c]).ok(200);
        needs(&b, &[&d]).ok(200);
        needs(&c, &[&d]).ok(200);
        let problem = needs(&d, &[&a]).problem(422, "cycle");
        let said = problem["detail"].as_str().unwrap().to_owned();
        assert!(said.ends_with("D > A > B > D") || said.ends_with("D > A > C > D"), "{said}");
        // Another field is another hierarchy.
        patch(&ann, &d, json!({"parent": id(&a)})).ok(200);

        let group = made(&ann, "group", json!({"name": "G", "above": id(&a)}));
        let problem = patch(&ann, &a, json!({"above": id(&group)})).problem(422, "cycle");
        assert_eq!(problem["detail"], "the record would stand above itself: A > G > A");
        patch(&ann, &b, json!({"above": id(&group)})).ok(200);
        let problem = patch(&ann, &group, json!({"above": id(&b)})).problem(422, "cycle");
        assert_eq!(problem["detail"], "the record would stand above itself: G > B > G");
    });
}

#[test]
fn two_that_make_a_circle_together_do_not_both_succeed() {
    on_both(|database| {
        let app = with(database, &FILES);
        let other = TestApp::open(database, Limits::default());
        let nodes = [&app, &other];
        for round in 0..8 {
            let [a, b, c] = ["A", "B", "C"].map(|name| firm(&app, &format!("{name}{round}"), "ann", None));
            let moves = [(&a, &b), (&b, &c), (&c, &a)];
            let answers = each(3, |n| {
                let (from, to) = moves[n];
                patch(&nodes[(n + round) % 2].by("ann"), from, json!({"parent": id(to)}))
            });
            let refused: Vec<u16> = answers.iter().map(|one| one.status).filter(|status| *status != 200).collect();
            assert_eq!(refused, [422], "two of three stand, the third would close the circle");
        }
    });
}

#[test]
fn a_hierarchy_that_is_too_deep_is_refused_and_not_followed_for_ever() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        let low = firm(&app, "low", "ann", None);
        // A chain of a thousand records that only the index knows, and a circle from before there was a rule.
        let link = |from: usize, to: usize, name: &str| {
            (RecordId(format!("{name}{from:04}")), vec![("parent".to_owned(), format!("{name}{to:04}"))])
        };
        let chain = (0..1_000).map(|n| link(n, n + 1, "chain"));
        let all: Vec<_> = chain.chain([link(0, 1, "old"), link(1, 0, "old")]).collect();
        let all: Vec<(&RecordId, _)> = all.iter().map(|(id, entries)| (id, entries.clone())).collect();
        index_replace(&mut database.connect(), &BusinessId::from(BUSINESS), "firm", &all).unwrap();
        let columns = "business, record_type, id, fields, version, created_at, created_by, updated_at, updated_by";
        for name in ["chain0000", "chain0002", "old0000"] {
            let row = format!("SELECT business, record_type, '{name}', '{{}}', 1, 0, 'x', 0, 'x' FROM records LIMIT 1");
            super::model::sql(database, &format!("INSERT INTO records ({columns}) {row}"));
        }
        patch(&ann, &low, json!({"parent": "chain0000"})).problem(422, "hierarchy_too_deep");
        patch(&ann, &low, json!({"parent": "old0000"})).problem(422, "hierarchy_too_deep");
        patch(&ann, &low, json!({"parent": "chain0002"})).ok(200);
        assert_eq!(create(&ann, "firm", json!({"name": "new", "owner": "ann", "parent": "chain0000"})).status, 201);
        assert_eq!(rows(database, "records"), 5);
    });
}
