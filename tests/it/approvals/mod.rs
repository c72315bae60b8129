//! Approvals over HTTP: levels, votes and their digest, who may not have a say, and many who vote at once.

mod adding;
mod authority;
mod clock;
mod digest;
mod duties;
mod held;
mod races;
mod reapproval;
mod records;
mod story;

use crate::runtime;
use crate::support::TestDatabase;
use crate::support::app::{Answer, TestApp};
use serde_json::{Value, json};

/// Ann asks, ben stands above her, carl above him; the board and finance have a say when it is much.
const PEOPLE: [(&str, &[&str]); 8] = [
    ("ann", &["clerk"]),
    ("ben", &["clerk", "boss"]),
    ("carl", &["boss"]),
    ("dora", &["board"]),
    ("eva", &["board"]),
    ("finn", &["board", "cfo"]),
    ("gus", &["finance"]),
    ("zoe", &["clerk"]),
];

const PACK: &str = "\
pack: work
title: {en: Work, zh: 工作}
version: '1.0'
roles:
  clerk: {en: Clerk, zh: 文员}
  boss: {en: Boss, zh: 主管}
  board: {en: Board, zh: 董事会}
  cfo: {en: Head of finance, zh: 财务总监}
  finance: {en: Finance, zh: 财务}
";

/// Four levels: the superior, all of finance, two of the board with a veto, one of the heads.
const SPEND: &str = "\
process: spend
title: {en: Spend, zh: 支出}
input: {type: object, required: [amount, what], properties: {amount: {type: integer}, what: {type: string}, note: {type: string}}}
nodes:
  - {id: draft, type: userTask, candidateGroups: [clerk], form: amount}
  - id: approve
    type: approval
    name: {en: Approve the spending, zh: 支出审批}
    of: [amount, what]
    levels:
      - {approvers: superior(\"ann\"), mode: any}
      - {if: amount > 1000, approvers: role(\"finance\"), mode: all}
      - {if: amount > 10000, approvers: role(\"board\"), mode: {quorum: 2, veto: [cfo]}}
      - {if: amount > 10000, approvers: role(\"boss\"), mode: any}
    notSameAs: [submitter, draft]
    returns: [draft]
    outcomes: {approved: pay, rejected: end, returned: draft}
  - {id: pay, type: scriptTask, set: {paid: true}}
";

const FORM: &str = "\
form: amount
title: {en: Amount, zh: 金额}
schema: {type: object, properties: {amount: {type: integer}}}
labels: {amount: {en: Amount, zh: 金额}}
";

/// The people with their hierarchy, and the process.
fn company(database: &TestDatabase) -> TestApp {
    let app = TestApp::start(database);
    for (login, roles) in PEOPLE {
        app.user(login, roles);
    }
    app.hierarchy(&[("carl", None), ("ben", Some("carl")), ("ann", Some("ben")), ("zoe", Some("ben"))]);
    let files = [
        ("workflows/work/pack.yaml", PACK),
        ("workflows/work/processes/spend.yaml", SPEND),
        ("workflows/work/forms/amount.yaml", FORM),
    ];
    app.deploy(&files);
    app
}

/// Ann has written down what she wants to spend, and asks for it.
fn asked(app: &TestApp, amount: i64) -> String {
    let ann = app.by("ann");
    let instance = ann.start("spend", json!({"amount": amount, "what": "a fair"}));
    runtime::finish(&ann, &instance, json!({})).ok(200);
    instance
}

/// The approval of an instance, as somebody sees it.
fn approval(app: &TestApp, login: &str, instance: &str) -> Value {
    let found = app.by(login).get(&format!("/api/v1/approvals?instance={instance}")).ok(200);
    found["items"][0].clone()
}

/// Votes with the task of somebody, on what that person sees.
fn vote(app: &TestApp, login: &str, instance: &str, decision: &str) -> Answer {
    let (task, digest) = seat(app, login, instance);
    send(app, login, &task, json!({"decision": decision, "digest": digest, "reason": "as discussed"}))
}

/// The open vote of somebody, and the digest of what it is about.
fn seat(app: &TestApp, login: &str, instance: &str) -> (String, String) {
    let found = app.by(login).get(&format!("/api/v1/user-tasks?instance={instance}&assignee={login}&state=claimed"));
    let task = found.ok(200)["items"][0].clone();
    let digest = approval(app, login, instance)["digest"].as_str().expect("an approval").to_owned();
    (task["id"].as_str().expect("an open vote").to_owned(), digest)
}

fn send(app: &TestApp, login: &str, task: &str, body: Value) -> Answer {
    app.by(login).post(&format!("/api/v1/user-tasks/{task}/decide"), body)
}
