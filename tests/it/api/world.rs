//! Two businesses with everything that the API can show, under different names: what is asked of one must not be found
//! in the other.

use super::desk::{ALICE, PASSWORD, deploy, files};
use super::outside::{self, Outside};
use super::{interventions, papers};
use crate::support::TestDatabase;
use crate::support::app::{BUSINESS, JSON, TestApp};
use kamflow::model::revision::Files;
use kamflow::model::text::Text;
use kamflow::model::{ids::BusinessId, json::Json};
use kamflow::server::{first_run, folders};
use serde_json::json;

pub struct World {
    pub app: TestApp,
    pub own: Things,
    pub other: Things,
}

/// What a business has, by id.
#[derive(Clone)]
pub struct Things {
    pub name: &'static str,
    pub record_type: &'static str,
    pub revision: String,
    pub instance: String,
    pub incident: String,
    /// Another open one, to be skipped.
    pub stuck: String,
    /// An instance that waits, to be cancelled in the end; one that is suspended.
    pub doomed_instance: String,
    pub suspended: String,
    pub decision: String,
    pub record: String,
    /// Another record, to be deleted.
    pub doomed: String,
    /// A record that can be merged into it.
    pub double: String,
    /// A record that another one was merged into, and that merge.
    pub merged: [String; 2],
    /// A file that the record has, and one that nothing has.
    pub files: [String; 2],
    /// Nobody has it.
    pub open: String,
    /// Alice, or the administrator of the other business, has them; the last one is to be resolved.
    pub claimed: [String; 6],
    pub user: String,
    /// What the outside speaks to: jobs, and an instance that waits.
    pub outside: Outside,
    /// Requests for access beyond the rules: two of another administrator that wait, and an open one of alice's.
    pub glass: [String; 3],
    pub absence: String,
    /// Has not begun.
    pub substitution: String,
    pub position: String,
    /// A group of an outside directory.
    pub group: String,
    pub papers: papers::Papers,
    /// Nothing is in it.
    pub unit: String,
    pub colleague: String,
    pub client: String,
    /// Another client, to be removed.
    pub removable: String,
    /// A signing key that only verifies; all businesses share them, so the other one has none.
    pub old_key: String,
}

/// What an operation is asked in the tests that ask all of them.
pub struct Example {
    /// What stands in its path.
    pub ids: Vec<String>,
    /// What is sent; null for nothing.
    pub body: Json,
}

impl World {
    pub fn start(database: &TestDatabase) -> World {
        let app = TestApp::start(database);
        deploy(&app);
        let (keys, alice) = ("/api/v1/signing-keys", app.by("alice"));
        let old_key = alice.get(keys).ok(200)["items"][0]["id"].as_str().unwrap().to_owned();
        alice.post(&format!("{keys}/rotate"), json!({})).ok(201);
        let own = Things { old_key, ..things(&app, BUSINESS, "alice", "trip", "customer") };
        let other = BusinessId::from("other");
        app.wait(first_run::create_business(&app.runtime, &other, Text::same("Other"))).unwrap();
        for note in ["1.0", "1.1", "1.2"] {
            let version = format!("version: '{note}'");
            let files: Files = files("voyage", "client")
                .into_iter()
                .map(|(path, text)| (path, text.replace("version: '1.0'", &version).into_bytes()))
                .collect();
            app.wait(folders::deploy(&app.runtime, &other, files, note)).unwrap();
        }
        app.user_of("other", "zoe", &ALICE);
        let other = Things { revision: "3".to_owned(), ..things(&app, "other", "zoe", "voyage", "client") };
        World { app, own, other }
    }
}

