//! One kamflow on SQLite with alice at the desk: for what is the same on both databases. And the definitions that all
//! tests of the API deploy.

use crate::support::app::{Answer, BUSINESS, CHINESE, JSON, TestApp};
use crate::support::{TestDatabase, sqlite};
use kamflow::api::Limits;
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::time::Timestamp;
use kamflow::runtime::request::Change;
use serde_json::json;

/// The password of alice.
pub const PASSWORD: &str = "correct horse";
/// The roles of alice.
pub const ALICE: [&str; 5] = ["admin", "process_admin", "operator", "desk", "job_worker"];

/// Alice, before a running kamflow.
pub struct Desk {
    pub app: TestApp,
    // Gone after the application.
    pub database: TestDatabase,
    alice: String,
}

impl Desk {
    /// The same database and alice, before another kamflow.
    pub fn before(self, open: impl FnOnce(&TestDatabase) -> TestApp) -> Desk {
        let app = open(&self.database);
        Desk { app, ..self }
    }

    /// With the definitions `trip` deployed.
    pub fn start() -> Desk {
        Desk::with(Limits::default())
    }

    /// With these limits.
    pub fn with(limits: Limits) -> Desk {
        let database = sqlite();
        drop(TestApp::start(&database));
        Desk::on(TestApp::open(&database, limits), database)
    }

    /// On a kamflow of one's own.
    pub fn on(app: TestApp, database: TestDatabase) -> Desk {
        deploy(&app);
        let alice = format!("Bearer {}", app.token(BUSINESS, "alice", None));
        Desk { app, database, alice }
    }

    /// The header of alice, who has every scope and role.
    pub fn alice(&self) -> (&'static str, &str) {
        ("Authorization", &self.alice)
    }

    /// The value of the header of somebody with these roles.
    pub fn bearer(&self, login: &str, roles: &[&str]) -> String {
        self.app.user(login, roles);
        format!("Bearer {}", self.app.token(BUSINESS, login, None))
    }

    /// GET as alice.
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[self.alice()], "")
    }

    /// POST JSON as alice.
    pub fn post(&self, path: &str, body: Json) -> Answer {
        self.post_text(path, &body.to_string())
    }

    /// Sends text as JSON, exactly as it stands.
    pub fn post_text(&self, path: &str, body: &str) -> Answer {
        self.send("POST", path, &[self.alice(), JSON], body)
    }

    /// POST JSON as alice, who reads Chinese today.
    pub fn in_chinese(&self, method: &str, path: &str, body: Json) -> Answer {
        self.send(method, path, &[self.alice(), JSON, CHINESE], &body.to_string())
    }

    /// Sends anything.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.app.send(method, path, headers, body)
    }

    /// A new trip; the path of its task.
    pub fn task(&self) -> String {
        task(&self.app, "trip", "Berlin")
    }
}

/// Deploys `trip` for business `main`, and gives alice a password and the desk.
pub fn deploy(app: &TestApp) {
    let files = files("trip", "customer");
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    app.deploy(&files);
    app.user("alice", &ALICE);
    password(app, "alice", &ALICE);
}

/// Sets the password of a user of business `main`.
pub fn password(app: &TestApp, login: &str, roles: &[&str]) {
    let user = kamflow::model::directory::User {
        id: login.into(),
        name: login.to_owned(),
        active: true,
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        attributes: JsonMap::new(),
        created_at: Timestamp::default(),
        version: 0,
    };
    app.change(BUSINESS, Change::PutUser { user, password: Some(PASSWORD.into()) });
}

/// Starts a process that begins with a task; the path of the task.
pub fn task(app: &TestApp, process: &str, name: &str) -> String {
    let alice = app.by("alice");
    let instance = alice.start(process, json!({ "name": name }));
    let tasks = alice.get(&format!("/api/v1/user-tasks?instance={instance}")).ok(200);
    format!("/api/v1/user-tasks/{}", tasks["items"][0]["id"].as_str().unwrap())
}

/// A pack with six processes (one waits for a task, one for a worker, one for whatever comes, one has a business key, one decides, one fails), a form, a record type and a plugin. All
/// names come from the two words, so that two businesses can have different ones.
pub fn files(name: &str, record: &str) -> Vec<(String, String)> {
    let pack = format!("workflows/{name}");
    [
        (format!("{pack}/pack.yaml"), PACK),
        (format!("{pack}/processes/{name}.yaml"), WAITS),
        (format!("{pack}/processes/{name}-keyed.yaml"), KEYED),
        (format!("{pack}/processes/{name}-rule.yaml"), DECIDES),
        (format!("{pack}/processes/{name}-broken.yaml"), FAILS),
        (format!("{pack}/processes/{name}-job.yaml"), ASKS_OUTSIDE),
        (format!("{pack}/processes/{name}-outing.yaml"), LISTENS),
        (format!("{pack}/processes/{name}-vote.yaml"), VOTES),
        (format!("{pack}/stages/{name}.yaml"), STAGES),
        (format!("{pack}/forms/{name}.yaml"), FORM),
        (format!("{pack}/records/{record}.yaml"), RECORD),
        (format!("plugins/{name}/plugin.yaml"), PLUGIN),
        (format!("plugins/{name}/decide.rhai"), SCRIPT),
        (format!("plugins/{name}/tests/decide.yaml"), TEST),
    ]
    .map(|(path, text)| (path, text.replace("NAME", name).replace("RECORD", record)))
    .to_vec()
}

