//! Files: uploaded, attached, seen by those who may, forgotten when nobody has them.

mod attachments;
mod download;
mod sight;
mod tidy;
mod upload;

use crate::runtime::with;
use crate::support::TestDatabase;
use crate::support::app::{Answer, Caller, JSON, TestApp};
use kamflow::model::json::Json;
use serde_json::json;

/// A folder with a contract, pictures and a note deep inside.
const FOLDER: &str = "\
record: folder
title: {en: Folder, zh: 文件夹}
fields:
  name: {type: string, required: true, max: 100}
  owner: {type: user}
  contract: {type: file, max_bytes: 1000, accept: [application/pdf]}
  pictures: {type: list, of: {type: file, accept: [image/*]}}
  notes: {type: list, of: {type: map, fields: {file: {type: file}}}}
  secret: {type: file}
columns: {name: name, owner: owner}
access:
  read: [owner, role:boss]
  create: [role:clerk, role:boss]
  update: [owner, role:boss]
  fields: {secret: {read: [role:boss], update: [role:boss]}}
";

/// Is closed at once.
const SEALED: &str = "\
record: sealed
title: {en: Sealed, zh: 封存}
fields: {name: {type: string}}
append_only: true
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk]}
";

/// Puts a file that somebody uploaded on a record.
const FILE_IT: &str = "\
process: file-it
title: {en: File it, zh: 归档}
input: {type: object, properties: {file: {type: string}}}
nodes:
  - {id: do, type: serviceTask, action: records.create, in: {type: '\"folder\"', fields: '#{name: \"p\", owner: \"ann\", contract: file}'}, out: {made: result}}
";

const FILES: [(&str, &str); 3] =
    [("records/folder.yaml", FOLDER), ("records/sealed.yaml", SEALED), ("processes/file-it.yaml", FILE_IT)];

const PDF: (&str, &str) = ("Content-Type", "application/pdf");
const PLAIN: (&str, &str) = ("Content-Type", "text/plain");
const FOLDERS: &str = "/api/v1/records/folder";

fn app(database: &TestDatabase) -> TestApp {
    let app = with(database, &FILES);
    app.user("boss", &["boss"]);
    app
}

/// The beginning of a PDF, and as many bytes as are wanted.
fn pdf(bytes: usize) -> Vec<u8> {
    let mut content = b"%PDF-1.7\n".to_vec();
    content.resize(bytes.max(9), b'x');
    content
}

/// Bytes that differ wherever they are cut.
fn noise(bytes: usize) -> Vec<u8> {
    let mut state = 7_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u8::try_from(state >> 56).unwrap()
    };
    (0..bytes).map(|_| next()).collect()
}

fn upload(by: &Caller, name: &str, media: (&str, &str), content: &[u8]) -> Answer {
    by.send_bytes("POST", &format!("/api/v1/files?name={name}"), &[media], content)
}

/// Uploads a PDF; its id.
fn uploaded(by: &Caller, name: &str) -> String {
    id(&upload(by, name, PDF, &pdf(100)))
}

fn id(answer: &Answer) -> String {
    answer.ok(201)["id"].as_str().unwrap().to_owned()
}

/// A new folder; its id.
fn folder(by: &Caller, fields: Json) -> String {
    id(&by.post(FOLDERS, json!({ "fields": fields })))
}

fn patch(by: &Caller, folder: &str, fields: Json) -> Answer {
    by.send("PATCH", &format!("{FOLDERS}/{folder}"), &[JSON], &json!({ "fields": fields }).to_string())
}

/// How a look at a file is answered.
fn looks(by: &Caller, file: &str) -> u16 {
    let [shown, content] = ["", "/content"].map(|below| by.get(&format!("/api/v1/files/{file}{below}")).status);
    assert_eq!(shown, content);
    shown
}
