//! Tokens: who gets one, what it allows, how it ends, and every way to forge one that we know of.

mod accounts;
mod attacks;
mod clients;
mod confusion;
mod craft;
mod fetching;
mod forged;
mod grants;
mod keys;
mod life;
mod limits;
mod outside;
mod provider;

use crate::support::TestDatabase;
use crate::support::app::{Answer, BUSINESS, Caller, JSON, TestApp};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kamflow::model::directory::{Client, User};
use kamflow::model::ids::UserId;
use kamflow::model::json::Json;
use kamflow::runtime::request::Change;
use serde_json::json;

const PASSWORD: &str = "correct horse battery";
const ME: &str = "/api/v1/users/me";

fn with_password(database: &TestDatabase) -> TestApp {
    let app = TestApp::start(database);
    put_user(&app, "alice", true, &["admin", "process_admin", "operator"], Some(PASSWORD));
    app
}

fn with_client(database: &TestDatabase) -> TestApp {
    let app = with_password(database);
    put_client(&app, &["processes:write", "tasks:read"], &[]);
    app
}

/// The client `shop` with these scopes, that may act as these people.
fn put_client(app: &TestApp, scopes: &[&str], act_as: &[&str]) {
    let all = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let client = Client {
        id: "shop".into(),
        name: "The shop".into(),
        scopes: all(scopes),
        roles: vec!["integration".into()],
        act_as: all(act_as),
        old_secret_until: None,
        created_at: Default::default(),
        version: 0,
    };
    app.change(BUSINESS, Change::PutClient { client, secret: Some(PASSWORD.into()) });
}

fn put_user(app: &TestApp, login: &str, active: bool, roles: &[&str], password: Option<&str>) {
    let user = User {
        id: UserId::from(login),
        name: login.to_owned(),
        active,
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        attributes: Default::default(),
        created_at: Default::default(),
        version: 0,
    };
    app.change(BUSINESS, Change::PutUser { user, password: password.map(Into::into) });
}

fn login(app: &TestApp, user: &str, password: &str, scope: Option<&str>) -> Answer {
    let mut body = json!({"grant_type": "password", "business": BUSINESS, "username": user, "password": password});
    if let Some(scope) = scope {
        body["scope"] = json!(scope);
    }
    ask(app, &body)
}

fn ask(app: &TestApp, body: &Json) -> Answer {
    app.send("POST", "/api/v1/auth/token", &[JSON], &body.to_string())
}

/// A token of the client `shop`, for itself or as somebody with these scopes.
fn shop(app: &TestApp, act_as: Option<(&str, &str)>) -> Answer {
    let mut body = json!({"grant_type": "client_credentials", "business": BUSINESS, "client_id": "shop", "client_secret": PASSWORD});
    if let Some((login, scope)) = act_as {
        body["act_as"] = json!(login);
        body["scope"] = json!(scope);
    }
    ask(app, &body)
}

fn bearer<'a>(app: &'a TestApp, token: &str) -> Caller<'a> {
    app.with_authorization(&format!("Bearer {token}"))
}

/// Header and claims of a token.
fn opened(token: &str) -> (Json, Json) {
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    let mut part = || serde_json::from_slice(&parts.next().unwrap()).unwrap();
    (part(), part())
}