fn things(app: &TestApp, business: &str, login: &str, name: &'static str, record_type: &'static str) -> Things {
    let caller = app.by_of(business, login);
    let first = |path: &str| {
        let id = caller.get(path).ok(200)["items"][0]["id"].clone();
        id.as_str().unwrap_or_else(|| panic!("nothing at {path}")).to_owned()
    };
    let waiting = || {
        let instance = caller.start(name, json!({"name": "Berlin"}));
        (first(&format!("/api/v1/user-tasks?instance={instance}")), instance)
    };
    let claimed = || {
        let (task, _) = waiting();
        caller.post(&format!("/api/v1/user-tasks/{task}/claim"), json!({})).ok(200);
        task
    };
    let (open, instance) = waiting();
    caller.start(&format!("{name}-rule"), json!({"amount": 7}));
    let mended = caller.start(&format!("{name}-broken"), json!({"zero": 0}));
    let broken = caller.start(&format!("{name}-broken"), json!({"zero": 0}));
    let suspended = caller.start(name, json!({"name": "Oslo"}));
    caller.post(&format!("/api/v1/process-instances/{suspended}/suspend"), json!({"reason": "later"})).ok(200);
    let put = |path: &str, body: Json| drop(caller.put(path, body).ok(200));
    let (unit, position) = (format!("{name}-unit"), format!("{name}-head"));
    for id in ["east", &unit] {
        put(&format!("/api/v1/org-units/{id}"), json!({"title": {"en": "East", "zh": "华东"}, "kind": "region"}));
    }
    put(&format!("/api/v1/positions/{position}"), json!({"unit": "east", "title": "Head", "user": login}));
    let said = |path: &str, body: Json| caller.post(path, body).ok(201)["id"].as_str().unwrap().to_owned();
    let substitute = format!("{name}-substitute");
    put(&format!("/api/v1/users/{substitute}"), json!({"name": "Substitute"}));
    let made = |fields: Json| {
        let made = caller.post(&format!("/api/v1/records/{record_type}"), json!({ "fields": fields })).ok(201);
        made["id"].as_str().unwrap().to_owned()
    };
    let record = made(json!({"name": "Huaxin", "code": "K-1", "owner": login, "class": "A"}));
    let [double, winner, loser] = ["Hua Xin", "Boreal", "Boréal"].map(|name| made(json!({ "name": name })));
    let merge = format!("/api/v1/records/{record_type}/{winner}/merge");
    let merged = caller.post(&merge, json!({"loser": loser, "reason": "the same"})).ok(200);
    let merged = [winner, merged["merge"]["id"].as_str().unwrap().to_owned()];
    let files = ["one.txt", "two.txt"].map(|file| {
        let text = ("Content-Type", "text/plain");
        let new = caller.send("POST", &format!("/api/v1/files?name={file}"), &[text], file).ok(201);
        new["id"].as_str().unwrap().to_owned()
    });
    let attach = format!("/api/v1/records/{record_type}/{record}/attachments");
    caller.post(&attach, json!({"file": files[0]})).ok(201);
    let second = format!("{login}-second");
    app.user_of(business, &second, &ALICE);
    let ask = |login: &str| {
        let target = json!({"record": {"type": record_type, "id": record}});
        let body = json!({"target": target, "right": "read", "reason": "nobody else is there today"});
        let asked = app.by_of(business, login).post("/api/v1/break-glass", body).ok(201);
        asked["id"].as_str().unwrap().to_owned()
    };
    let glass = [ask(&second), ask(&second), ask(login)];
    app.by_of(business, &second).post(&format!("/api/v1/break-glass/{}/approve", glass[2]), json!({})).ok(200);
    let [colleague, client, removable] = ["colleague", "crm", "erp"].map(|what| format!("{name}.{what}"));
    app.user_of(business, &colleague, &["desk"]);
    for client in [&client, &removable] {
        let body = json!({"name": "CRM", "secret": PASSWORD, "scopes": ["tasks:read"]}).to_string();
        caller.send("PUT", &format!("/api/v1/clients/{client}"), &[JSON], &body).ok(200);
    }
    let delegated = interventions::delegated(app, business, waiting().0, [&colleague, login]);
    let group = json!({"displayName": format!("{name}-group"), "members": [{"value": login}]});
    let group = caller.post("/scim/v2/Groups", group).ok(201)["id"].as_str().unwrap().to_owned();
    Things {
        group,
        outside: outside::taken(&caller, name, login),
        absence: said("/api/v1/absences", json!({"from": "2026-03-01T00:00:00Z"})),
        papers: papers::made(&caller, &open, [name, login]),
        substitution: said("/api/v1/substitutions", json!({"user": substitute, "from": "2027-03-01T00:00:00Z"})),
        position,
        unit,
        name,
        record_type,
        double,
        merged,
        files,
        colleague,
        client,
        removable,
        old_key: "no-key".to_owned(),
        revision: "1".to_owned(),
        incident: first(&format!("/api/v1/incidents?instance={mended}")),
        stuck: first(&format!("/api/v1/incidents?instance={broken}")),
        doomed_instance: caller.start(name, json!({"name": "Bergen"})),
        suspended,
        decision: first("/api/v1/decisions"),
        doomed: made(json!({"name": "Doomed", "parent": record})),
        record,
        claimed: [claimed(), claimed(), claimed(), claimed(), claimed(), delegated],
        user: login.to_owned(),
        glass,
        open,
        instance,
    }
}

