//! Who reads and changes what of records: fields, owners, documents of processes, and nothing told on the side.

mod creating;
mod fields;
mod masks;
mod naive;
mod owner;
mod property;
mod sales;
mod satisfiable;
mod sides;
mod world;

use crate::runtime::with;
use crate::support::TestDatabase;
use crate::support::app::{Answer, BUSINESS, Caller, JSON, TestApp};
use kamflow::model::authority::Limits;
use kamflow::model::directory::{Period, Unit, UnitKind};
use kamflow::model::json::Json;
use kamflow::model::text::Text;
use kamflow::model::window::Window;
use kamflow::runtime::request::Change;
use serde_json::json;

/// Owned by one person; what is secret is for the owner and those above, and so is what is computed from it, except the
/// band, which its author lets everybody read.
const ACCOUNT: &str = "\
record: account
title: {en: Account, zh: 账户}
fields:
  name: {type: string, required: true, max: 100}
  owner: {type: user}
  team: {type: list, of: {type: map, fields: {user: {type: user}, part: {type: string}}}}
  note: {type: string, max: 100, search: true}
  secret: {type: string, max: 50, search: true}
  score: {type: int}
  grade: {type: string}
  shout: {type: string}
  band: {type: string}
derive:
  grade: {function: text/grade, in: {score: score}, value: result.text}
  shout: {function: text/shout, in: {text: '`${name} ${grade}`'}, value: result.text}
  band: {function: text/band, in: {score: score}, value: result.text}
keys: [note]
unique: [{fields: [secret]}]
indexes: [[secret], [score], [note]]
columns: {name: name, owner: owner}
access:
  read: [owner, superior(owner), member(team), 'role:boss']
  create: ['role:clerk']
  update: [owner, member(team)]
  delete: ['role:boss']
  fields:
    owner: {update: [superior(owner)]}
    secret: {read: [owner, superior(owner)]}
    score: {read: [owner, superior(owner)]}
    band: {read: [anyone]}
";

const TEXT: &str = "\
plugin: text
version: 1.0.0
title: {en: Text, zh: 文本}
functions:
  grade: {script: text.rhai, input: {type: object}, output: {type: object}}
  shout: {script: text.rhai, input: {type: object}, output: {type: object}}
  band: {script: text.rhai, input: {type: object}, output: {type: object}}
";

const TEXT_SCRIPT: &str = "\
//! Words for numbers.
fn grade(input) { #{text: if input.score == () { () } else { `grade ${input.score}` }} }
fn shout(input) { #{text: input.text.to_upper()} }
fn band(input) { #{text: if input.score == () { () } else if input.score > 50 { \"high\" } else { \"low\" }} }
";

const ACCOUNTS: &str = "/api/v1/records/account";

/// ann and bob are clerks; mia stands above ann, nick above bob, root above both; boss has the role.
fn app(database: &TestDatabase, more: &[(&str, &str)]) -> TestApp {
    let mut files = vec![
        ("records/account.yaml", ACCOUNT),
        ("plugins/text/plugin.yaml", TEXT),
        ("plugins/text/text.rhai", TEXT_SCRIPT),
    ];
    files.extend(more);
    let app = with(database, &files);
    for (login, roles) in [("mia", &[][..]), ("nick", &[]), ("root", &[]), ("boss", &["boss"]), ("eve", &["clerk"])] {
        app.user(login, roles);
    }
    app.change(
        BUSINESS,
        Change::PutUnit(Unit {
            id: "u".into(),
            parent: None,
            title: Text::same("Unit"),
            kind: UnitKind::Team,
            version: 0,
        }),
    );
    for (id, user, manager) in [
        ("top", "root", None),
        ("north", "mia", Some("top")),
        ("south", "nick", Some("top")),
        ("desk-a", "ann", Some("north")),
        ("desk-b", "bob", Some("south")),
    ] {
        seat(&app, id, Some(user), manager, Window::ALWAYS);
    }
    app
}

fn seat(app: &TestApp, id: &str, user: Option<&str>, manager: Option<&str>, window: Window) {
    let (user, manager) = (user.map(Into::into), manager.map(Into::into));
    let (unit, title, limits) = ("u".into(), "Seat".into(), Limits::new());
    let period = Period { window, unit, title, user, manager, limits };
    app.change(BUSINESS, Change::PutPosition { id: id.into(), period });
}

/// An account of ann with everything in it; its path.
fn account(app: &TestApp) -> String {
    let fields = json!({"name": "Line 4", "owner": "ann", "note": "n", "secret": "tulip", "score": 70,
        "team": [{"user": "bob", "part": "presales"}]});
    let made = app.by("ann").post(ACCOUNTS, json!({"fields": fields})).ok(201);
    format!("{ACCOUNTS}/{}", made["id"].as_str().unwrap())
}

/// Another account type in place of the first.
fn redeploy(app: &TestApp, account: &str) {
    let files = [
        ("records/account.yaml", account),
        ("plugins/text/plugin.yaml", TEXT),
        ("plugins/text/text.rhai", TEXT_SCRIPT),
    ];
    crate::runtime::deploy(app, &files);
}

fn patch(by: &Caller, path: &str, fields: Json) -> Answer {
    by.send("PATCH", path, &[JSON], &json!({"fields": fields}).to_string())
}

/// The names of the fields that a record shows.
fn shown(record: &Json) -> Vec<&str> {
    let mut names: Vec<&str> = record["fields"].as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

/// Where a refusal points.
fn pointers(problem: &Json) -> Vec<&str> {
    problem["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}