const VOTES: &str = "\
process: NAME-vote
title: {en: Vote, zh: 表决}
input: {type: object, properties: {asks: {type: string}, decides: {type: string}}}
nodes:
  - id: approve
    type: approval
    of: [asks]
    submitter: asks
    levels: [{approvers: decides, mode: any}]
    mayAddApprovers: [approver]
    outcomes: {approved: end, rejected: end, withdrawn: end}
";

const STAGES: &str = "\
stages: NAME
title: {en: Test, zh: 测试}
kind: linear
list:
  - {code: begun, title: {en: Begun, zh: 开始}}
  - {code: ended, title: {en: Ended, zh: 结束}, terminal: {done: {}}}
";

const PACK: &str = "\
pack: NAME
title: {en: Test, zh: 测试}
version: '1.0'
roles:
  desk: {en: Desk, zh: 前台}
";

const WAITS: &str = "\
process: NAME
title: {en: Trip, zh: 出差}
input:
  type: object
  required: [name]
  properties: {name: {type: string, maxLength: 50}, amount: {type: integer}}
search: [name, amount]
nodes:
  - id: approve
    type: userTask
    name: {en: Approve, zh: 审批}
    candidateGroups: [desk]
    form: NAME
    outcomes: {grant: end, refuse: end}
    due: {after: P1D}
";

const KEYED: &str = "\
process: NAME-keyed
title: {en: Keyed, zh: 唯一}
starters: [desk]
input: {type: object, required: [key], properties: {key: {type: string}, more: {type: string}}}
businessKey: key
uniqueness: forever
nodes:
  - {id: finished, type: endEvent}
";

const DECIDES: &str = "\
process: NAME-rule
title: {en: Rule, zh: 规则}
input: {type: object, required: [amount], properties: {amount: {type: integer}}}
nodes:
  - {id: decide, type: businessRuleTask, decision: NAME/decide, in: {amount: amount}, out: {verdict: result}}
";

const FAILS: &str = "\
process: NAME-broken
title: {en: Broken, zh: 故障}
input: {type: object, required: [zero], properties: {zero: {type: integer}}}
nodes:
  - {id: divide, type: scriptTask, set: {quotient: '10 / zero'}}
";

const ASKS_OUTSIDE: &str = "\
process: NAME-job
title: {en: Outside, zh: 外部}
nodes:
  - {id: book, type: serviceTask, job: NAME-book}
";

const LISTENS: &str = "\
process: NAME-outing
title: {en: Outing, zh: 外出}
nodes:
  - {id: split, type: parallelGateway, next: [arrive, pack, visit, reply]}
  - {id: arrive, type: receiveTask, next: end}
  - id: pack
    type: subProcess
    adHoc: {}
    nodes: [{id: bag, type: userTask, candidateGroups: [desk]}]
    next: end
  - {id: visit, type: userTask, candidateGroups: [desk], forEach: {count: 1, mayAdd: true}, next: end}
  - {id: reply, type: receiveTask, message: NAME reply, next: end}
";

const FORM: &str = "\
form: NAME
title: {en: Approve, zh: 审批}
shows: [name]
schema:
  type: object
  properties: {note: {type: string, maxLength: 20}}
labels: {note: {en: Note, zh: 说明}}
";

const RECORD: &str = "\
record: RECORD
title: {en: Customer, zh: 客户}
fields:
  name:   {type: string, required: true, max: 100}
  code:   {type: string}
  owner:  {type: user}
  class:  {type: enum, values: [A, B, C], default: C}
  amount: {type: money}
  since:  {type: date}
  count:  {type: int}
  parent: {type: ref, record: RECORD, acyclic: true}
  raw:    {type: json}
unique: [{fields: [code]}]
indexes: [[class]]
columns: {name: name, owner: owner, parent: parent}
access: {read: [owner, 'role:desk'], create: ['role:desk'], update: [owner, 'role:desk'], delete: ['role:desk']}
";

const PLUGIN: &str = "\
plugin: NAME
version: '1.0'
title: {en: Decisions, zh: 决策}
functions:
  decide:
    script: decide.rhai
    input: {type: object, required: [amount], properties: {amount: {type: integer}}}
    output: {type: object, required: [granted, explain], properties: {granted: {type: boolean}, explain: {type: array}}}
settings:
  most: {default: 100, title: {en: Granted up to, zh: 批准上限}}
reasons:
  compared: {en: '{amount} of at most {most}', zh: '金额 {amount}，上限 {most}'}
";

const SCRIPT: &str = "\
//! Grants what is not above the setting.

/// Whether an amount is granted.
fn decide(input) {
    let params = #{amount: input.amount, most: settings.most};
    #{granted: input.amount <= settings.most, explain: [#{code: \"compared\", params: params}]}
}
";

const TEST: &str = "\
test: decide
cases:
  - {name: little, input: {amount: 5}, expect: {granted: true}}
";
