//! Record types change while records are there: what would break is told before, names change at once, derived fields,
//! keys and index follow in a batch.

mod breaking;
mod cli;
mod derive;
mod killed;
mod merged;
mod past;
mod pinned;
mod readers;
mod rename;
mod rollback;
mod together;

use crate::runtime::{ann, at_once, deploy, deployment, map, request, with};
use crate::support::TestDatabase;
use crate::support::app::{Answer, JSON, TestApp};
use kamflow::model::json::Json;
use kamflow::runtime::request::{Change, Outcome};
use serde_json::json;

/// The path of the record type.
pub const CLIENT: &str = "records/client.yaml";

/// A client with a name that is normalised, and a code that no two share.
pub const FIRST: &str = "\
record: client
title: {en: Client, zh: 客户}
fields:
  name: {type: string, required: true, max: 100}
  code: {type: string, max: 20}
  colour: {type: enum, values: [red, green, blue]}
  size: {type: int}
  note: {type: string}
  secret: {type: string}
  above: {type: ref, record: client}
  parts: {type: list, of: {type: map, fields: {percent: {type: int}}}}
  core: {type: string, max: 200}
derive:
  core: {function: names/core, in: {name: name}, value: result.core}
keys: [core, code]
unique: [{fields: [code]}]
indexes: [[size], [code]]
columns: {name: name, status: colour}
access:
  read: [role:clerk]
  create: [role:clerk]
  update: [role:clerk]
  fields: {secret: {read: ['role:boss']}}
";

const NAMES: &str = "\
plugin: names
version: 1.0.0
title: {en: Names, zh: 名称}
functions:
  core:
    script: core.rhai
    input: {type: object, required: [name], properties: {name: {type: string}}}
    output: {type: object, required: [core], properties: {core: {type: string}}}
";

/// Small letters.
pub const SMALL: &str = "//! A name as it is compared.\nfn core(input) {\n    #{core: input.name.to_lower()}\n}\n";
/// Small letters without blanks.
pub const CLOSE: &str = "\
//! A name as it is compared.
fn core(input) {
    let core = input.name.to_lower();
    core.replace(\" \", \"\");
    #{core: core}
}
";

/// Asks for candidates by a core, then waits.
pub const FIND: &str = "\
process: find
title: {en: Find, zh: 查找}
input: {type: object, required: [core], properties: {core: {type: string}}}
nodes:
  - {id: find, type: serviceTask, action: records.candidates, in: {type: '\"client\"', keys: '#{core: core}'}, out: {found: result}}
";

/// A project with this type and this normaliser.
pub fn files<'a>(client: &'a str, script: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        (CLIENT, client),
        ("plugins/names/plugin.yaml", NAMES),
        ("plugins/names/core.rhai", script),
        ("processes/find.yaml", FIND),
    ]
}

/// A kamflow with the first type.
pub fn first(database: &TestDatabase) -> TestApp {
    with(database, &files(FIRST, SMALL))
}

/// Deploys a type with the first normaliser; it must be taken.
pub fn change(app: &TestApp, client: &str) {
    deploy(app, &files(client, SMALL));
}

/// Tries to deploy.
pub fn try_change(app: &TestApp, client: &str, script: &str) -> Answer {
    app.by("alice").post("/api/v1/deployments", deployment(&files(client, script)))
}

/// The impacts of a refused deployment: code, field, rows; and that a dry run tells the same and nothing was deployed.
pub fn refused(app: &TestApp, client: &str) -> Vec<Json> {
    let before = app.by("alice").get("/api/v1/deployments").ok(200);
    let problem = try_change(app, client, SMALL).problem(422, "breaks_records");
    let mut body = deployment(&files(client, SMALL));
    body.as_object_mut().unwrap().remove("note");
    let dry = app.by("alice").post("/api/v1/deployments/validate", body).ok(200);
    assert_eq!((&dry["valid"], &dry["impacts"]), (&json!(false), &problem["impacts"]));
    assert_eq!(app.by("alice").get("/api/v1/deployments").ok(200), before, "nothing was deployed");
    let impacts = problem["impacts"].as_array().unwrap().clone();
    let breaking = impacts.iter().filter(|impact| impact["severity"] == "error").count();
    assert_eq!(problem["errors"].as_array().unwrap().len(), breaking, "{problem}");
    impacts
}

/// A new client; its id.
pub fn client(app: &TestApp, fields: Json) -> String {
    let made = app.by("ann").post("/api/v1/records/client", json!({"fields": fields})).ok(201);
    made["id"].as_str().unwrap().to_owned()
}

/// A client as ann sees it.
pub fn get(app: &TestApp, id: &str) -> Json {
    app.by("ann").get(&format!("/api/v1/records/client/{id}")).ok(200)
}

/// Changes a client as ann.
pub fn patch(app: &TestApp, id: &str, fields: Json) -> Answer {
    let body = json!({"fields": fields}).to_string();
    app.by("ann").send("PATCH", &format!("/api/v1/records/client/{id}"), &[JSON], &body)
}

/// The ids of the clients that a filter finds.
pub fn found(app: &TestApp, filter: Json) -> Vec<String> {
    let page = app.by("ann").post("/api/v1/records/client/search", json!({"filter": filter})).ok(200);
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

/// What the candidates with this core are: how many, cut, deriving.
pub fn candidates(app: &TestApp, core: &str) -> (usize, bool, bool) {
    let id = app.by("ann").start("find", json!({"core": core}));
    let found = &crate::runtime::instance(app, &id)["variables"]["found"];
    let is = |name: &str| found[name].as_bool().unwrap();
    (found["records"].as_array().unwrap().len(), is("cut"), is("deriving"))
}

/// Brings every record to the rules of the active revision; how many were looked at.
pub fn rederive(app: &TestApp) -> i64 {
    app.wait(app.runtime.rederive()).unwrap()
}

/// One piece of it.
pub fn rederive_some(app: &TestApp) -> i64 {
    app.wait(app.runtime.rederive_some()).unwrap().0
}

/// How far the records of the client type are.
pub fn progress(app: &TestApp, number: i64) -> Json {
    let found = app.by("alice").get(&format!("/api/v1/deployments/{number}/progress")).ok(200);
    assert_eq!(found["types"].as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found["finished"], json!(found["types"][0]["finishedAt"].is_string()));
    found["types"][0].clone()
}

/// Many clients at once, with these names; their ids.
pub fn fill(app: &TestApp, names: impl Iterator<Item = String>) -> Vec<String> {
    let names: Vec<String> = names.collect();
    let mut ids = Vec::new();
    for some in names.chunks(500) {
        let requests = some.iter().map(|name| {
            let fields = map(json!({"name": name, "code": format!("C-{name}")}));
            request(ann(), Change::CreateRecord { record_type: "client".into(), fields })
        });
        for done in at_once(&app.runtime, requests.collect()) {
            match done.unwrap().outcome {
                Outcome::Record(record) => ids.push(record.record.id.0),
                other => panic!("{other:?}"),
            }
        }
    }
    ids
}

/// How many rows of a table meet a condition.
pub fn rows(database: &TestDatabase, table_where: &str) -> i64 {
    crate::runtime::rows(database, table_where)
}
