//! How a token lives and ends: by the clock, by a revocation, with the roles of the moment; and what is never shown.

use super::{ME, bearer, opened, put_user};
use crate::support::app::{BUSINESS, TestApp};
use crate::support::on_both;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kamflow::api::Limits;
use kamflow::model::directory::{Client, User};
use kamflow::model::ids::UserId;
use kamflow::runtime::identity::{Grant, tokens};
use kamflow::runtime::request::Change;
use kamflow::server::config::{Config, Settings, read};
use serde_json::json;

#[test]
fn a_token_ends_by_the_clock() {
    on_both(|database| {
        let app = TestApp::start(database);
        let alice = app.by("alice");
        alice.get(ME).ok(200);
        app.advance("PT59M");
        alice.get(ME).ok(200);
        app.advance("PT2M");
        let refused = alice.get(ME);
        refused.problem(401, "unauthenticated");
        assert!(refused.header("www-authenticate").contains("invalid_token"));
        // One that was never looked at before ends as well.
        let unseen = app.by("alice");
        app.advance("PT2H");
        unseen.get(ME).problem(401, "unauthenticated");
    });
}

#[test]
fn a_revoked_token_is_refused_at_once() {
    on_both(|database| {
        let app = TestApp::start(database);
        let (token, other) = (app.token(BUSINESS, "alice", None), app.by("alice"));
        let (_, claims) = opened(&token);
        bearer(&app, &token).get(ME).ok(200);
        let jti = claims["jti"].as_str().unwrap().to_owned();
        app.change(BUSINESS, Change::RevokeToken { jti, expires_at: claims["exp"].as_i64().unwrap() * 1_000 });
        bearer(&app, &token).get(ME).problem(401, "unauthenticated");
        other.get(ME).ok(200);
        // After a restart it is still revoked.
        let node = TestApp::open(database, Limits::default());
        bearer(&node, &token).get(ME).problem(401, "unauthenticated");
    });
}

#[test]
fn roles_and_activity_are_those_of_the_moment() {
    on_both(|database| {
        let app = TestApp::start(database);
        app.user("bob", &["process_admin"]);
        let bob = app.by("bob");
        bob.get("/api/v1/deployments").ok(200);
        put_user(&app, "bob", true, &["sales_rep"], None);
        bob.get("/api/v1/deployments").problem(403, "role_missing");
        assert_eq!(bob.get(ME).ok(200)["roles"], json!(["sales_rep"]));
        put_user(&app, "bob", false, &["sales_rep"], None);
        bob.get(ME).problem(401, "unauthenticated");
        put_user(&app, "bob", true, &["process_admin"], None);
        let void = bob.get(ME).problem(401, "unauthenticated");
        assert!(void["detail"].as_str().unwrap().contains("void"), "who comes back needs a new token: {void}");
        app.by("bob").get("/api/v1/deployments").ok(200);
    });
}

#[test]
fn what_another_server_changed_of_people_counts_within_a_second() {
    on_both(|database| {
        let app = TestApp::start(database);
        let node = TestApp::open(database, Limits::default());
        put_user(&app, "bob", true, &["sales_rep"], None);
        let token = app.token(BUSINESS, "bob", None);
        let roles = |node: &TestApp| bearer(node, &token).get(ME).ok(200)["roles"].clone();
        assert_eq!((roles(&app), roles(&node)), (json!(["sales_rep"]), json!(["sales_rep"])));
        put_user(&app, "bob", true, &["sales_ops"], None);
        assert_eq!(roles(&app), json!(["sales_ops"]), "what a server changed itself counts at once");
        node.advance("PT1S");
        assert_eq!(roles(&node), json!(["sales_ops"]));
        put_user(&app, "bob", false, &["sales_ops"], None);
        bearer(&app, &token).get(ME).problem(401, "unauthenticated");
        node.advance("PT1S");
        bearer(&node, &token).get(ME).problem(401, "unauthenticated");
    });
}

#[test]
fn a_token_opens_one_business_only() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let (alice, ma_li) = (app.by("alice"), app.by_of("demo", "ma.li"));
        let made = ma_li
            .post(
                "/api/v1/records/customer",
                json!({"fields": {"name": "宁波市拾光精密铸造有限公司", "pool": "default"}}),
            )
            .ok(201);
        let path = format!("/api/v1/records/customer/{}", made["id"].as_str().unwrap());
        ma_li.get(&path).ok(200);
        app.user("ma.li", &["sales_ops", "admin", "process_admin"]);
        for caller in [&alice, &app.by("ma.li")] {
            let answer = caller.get(&path);
            assert!([404, 409, 422].contains(&answer.status), "{}", answer.text);
            assert!(!answer.text.contains("拾光"));
        }
        assert_eq!(app.by("ma.li").get("/api/v1/users").ok(200)["total"], 2);
    });
}

#[test]
fn secrets_are_never_shown() {
    let secret = "s3cret-s3cret";
    let grant = Grant::Password { business: "b".into(), user: "u".into(), password: secret.into(), scopes: None };
    let (business, scopes, act_as) = ("b".into(), None, Some("a".into()));
    let client = Grant::ClientCredentials { business, client: "c".into(), secret: secret.into(), scopes, act_as };
    let issued = tokens::IssuedToken { token: secret.into(), expires_in: 1, scopes: vec!["tasks:read".into()] };
    let url = format!("postgres://kamflow:{secret}@db.example:5432/kamflow");
    let key = STANDARD.encode([7; 32]);
    let settings =
        Settings { database: Some(url.into()), key_encryption_key: Some(key.as_str().into()), ..Settings::default() };
    let config: Config = read(settings.clone(), None).unwrap();
    let client_row = Client {
        id: "c".into(),
        name: "C".into(),
        scopes: Vec::new(),
        roles: Vec::new(),
        act_as: Vec::new(),
        old_secret_until: None,
        created_at: Default::default(),
        version: 0,
    };
    let put = Change::PutClient { client: client_row, secret: Some(secret.into()) };
    let rotate = Change::RotateSecret { id: "c".into(), secret: secret.into(), keep_until: Default::default() };
    let change = Change::ChangePassword { seen: secret.into(), new: secret.into() };
    let user = Change::PutUser {
        user: User {
            id: UserId::from("u"),
            name: "U".into(),
            active: true,
            roles: Vec::new(),
            attributes: Default::default(),
            created_at: Default::default(),
            version: 0,
        },
        password: Some(secret.into()),
    };
    let shown = [
        format!("{grant:?}"),
        format!("{client:?}"),
        format!("{issued:?}"),
        format!("{settings:?}"),
        format!("{config:?}"),
        format!("{put:?}"),
        format!("{rotate:?}"),
        format!("{change:?}"),
        format!("{user:?}"),
    ];
    for text in shown {
        assert!(!text.contains(secret) && !text.contains(&key), "{text}");
        assert!(text.contains("***"), "{text}");
    }
}
