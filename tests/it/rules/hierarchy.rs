//! Records above and below one: nearest first, page by page, and only those that the caller may see.

use super::{id, made, patch};
use crate::runtime::{incidents, instance, with};
use crate::support::app::{Caller, TestApp};
use crate::support::on_both;
use kamflow::model::json::Json;
use serde_json::json;

const FIRM: &str = "\
record: firm
title: {en: Firm, zh: 企业}
fields:
  name:   {type: string, max: 50}
  owner:  {type: user}
  parent: {type: ref, record: firm, acyclic: true}
columns: {name: name, owner: owner, parent: parent}
access: {read: [owner, role:boss], create: [role:clerk], update: [owner]}
";

const FLAT: &str = "\
record: flat
title: {en: Flat, zh: 平}
fields: {name: {type: string}, firm: {type: ref, record: firm}}
columns: {parent: firm}
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk]}
";

const ROLL_UP: &str = "\
process: roll-up
title: {en: Roll up, zh: 汇总}
input: {type: object, required: [type, id], properties: {type: {type: string}, id: {type: string}, depth: {type: integer}}}
nodes:
  - {id: up, type: serviceTask, action: records.ancestors, in: {type: type, id: id}, out: {up: result}}
  - {id: down, type: serviceTask, action: records.descendants, in: {type: type, id: id, depth: 'if is_def_var(\"depth\") { depth } else { () }', most: 3}, out: {down: result}}
  - {id: wait, type: userTask, candidateGroups: [clerk]}
";

const FILES: [(&str, &str); 3] =
    [("records/firm.yaml", FIRM), ("records/flat.yaml", FLAT), ("processes/roll-up.yaml", ROLL_UP)];

fn firm(app: &TestApp, name: &str, owner: &str, parent: Option<&String>) -> String {
    let made =
        made(&app.by("ann"), "firm", json!({"name": name, "owner": "ann", "parent": parent.map(|path| id(path))}));
    if owner != "ann" {
        patch(&app.by("ann"), &made, json!({ "owner": owner })).ok(200);
    }
    made
}

/// A tree: top > (left > (deep > deeper), right).
fn tree(app: &TestApp, left_owner: &str) -> [String; 5] {
    let top = firm(app, "top", "ann", None);
    let left = firm(app, "left", "ann", Some(&top));
    let right = firm(app, "right", "ann", Some(&top));
    let deep = firm(app, "deep", "ann", Some(&left));
    let deeper = firm(app, "deeper", "ann", Some(&deep));
    if left_owner != "ann" {
        patch(&app.by("ann"), &left, json!({ "owner": left_owner })).ok(200);
    }
    [top, left, right, deep, deeper]
}

fn names(by: &Caller, path: &str) -> (Vec<String>, Json, Json) {
    let page = by.get(path).ok(200);
    let name = |item: &Json| item["fields"]["name"].as_str().unwrap().to_owned();
    (page["items"].as_array().unwrap().iter().map(name).collect(), page["total"].clone(), page["next"].clone())
}

#[test]
fn the_nearest_come_first_page_by_page() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        let [top, left, right, _, deeper] = tree(&app, "ann");
        firm(&app, "elsewhere", "ann", None);
        assert_eq!(names(&ann, &format!("{deeper}/ancestors")).0, ["deep", "left", "top"]);
        assert_eq!(names(&ann, &format!("{top}/ancestors")), (vec![], json!(0), Json::Null));
        assert_eq!(names(&ann, &format!("{right}/descendants")), (vec![], json!(0), Json::Null));
        let (all, total, _) = names(&ann, &format!("{top}/descendants"));
        assert_eq!((&all[2..], total), (&["deep".to_owned(), "deeper".to_owned()][..], json!(4)));
        for (depth, number) in [(1, 2), (2, 3), (3, 4), (1_000, 4)] {
            assert_eq!(names(&ann, &format!("{top}/descendants?depth={depth}")).1, number);
        }
        let (mut paged, mut cursor) = (Vec::new(), String::new());
        loop {
            let (page, total, next) = names(&ann, &format!("{top}/descendants?limit=1{cursor}"));
            assert_eq!((page.len(), total), (1, json!(4)));
            paged.extend(page);
            let Some(next) = next.as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(paged, all);
        assert_eq!(names(&ann, &format!("{left}/descendants")).0, ["deep", "deeper"]);
        for (query, code) in
            [("depth=0", 422), ("depth=many", 422), ("depth=1001", 422), ("cursor=x", 422), ("limit=0", 400)]
        {
            assert_eq!(ann.get(&format!("{top}/descendants?{query}")).status, code, "{query}");
        }
        ann.get("/api/v1/records/firm/nobody/ancestors").problem(404, "not_found");
    });
}

#[test]
fn who_is_hidden_in_between_is_stepped_over() {
    on_both(|database| {
        let app = with(database, &FILES);
        app.user("boss", &["boss"]);
        let [top, left, _, deep, deeper] = tree(&app, "bob");
        let ann = app.by("ann");
        let below = ann.get(&format!("{top}/descendants"));
        assert_eq!(
            names(&ann, &format!("{top}/descendants")),
            (vec_of(&["right", "deep", "deeper"]), json!(3), Json::Null)
        );
        assert!(!below.text.contains("left"), "{}", below.text);
        assert_eq!(names(&ann, &format!("{top}/descendants?depth=1")).0, ["right"]);
        assert_eq!(names(&ann, &format!("{deeper}/ancestors")).0, ["deep", "top"]);
        ann.get(&format!("{left}/descendants")).problem(404, "not_found");
        assert_eq!(names(&app.by("bob"), &format!("{left}/descendants")), (vec![], json!(0), Json::Null));
        assert_eq!(names(&app.by("boss"), &format!("{deep}/ancestors")).0, ["left", "top"]);
    });
}

#[test]
fn a_process_rolls_up_what_is_below() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        let [_, left, _, deep, deeper] = tree(&app, "bob");
        firm(&app, "last", "ann", Some(&deeper));
        let started = ann.start("roll-up", json!({"type": "firm", "id": id(&left)}));
        let variables = instance(&app, &started)["variables"].clone();
        let line = |one: &Json| (one["fields"]["name"].clone(), one["depth"].clone());
        let lines = |name: &str| variables[name]["records"].as_array().unwrap().iter().map(line).collect::<Vec<_>>();
        assert_eq!(lines("up"), [(json!("top"), json!(1))]);
        assert_eq!(lines("down"), [(json!("deep"), json!(1)), (json!("deeper"), json!(2)), (json!("last"), json!(3))]);
        assert_eq!((&variables["up"]["cut"], &variables["down"]["cut"]), (&json!(false), &json!(false)));
        firm(&app, "one more", "ann", Some(&deep));
        let started = ann.start("roll-up", json!({"type": "firm", "id": id(&left)}));
        assert_eq!(instance(&app, &started)["variables"]["down"]["cut"], true);

        let flat = made(&ann, "flat", json!({"name": "f", "firm": id(&left)}));
        ann.get(&format!("{flat}/descendants")).problem(422, "no_hierarchy");
        let started = ann.start("roll-up", json!({"type": "flat", "id": id(&flat)}));
        assert_eq!(incidents(&app, &started)[0]["code"], "no_hierarchy");
        let started = ann.start("roll-up", json!({"type": "firm", "id": "nobody"}));
        assert_eq!(incidents(&app, &started)[0]["code"], "not_found");
    });
}

fn vec_of(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
