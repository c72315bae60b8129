//! Merging two records of a type, and undoing it: over HTTP, from a process, on two servers, and at random.

mod access;
mod closed;
mod hierarchy;
mod merge;
mod process;
mod property;
mod races;
mod undo;

use crate::runtime::with;
use crate::support::TestDatabase;
use crate::support::app::{Answer, Caller, JSON, TestApp};
use diesel::prelude::*;
use kamflow::model::json::Json;
use serde_json::json;

/// Companies, with everything that a merge has to think of.
const COMPANY: &str = "\
record: company
title: {en: Company, zh: 公司}
fields:
  name: {type: string, required: true, max: 100}
  code: {type: string, max: 40}
  phone: {type: string, max: 40}
  aliases: {type: list, of: {type: string, max: 100}}
  parent: {type: ref, record: company, acyclic: true}
  partners: {type: list, of: {type: ref, record: company}}
  owner: {type: user}
  team: {type: list, of: {type: user}}
  upper: {type: string, max: 100}
derive:
  upper: {function: text/upper, in: {name: name}, value: result.upper}
keys: [upper, aliases]
unique: [{fields: [code]}]
indexes: [[phone]]
merge: {unite: [aliases, partners], into: {name: aliases}}
columns: {name: name, owner: owner, parent: parent}
access:
  read: [owner, member(team), role:boss]
  create: [role:clerk, role:boss]
  update: [owner, member(team), role:boss]
  fields: {owner: {update: [role:boss]}}
";

/// No two of a company have the same name.
const CONTACT: &str = "\
record: contact
title: {en: Contact, zh: 联系人}
fields:
  name: {type: string, required: true, max: 100}
  phone: {type: string, max: 40}
  company: {type: ref, record: company, required: true}
unique: [{fields: [company, name]}]
indexes: [[company]]
columns: {name: name, parent: company}
access: {read: [role:boss], create: [role:clerk, role:boss], update: [role:boss]}
";

/// Names companies deep inside, and is closed when it is won.
const DEAL: &str = "\
record: deal
title: {en: Deal, zh: 交易}
fields:
  name: {type: string, required: true, max: 100}
  status: {type: enum, values: [open, won], default: open}
  payer: {type: ref, record: company}
  parties: {type: list, of: {type: map, fields: {company: {type: ref, record: company}, share: {type: int}}}}
immutable: {when: 'status == \"won\"', except: [payer]}
columns: {name: name, status: status}
access: {read: [role:boss], create: [role:boss], update: [role:boss]}
";

/// Is never changed.
const ENTRY: &str = "\
record: entry
title: {en: Entry, zh: 分录}
fields: {company: {type: ref, record: company}, points: {type: int}}
append_only: true
access: {read: ['role:clerk'], create: [role:boss]}
";

const TEXT: &str = "\
plugin: text
version: 1.0.0
title: {en: Text, zh: 文本}
functions:
  upper:
    script: upper.rhai
    input: {type: object, required: [name], properties: {name: {type: string}}}
    output: {type: object, required: [upper], properties: {upper: {type: string}}}
";

const UPPER: &str = "//! Capital letters.\nfn upper(input) { #{upper: input.name.to_upper()} }\n";

/// Holds a company over a task, then writes it; and merges two.
const HOLD: &str = "\
process: hold
title: {en: Hold, zh: 保留}
input: {type: object, properties: {company: {type: string}}}
nodes:
  - {id: do, type: userTask, candidateGroups: [boss]}
  - {id: get, type: serviceTask, action: records.get, in: {type: '\"company\"', id: company}, out: {got: result}}
  - {id: count, type: serviceTask, action: records.count, in: {type: '\"contact\"', where: '#{company: company}'}, out: {contacts: result.count}}
  - {id: set, type: serviceTask, action: records.update, in: {type: '\"company\"', id: company, fields: '#{phone: \"1\"}'}, out: {set: result}}
  - {id: add, type: serviceTask, action: records.create, in: {type: '\"contact\"', fields: '#{name: \"Late\", company: company}'}, out: {added: result}}
";

const UNITE: &str = "\
process: unite
title: {en: Unite, zh: 合并}
input: {type: object, properties: {winner: {type: string}, loser: {type: string}}}
nodes:
  - {id: do, type: serviceTask, action: records.merge, in: {type: '\"company\"', winner: winner, loser: loser, fields: '#{name: \"loser\", phone: #{value: \"7\"}}', reason: '\"one\"'}, out: {done: result}}
";

const FILES: [(&str, &str); 8] = [
    ("records/company.yaml", COMPANY),
    ("records/contact.yaml", CONTACT),
    ("records/deal.yaml", DEAL),
    ("records/entry.yaml", ENTRY),
    ("processes/hold.yaml", HOLD),
    ("processes/unite.yaml", UNITE),
    ("plugins/text/plugin.yaml", TEXT),
    ("plugins/text/upper.rhai", UPPER),
];

/// A kamflow with these types, the clerks ann and bob, and the boss.
fn app(database: &TestDatabase) -> TestApp {
    let app = with(database, &FILES);
    app.user("boss", &["boss"]);
    app
}

/// A new record; its id.
fn make(by: &Caller, record_type: &str, fields: Json) -> String {
    let made = by.post(&format!("/api/v1/records/{record_type}"), json!({ "fields": fields })).ok(201);
    made["id"].as_str().unwrap().to_owned()
}

fn at(record_type: &str, id: &str) -> String {
    format!("/api/v1/records/{record_type}/{id}")
}

fn get(by: &Caller, record_type: &str, id: &str) -> Json {
    by.get(&at(record_type, id)).ok(200)
}

fn patch(by: &Caller, record_type: &str, id: &str, fields: Json) -> Answer {
    by.send("PATCH", &at(record_type, id), &[JSON], &json!({ "fields": fields }).to_string())
}

/// Merges the loser into the winner with these choices.
fn merge(by: &Caller, winner: &str, loser: &str, fields: Json) -> Answer {
    let body = json!({"loser": loser, "fields": fields, "reason": "the same"});
    by.post(&format!("{}/merge", at("company", winner)), body)
}

fn undo(by: &Caller, record: &str, merge: &str) -> Answer {
    let path = format!("{}/merges/{merge}/undo", at("company", record));
    by.post(&path, json!({"reason": "they are two"}))
}

/// The id of the merge in an answer.
fn id_of(merged: &Answer) -> String {
    merged.ok(200)["merge"]["id"].as_str().unwrap().to_owned()
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = diesel::sql_types::Text)]
    line: String,
}

/// What the database holds of records, in words: rows without their versions, keys and index.
fn snapshot(database: &TestDatabase) -> Vec<String> {
    let queries = [
        "SELECT record_type || ' ' || id || ' ' || fields || COALESCE(' -> ' || merged_into, '') || COALESCE(owner, '') \
         || COALESCE(name, '') || COALESCE(parent, '') AS line FROM records",
        "SELECT 'key ' || record_type || ' ' || rule || ' ' || value || ' ' || record AS line FROM record_keys",
        "SELECT 'index ' || record_type || ' ' || field || ' ' || value || ' ' || record AS line FROM record_index",
    ];
    let mut conn = database.connect();
    let mut lines: Vec<String> = queries
        .iter()
        .flat_map(|query| diesel::sql_query(*query).load::<Line>(&mut conn).unwrap())
        .map(|line| line.line)
        .collect();
    lines.sort();
    lines
}
