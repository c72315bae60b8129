//! Lists of tasks: found by whatever is known of them, counted, saved, and what people put beside them.

mod computed;
mod counts;
mod eligibility;
mod filters;
mod forms;
mod large;
mod papers;
mod plans;
mod sentences;
mod sight;
mod stories;

use crate::support::TestDatabase;
use crate::support::app::{Answer, Caller, TestApp};
use serde_json::{Value, json};

const PACK: &str = "\
pack: field
title: {en: Field, zh: 外勤}
version: '1.0'
roles:
  clerk: {en: Clerk, zh: 文员}
  boss: {en: Boss, zh: 主管}
";

const VISIT: &str = "\
process: visit
title: {en: Visit, zh: 拜访}
subject: customer
subjectId: customer
input:
  type: object
  properties:
    customer: {type: string}
    city: {type: string}
    size: {type: number}
    worth: {type: object}
    day: {type: string}
    urgent: {type: boolean}
    ref: {type: string}
businessKey: ref
search: [city, size, worth, day, urgent]
nodes:
  - {id: plan, type: userTask, name: {en: Plan the visit, zh: 安排客户拜访}, candidateGroups: [clerk], due: {after: P1D}}
  - {id: report, type: userTask, name: {en: Report, zh: 拜访报告}, candidateGroups: [boss], priority: 80, notSameAs: [plan]}
";

const CALL: &str = "\
process: call
title: {en: Call, zh: 致电}
input: {type: object, properties: {city: {type: string}}}
search: [city]
nodes:
  - {id: ring, type: userTask, name: {en: Ring them up, zh: 电话回访}, candidateGroups: [clerk, boss], priority: 20}
";

const CUSTOMER: &str = "\
record: customer
title: {en: Customer, zh: 客户}
fields:
  name: {type: string, required: true, max: 100}
  class: {type: enum, values: [A, B]}
  owner: {type: user}
  secret: {type: string}
indexes: [[class]]
columns: {name: name, owner: owner}
access:
  read: [owner, 'role:clerk']
  create: ['role:clerk']
  update: [owner]
  fields: {secret: {read: [owner]}}
";

/// With the definitions, ann and bob at the desk, cleo above them.
pub fn field(database: &TestDatabase) -> TestApp {
    let app = TestApp::start(database);
    let base = "workflows/field";
    let files = [("pack.yaml", PACK), ("processes/visit.yaml", VISIT), ("processes/call.yaml", CALL)];
    let files = files.into_iter().chain([("records/customer.yaml", CUSTOMER)]);
    let files: Vec<(String, &str)> = files.map(|(path, text)| (format!("{base}/{path}"), text)).collect();
    app.deploy(&files.iter().map(|(path, text)| (path.as_str(), *text)).collect::<Vec<_>>());
    app.user("ann", &["clerk"]);
    app.user("bob", &["clerk"]);
    app.user("cleo", &["boss"]);
    app.user("dan", &[]);
    app
}

/// What stands under `search.city` of each task of a page, in order.
pub fn cities(answer: &Answer) -> Vec<String> {
    let page = answer.ok(200);
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["search"]["city"].as_str().unwrap_or("-").to_owned()).collect()
}

pub fn search(caller: &Caller, filter: Value) -> Answer {
    caller.post("/api/v1/user-tasks/search", json!({"filter": filter, "sort": ["createdAt"]}))
}

/// The one open task of an instance.
pub fn open(caller: &Caller, instance: &str) -> String {
    let found = caller.get(&format!("/api/v1/user-tasks?instance={instance}&state=created&state=claimed")).ok(200);
    found["items"][0]["id"].as_str().unwrap_or_else(|| panic!("{found}")).to_owned()
}
