//! Ledgers, and records that are closed once something is true of them.

use super::{create, delete, in_chinese, made, patch, places};
use crate::runtime::{incidents, rows, with};
use crate::support::app::JSON;
use crate::support::on_both;
use serde_json::json;

const ENTRY: &str = "\
record: entry
title: {en: Entry, zh: 记账}
fields: {name: {type: string}, worth: {type: money}}
append_only: true
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk], delete: [role:clerk]}
";

const PAPER: &str = "\
record: paper
title: {en: Paper, zh: 文件}
fields:
  name:  {type: string}
  state: {type: enum, values: [draft, final], default: draft}
  note:  {type: text}
  upper: {type: string}
  loud:  {type: string}
derive:
  upper: {function: text/upper, in: {name: 'if name == () { \"\" } else { name }'}, value: result.upper}
  loud: {function: text/upper, in: {name: 'if note == () { \"\" } else { note }'}, value: result.upper}
immutable: {when: state == \"final\", except: [note]}
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk], delete: [role:clerk]}
";

const PLUGIN: &str = "\
plugin: text
version: 1.0.0
title: {en: Text, zh: 文本}
functions:
  upper:
    script: upper.rhai
    input: {type: object, required: [name], properties: {name: {type: string}}}
    output: {type: object, required: [upper], properties: {upper: {}}}
";

const EDIT: &str = "\
process: edit
title: {en: Edit, zh: 编辑}
input: {type: object, required: [type, id, fields], properties: {type: {type: string}, id: {type: string}, fields: {type: object}}}
nodes:
  - {id: edit, type: serviceTask, action: records.update, in: {type: type, id: id, fields: fields}}
";

const FILES: [(&str, &str); 5] = [
    ("records/entry.yaml", ENTRY),
    ("records/paper.yaml", PAPER),
    ("processes/edit.yaml", EDIT),
    ("plugins/text/plugin.yaml", PLUGIN),
    ("plugins/text/upper.rhai", "//! Capitals.\nfn upper(input) { #{upper: input.name.to_upper()} }\n"),
];

#[test]
fn an_entry_of_a_ledger_stays_as_it_is() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        let entry = made(&ann, "entry", json!({"name": "a"}));
        patch(&ann, &entry, json!({"name": "b"})).problem(409, "append_only");
        delete(&ann, &entry).problem(409, "append_only");
        let told = in_chinese(&ann, "PATCH", &entry, json!({"fields": {"name": "b"}}));
        assert_eq!(told["detail"], "entry不能修改或删除，请新建一条更正记录");
        let id = ann.start("edit", json!({"type": "entry", "id": super::id(&entry), "fields": {"name": "b"}}));
        assert_eq!(incidents(&app, &id)[0]["code"], "append_only");
        let now = ann.get(&entry).ok(200);
        assert_eq!((&now["version"], &now["fields"]["name"]), (&json!(1), &json!("a")));
        assert_eq!(rows(database, "record_history"), 1);
    });
}

#[test]
fn a_closed_record_changes_only_where_it_may() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        let paper = made(&ann, "paper", json!({"name": "a", "note": "first"}));
        // What closes it is decided by what is kept: the change that closes it is still free.
        patch(&ann, &paper, json!({"name": "b", "state": "final"})).ok(200);
        let problem = patch(&ann, &paper, json!({"name": "c", "state": "draft", "note": "x"}));
        let problem = problem.problem(409, "immutable");
        let at: Vec<String> = places(&problem).into_iter().map(|(pointer, _, _)| pointer).collect();
        assert_eq!(at, ["/fields/name", "/fields/state"]);
        assert!(problem["detail"].as_str().unwrap().ends_with("is closed to changes of name, state"), "{problem}");
        // The same value again is no change.
        let changed = patch(&ann, &paper, json!({"name": "b", "note": "second"})).ok(200);
        assert_eq!(changed["fields"]["note"], "second");
        assert_eq!(changed["fields"]["loud"], "FIRST", "computed before it was closed");
        assert_eq!(changed["fields"]["upper"], "B");
        delete(&ann, &paper).problem(409, "immutable");
        let id = ann.start("edit", json!({"type": "paper", "id": super::id(&paper), "fields": {"name": "d"}}));
        assert_eq!(incidents(&app, &id)[0]["code"], "immutable");
        let draft = made(&ann, "paper", json!({"name": "draft"}));
        delete(&ann, &draft).ok(200);
        // Born closed.
        let born = made(&ann, "paper", json!({"state": "final"}));
        patch(&ann, &born, json!({"state": "draft"})).problem(409, "immutable");
    });
}

#[test]
fn a_closed_record_is_closed_for_an_idempotent_repetition_too() {
    on_both(|database| {
        let app = with(database, &FILES);
        let ann = app.by("ann");
        let paper = made(&ann, "paper", json!({"name": "a"}));
        let headers = [JSON, ("Idempotency-Key", "close"), ("If-Match", "\"1\"")];
        let body = json!({"fields": {"state": "final"}}).to_string();
        let first = ann.send("PATCH", &paper, &headers, &body);
        let again = ann.send("PATCH", &paper, &headers, &body);
        assert_eq!((first.status, again.status), (200, 200), "{}", again.text);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(create(&ann, "paper", json!({"state": "other"})).status, 422);
    });
}