impl Things {
    /// A request that must be answered well. Every new operation needs one.
    pub fn example(&self, operation: &str, token: &str) -> Option<Example> {
        let files = || -> Vec<Json> {
            files("trip", "customer")
                .into_iter()
                .map(|(path, content)| json!({"path": path, "content": content}))
                .collect()
        };
        let (name, records) = (self.name, self.record_type);
        let task = |id: &String| vec![id.clone()];
        let (ids, body) = match operation {
            "deploy" => (vec![], json!({"files": files(), "note": "again"})),
            "validateDeployment" => (vec![], json!({"files": files()})),
            "getDeployment" | "getDeploymentProgress" => (vec![self.revision.clone()], Json::Null),
            "activateDeployment" => (vec![self.revision.clone()], json!({})),
            "getProcessDefinition" | "getProcessDefinitionYaml" | "getProcessDefinitionDiagram" | "getStages" => {
                (vec![name.to_owned()], Json::Null)
            }
            "getScript" => (vec![name.to_owned(), "decide.rhai".to_owned()], Json::Null),
            "startProcess" => (vec![], json!({"process": name, "variables": {"name": "Rome"}})),
            "getProcessInstance" | "getProcessInstanceHistory" | "getProcessInstanceDiagram" => {
                (vec![self.instance.clone()], Json::Null)
            }
            "searchProcessInstances" => (vec![], json!({"filter": {"state": "active"}})),
            "getIncident" => (vec![self.incident.clone()], Json::Null),
            "retryIncident" => {
                (vec![self.incident.clone()], json!({"variables": {"zero": 5}, "reason": "it was empty"}))
            }
            "searchIncidents" => (vec![], json!({"filter": {"state": "open", "node": "divide"}})),
            "getDecision" => (vec![self.decision.clone()], Json::Null),
            "searchDecisions" => (vec![], json!({"filter": {"function": format!("{name}/decide")}})),
            "getUserTask" | "getUserTaskForm" => (task(&self.open), Json::Null),
            "claimUserTask" => (task(&self.open), json!({})),
            "unclaimUserTask" => (task(&self.claimed[0]), json!({})),
            "completeUserTask" => (task(&self.claimed[1]), json!({"outcome": "grant", "variables": {"note": "fine"}})),
            "searchUserTasks" => {
                (vec![], json!({"filter": {"state": {"$in": ["created", "claimed"]}}, "sort": ["due"]}))
            }
            "getUser" => (vec![self.user.clone()], Json::Null),
            "putUser" => (vec!["new.one".to_owned()], json!({"name": "New", "roles": ["desk"], "password": PASSWORD})),
            "putPosition" => (vec!["head".to_owned()], json!({"unit": "east", "title": "Head", "user": self.user})),
            "getSuperiors" | "getSubordinates" => (vec![self.user.clone()], Json::Null),
            "getOrgUnit" | "deleteOrgUnit" => (vec![self.unit.clone()], Json::Null),
            "putOrgUnit" => (vec!["west".to_owned()], json!({"title": {"en": "West", "zh": "华西"}, "kind": "region"})),
            "getPosition" => (vec![self.position.clone()], Json::Null),
            "endPosition" => (vec![self.position.clone()], json!({"at": "2030-01-01T00:00:00Z"})),
            "reorganise" => (
                vec![],
                json!({"at": "2027-01-01T00:00:00Z", "changes": [{"id": self.position, "user": null}], "dryRun": true}),
            ),
            "putRole" => (vec!["desk".to_owned()], json!({"limits": {"discount": 0.15}})),
            "createAbsence" => (vec![], json!({"from": "2026-03-01T00:00:00Z", "to": "2026-03-09T00:00:00Z"})),
            "getAbsence" | "deleteAbsence" => (vec![self.absence.clone()], Json::Null),
            "putAbsence" => (vec![self.absence.clone()], json!({"from": "2026-03-02T00:00:00Z", "note": "ill"})),
            "createSubstitution" => (
                vec![],
                json!({"user": format!("{name}-substitute"), "from": "2026-03-01T00:00:00Z", "limits": {"discount": 0.1}}),
            ),
            "getSubstitution" | "deleteSubstitution" => (vec![self.substitution.clone()], Json::Null),
            "putSubstitution" => (
                vec![self.substitution.clone()],
                json!({"user": format!("{name}-substitute"), "from": "2027-04-01T00:00:00Z", "processes": [name]}),
            ),
            "putClient" => {
                (vec!["import".to_owned()], json!({"name": "Import", "secret": PASSWORD, "scopes": ["records:write"]}))
            }
            "getClient" => (vec![self.client.clone()], Json::Null),
            "deleteClient" => (vec![self.removable.clone()], Json::Null),
            "rotateClientSecret" => (vec![self.client.clone()], json!({"secret": "another long secret"})),
            "revokeClientTokens" => (vec![self.client.clone()], json!({})),
            "revokeUserTokens" | "unlinkUser" => (vec![self.colleague.clone()], json!({})),
            "changePassword" => (vec![], json!({"current": PASSWORD, "new": "another good password"})),
            "rotateSigningKey" => (vec![], json!({})),
            "retireSigningKey" => (vec![self.old_key.clone()], json!({})),
            "createBusiness" => (
                vec![],
                json!({"id": "third", "title": {"en": "Third", "zh": "第三"}, "currency": "CNY", "timeZone": "Asia/Shanghai"}),
            ),
            "createRecord" => (vec![records.to_owned()], json!({"fields": {"name": "Boreal"}})),
            "listRecords" => (vec![records.to_owned()], Json::Null),
            "searchRecords" => (vec![records.to_owned()], json!({"filter": {"class": "A", "name": {"$like": "Hua%"}}})),
            "getRecord" | "getRecordHistory" | "getRecordAncestors" | "getRecordDescendants" => {
                (vec![records.to_owned(), self.record.clone()], Json::Null)
            }
            "deleteRecord" => (vec![records.to_owned(), self.doomed.clone()], Json::Null),
            "importRecords" => (vec![records.to_owned()], json!({"name": "Imported"})),
            "importProcess" => (vec![name.to_owned()], json!({"name": "Oslo"})),
            "exportRecords" => (vec![records.to_owned()], Json::Null),
            "aggregateRecords" => (vec![records.to_owned()], json!({"group": ["class"], "measures": {"n": "count"}})),
            "updateRecord" => {
                (vec![records.to_owned(), self.record.clone()], json!({"fields": {"class": "B"}, "reason": "smaller"}))
            }
            "listMerges" | "listAttachments" => (vec![records.to_owned(), self.record.clone()], Json::Null),
            "mergeRecords" => (
                vec![records.to_owned(), self.record.clone()],
                json!({"loser": self.double, "loserVersion": 1, "fields": {"name": "winner"}, "reason": "the same"}),
            ),
            "undoMerge" => {
                let [winner, merge] = self.merged.clone();
                (vec![records.to_owned(), winner, merge], json!({"reason": "they are two"}))
            }
            "attachFile" => (vec![records.to_owned(), self.record.clone()], json!({"file": self.files[1]})),
            "detachFile" => (vec![records.to_owned(), self.record.clone(), self.files[0].clone()], Json::Null),
            "uploadFile" => (vec![], json!({"any": "bytes"})),
            "getFile" | "getFileContent" => (vec![self.files[1].clone()], Json::Null),
            "askBreakGlass" => (
                vec![],
                json!({
                    "target": {"processInstance": self.instance}, "right": "read", "reason": "the auditors want to see it"
                }),
            ),
            "approveBreakGlass" => (vec![self.glass[0].clone()], json!({})),
            "declineBreakGlass" => (vec![self.glass[1].clone()], json!({})),
            "endBreakGlass" => (vec![self.glass[2].clone()], json!({})),
            "issueToken" => (
                vec![],
                json!({"grant_type": "password", "business": BUSINESS, "username": "alice", "password": PASSWORD}),
            ),
            "revokeToken" => (vec![], json!({"token": token})),
            "listDeployments"
            | "listProcessDefinitions"
            | "listPlugins"
            | "listScripts"
            | "listSettings"
            | "listProcessInstances"
            | "listIncidents"
            | "listDecisions"
            | "listUserTasks"
            | "listBreakGlass"
            | "listUsers"
            | "listStages"
            | "listOrgUnits"
            | "listPositions"
            | "listRoles"
            | "listAbsences"
            | "listSubstitutions"
            | "listClients"
            | "listSigningKeys"
            | "getMe"
            | "getBusiness"
            | "getKeys"
            | "getLive"
            | "getReady"
            | "getMetrics"
            | "getOpenapi" => (vec![], Json::Null),
            _ => return interventions::example(self, operation).or_else(|| outside::example(self, operation)),
        };
        Some(Example { ids, body })
    }
}
