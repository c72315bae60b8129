//! Files in and out: what comes in goes the way of every request, what goes out comes back the same.

mod chunks;
mod dry_run;
mod exports;
mod files;
mod mappings;
mod resumed;
mod round_trip;
mod starts;
mod updates;

use crate::support::TestDatabase;
use crate::support::app::{Answer, BUSINESS, Caller, TestApp};
use kamflow::model::json::Json;

/// A pack with two roles.
const PACK: &str = "\
pack: desk
version: 1.0.0
title: {en: Desk, zh: 柜台}
roles: {clerk: {en: Clerk, zh: 职员}, boss: {en: Boss, zh: 主管}, outsider: {en: Outsider, zh: 外人}}
";

/// Parts in a store: a unique code, a derived field, a check of references, a personal field.
const PART: &str = "\
record: part
title: {en: Part, zh: 零件}
fields:
  name: {type: string, required: true, max: 40, title: {en: Name, zh: 名称}}
  code: {type: string, max: 20, title: {en: Code, zh: 编码}}
  colour: {type: enum, values: [red, green, blue], default: red}
  amount: {type: int}
  price: {type: money}
  share: {type: percent}
  weight: {type: decimal}
  fragile: {type: bool}
  made_on: {type: date}
  seen_at: {type: datetime}
  tags: {type: list, of: {type: string, max: 40}}
  sizes: {type: list, of: {type: int}}
  maker: {type: map, fields: {name: {type: string, max: 40}, city: {type: string, max: 40}, phones: {type: list, of: {type: string, max: 40}}}}
  owner: {type: user}
  parent: {type: ref, record: part}
  extra: {type: json}
  upper: {type: string, max: 80}
derive:
  upper: {function: text/upper, in: {name: name}, value: result.upper}
keys: [name]
unique: [{fields: [code]}]
columns: {owner: owner, name: name}
indexes: [[colour]]
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk]}
";

/// Seen by its owner; telephones are personal, and one field is for bosses.
const PERSON: &str = "\
record: person
title: {en: Person, zh: 联系人}
fields:
  name: {type: string, required: true, max: 40}
  phone: {type: string, max: 40, personal: true}
  owner: {type: user}
  grade: {type: string, max: 10}
columns: {owner: owner}
access:
  read: [owner, role:boss]
  create: [role:clerk, role:boss]
  update: [owner, role:boss]
  fields: {grade: {read: [role:boss]}}
";

const UPPER: &str = "\
plugin: text
version: 1.0.0
title: {en: Text, zh: 文本}
functions:
  upper:
    script: upper.rhai
    input: {type: object, required: [name], properties: {name: {type: string}}}
    output: {type: object, required: [upper], properties: {upper: {type: string}}}
  size:
    script: upper.rhai
    input: {type: object, required: [amount], properties: {amount: {type: integer}}}
    output: {type: object, required: [size], properties: {size: {enum: [small, large]}, note: {type: string}}}
";

