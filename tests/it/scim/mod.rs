//! Users and groups of an outside directory over SCIM 2.0: as the RFCs say, and as directories do.

mod doors;
mod entra;
mod filters;
mod groups;
mod okta;
mod patches;
mod races;
mod users;

use crate::support::TestDatabase;
use crate::support::app::{Answer, BUSINESS, TestApp};
use kamflow::api::Limits;
use kamflow::model::directory::Client;
use kamflow::model::ids::BusinessId;
use kamflow::model::json::Json;
use kamflow::model::text::Text;
use kamflow::model::time::Timestamp;
use kamflow::runtime::request::Change;
use kamflow::server::first_run;
use serde_json::json;

const SCIM: (&str, &str) = ("Content-Type", "application/scim+json");
const SECRET: &str = "a long random text";

/// A pack that declares roles, those of administration among them.
const PACK: &str = "pack: people\ntitle: {en: People, zh: 人员}\nversion: '1.0'\nroles:\n  \
    sales_rep: {en: Rep, zh: 客户经理}\n  manager: {en: Manager, zh: 经理}\n  admin: {en: Admin, zh: 管理员}\n";

/// A business with a directory that provisions it.
struct Directory {
    app: TestApp,
    authorization: String,
}

impl Directory {
    fn start(database: &TestDatabase) -> Directory {
        Directory::open(database, &[])
    }

    /// With these groups mapped to roles by configuration.
    fn open(database: &TestDatabase, mapped: &[(&str, &[&str])]) -> Directory {
        let roles = |roles: &[&str]| roles.iter().map(|role| (*role).to_owned()).collect();
        let mapped = mapped.iter().map(|(group, names)| ((*group).to_owned(), roles(names))).collect();
        let now = Timestamp::parse(crate::support::app::MONDAY).unwrap();
        let app = TestApp::open_as(database, Limits::default(), now, |options| {
            options.group_roles.insert(BUSINESS.into(), mapped);
        });
        if app.wait(app.runtime.businesses()).unwrap().is_empty() {
            let business = BusinessId::from(BUSINESS);
            app.wait(first_run::create_business(&app.runtime, &business, Text::same("Main"))).unwrap();
            app.user("alice", &["admin", "process_admin", "operator"]);
            app.deploy(&[("workflows/people/pack.yaml", PACK)]);
        }
        let authorization = connect(&app, BUSINESS);
        Directory { app, authorization }
    }

    fn send(&self, method: &str, path: &str, body: Json) -> Answer {
        self.with(method, path, &[], body)
    }

    fn with(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Json) -> Answer {
        let mut all = vec![("Authorization", self.authorization.as_str()), SCIM];
        all.extend(headers);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        self.app.send(method, &format!("/scim/v2{path}"), &all, &body)
    }

    fn get(&self, path: &str) -> Answer {
        self.send("GET", path, Json::Null)
    }

    fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, Json::Null)
    }

    /// A new user of this name.
    fn user(&self, login: &str) -> Json {
        self.send("POST", "/Users", json!({"userName": login, "displayName": login})).ok(201)
    }

    /// A new group with these members; its id.
    fn group(&self, name: &str, members: &[&str]) -> String {
        let members: Vec<Json> = members.iter().map(|member| json!({ "value": member })).collect();
        let made = self.send("POST", "/Groups", json!({"displayName": name, "members": members})).ok(201);
        made["id"].as_str().unwrap().to_owned()
    }

    /// One operation of a PATCH.
    fn patch(&self, path: &str, operation: Json) -> Answer {
        self.send("PATCH", path, patch(json!([operation])))
    }

    /// The roles that somebody has, as our own API tells.
    fn roles(&self, login: &str) -> Json {
        self.app.by("alice").get(&format!("/api/v1/users/{login}")).ok(200)["roles"].clone()
    }

    /// The ids that a list has.
    fn ids(&self, path: &str) -> Vec<String> {
        let list = self.get(path).ok(200);
        let ids = list["Resources"].as_array().unwrap().iter().map(|found| found["id"].as_str().unwrap().to_owned());
        ids.collect()
    }
}

/// The `Authorization` of the directory's service account, which has the one scope.
fn connect(app: &TestApp, business: &str) -> String {
    let client = Client {
        id: "directory".into(),
        name: "The directory".into(),
        scopes: vec!["scim".into()],
        roles: vec!["admin".into()],
        act_as: Vec::new(),
        old_secret_until: None,
        created_at: Default::default(),
        version: 0,
    };
    app.change(business, Change::PutClient { client, secret: Some(SECRET.into()) });
    let body = json!({
        "grant_type": "client_credentials", "business": business, "client_id": "directory", "client_secret": SECRET
    });
    let token = app.send("POST", "/api/v1/auth/token", &[crate::support::app::JSON], &body.to_string()).ok(200);
    format!("Bearer {}", token["access_token"].as_str().unwrap())
}

fn patch(operations: Json) -> Json {
    json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations})
}

/// `/Users?filter=…`, with the filter escaped.
fn filtered(list: &str, filter: &str) -> String {
    let escaped: String = filter.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("/{list}?filter={escaped}")
}