const UPPER_SCRIPT: &str = "\
//! Capital letters, and what is large.
fn upper(input) { #{upper: input.name.to_upper()} }
fn size(input) { if input.amount > 9 { #{size: \"large\", note: \"many\"} } else { #{size: \"small\", note: \"few\"} } }
";

/// Every delivery is sized; a large one waits for a person.
const DELIVERY: &str = "\
process: delivery
title: {en: Delivery, zh: 交付}
starters: [clerk]
input:
  type: object
  required: [id, name, amount]
  properties:
    id: {type: string}
    name: {type: string, minLength: 1}
    amount: {type: integer}
    colour: {enum: [red, green]}
    price: {type: object, required: [amount, currency], properties: {amount: {type: string}, currency: {type: string}}}
    maker: {type: object, properties: {name: {type: string}, phones: {type: array, items: {type: string}}}}
  additionalProperties: false
businessKey: id
uniqueness: forever
nodes:
  - {id: keep, type: serviceTask, action: records.create, in: {type: '\"part\"', fields: '#{name: name, code: id}'}}
  - {id: judge, type: businessRuleTask, decision: text/size, in: {amount: amount}, out: {size: result.size}}
  - id: which
    type: exclusiveGateway
    flows:
      - {if: size == \"large\", to: look}
      - {to: done}
  - {id: look, type: userTask, candidateGroups: [boss], next: done}
  - {id: done, type: endEvent}
";

/// The columns of somebody else's list.
const MAPPING: &str = "\
mapping: store-list
record: part
encoding: gb18030
delimiter: ';'
trim: true
columns:
  零件: name
  编码: {field: code}
  颜色: {field: colour, values: {红: red, 绿: green}}
  易碎: {field: fragile, values: {是: true, 否: false}}
  日期: {field: made_on, format: '%Y/%m/%d'}
  时间: {field: seen_at, format: '%Y/%m/%d %H:%M'}
  金额: price.amount
  标签: {field: tags, separator: '、'}
constants: {price.currency: CNY, maker.city: 上海}
ignore: [备注]
";

const FILES: [(&str, &str); 7] = [
    ("workflows/desk/pack.yaml", PACK),
    ("workflows/desk/records/part.yaml", PART),
    ("workflows/desk/records/person.yaml", PERSON),
    ("workflows/desk/processes/delivery.yaml", DELIVERY),
    ("workflows/desk/mappings/store-list.yaml", MAPPING),
    ("plugins/text/plugin.yaml", UPPER),
    ("plugins/text/upper.rhai", UPPER_SCRIPT),
];

const CSV: (&str, &str) = ("Content-Type", "text/csv");
const LINES: (&str, &str) = ("Content-Type", "application/x-ndjson");
const PARTS: &str = "/api/v1/records/part";

/// The desk with a clerk, a boss and an outsider.
fn desk(database: &TestDatabase) -> TestApp {
    let app = TestApp::start(database);
    app.deploy(&FILES);
    app.user("ann", &["clerk"]);
    app.user("bea", &["boss"]);
    app.user("tom", &["outsider"]);
    app
}

/// What an import answered, line by line.
struct Imported {
    lines: Vec<Json>,
}

/// Sends a CSV file to be imported as parts.
fn import(by: &Caller, query: &str, file: &str) -> Imported {
    imported(&by.send("POST", &format!("{PARTS}/import{query}"), &[CSV], file))
}

/// The lines of an answer.
fn imported(answer: &Answer) -> Imported {
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/x-ndjson"), "{}", answer.text);
    let lines: Vec<Json> = answer.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let last = lines.last().unwrap();
    assert!(last.get("summary").is_some() || last.get("stopped").is_some(), "{last}");
    Imported { lines }
}

impl Imported {
    /// Created, updated, unchanged and refused, of an import that came to its end.
    fn counts(&self) -> [i64; 4] {
        let summary = self.summary();
        ["created", "updated", "unchanged", "refused"].map(|name| summary[name].as_i64().unwrap())
    }

    fn summary(&self) -> &Json {
        let last = self.lines.last().unwrap();
        last.get("summary").unwrap_or_else(|| panic!("the import stopped: {last}"))
    }

    fn stopped(&self) -> &Json {
        let last = self.lines.last().unwrap();
        last.get("stopped").unwrap_or_else(|| panic!("the import did not stop: {last}"))
    }

    /// Line, pointer, code and sentence of everything that was refused.
    fn refused(&self) -> Vec<(i64, String, String, String)> {
        let text = |value: &Json| value.as_str().unwrap().to_owned();
        let rows = self.lines.iter().filter_map(|line| line.get("refused"));
        rows.flat_map(|row| {
            let line = row["line"].as_i64().unwrap();
            let errors = row["errors"].as_array().unwrap();
            match errors.as_slice() {
                [] => vec![(line, String::new(), text(&row["code"]), text(&row["detail"]))],
                errors => errors
                    .iter()
                    .map(|error| (line, text(&error["pointer"]), text(&error["code"]), text(&error["detail"])))
                    .collect(),
            }
        })
        .collect()
    }

    /// Line, pointer and code of everything that was refused.
    fn codes(&self) -> Vec<(i64, String, String)> {
        self.refused().into_iter().map(|(line, pointer, code, _)| (line, pointer, code)).collect()
    }
}

/// The fields of all parts, in the order in which they were made.
fn parts(by: &Caller) -> Vec<Json> {
    let page = by.get(&format!("{PARTS}?limit=500")).ok(200);
    page["items"].as_array().unwrap().iter().map(|part| part["fields"].clone()).collect()
}

/// The names of all parts, in the order in which they were made.
fn names(by: &Caller) -> Vec<String> {
    parts(by).iter().map(|part| part["name"].as_str().unwrap().to_owned()).collect()
}

/// A second business with the same definitions.
fn second_business(app: &TestApp, id: &str) {
    let business = kamflow::model::ids::BusinessId::from(id);
    let title = kamflow::model::text::Text::same(id);
    app.wait(kamflow::server::first_run::create_business(&app.runtime, &business, title)).unwrap();
    let files = FILES.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    app.wait(kamflow::server::folders::deploy(&app.runtime, &business, files, "test")).unwrap();
    app.user_of(id, "ann", &["clerk"]);
    assert_ne!(id, BUSINESS);
}
