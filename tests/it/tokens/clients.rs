//! Service accounts: created, listed, given new secrets, removed; and acting as people.

use super::{ME, PASSWORD, bearer, opened, put_client, put_user, shop, with_client};
use crate::support::app::{Answer, BUSINESS, CHINESE, Caller, JSON, TestApp};
use crate::support::on_both;
use kamflow::api::Limits;
use kamflow::model::json::Json;
use serde_json::json;

const NEW: &str = "another horse battery";

fn put(caller: &Caller, headers: &[(&str, &str)], body: Json) -> Answer {
    let mut all = vec![JSON];
    all.extend(headers);
    caller.send("PUT", "/api/v1/clients/crm", &all, &body.to_string())
}

/// A token of a client with this secret.
fn ask(app: &TestApp, client: &str, secret: &str) -> Answer {
    let body =
        json!({"grant_type": "client_credentials", "business": BUSINESS, "client_id": client, "client_secret": secret});
    super::ask(app, &body)
}

#[test]
fn clients_are_created_changed_listed_and_removed() {
    on_both(|database| {
        let app = with_client(database);
        let alice = app.by("alice");
        let body = json!({"name": "CRM", "scopes": ["tasks:read"], "actAs": ["user:alice", "role:sales_rep"]});
        assert_eq!(put(&alice, &[], body.clone()).problem(422, "weak_password")["errors"][0]["pointer"], "/secret");
        let mut with_secret = body.clone();
        with_secret["secret"] = json!(PASSWORD);
        let made = put(&alice, &[("If-Match", "\"0\"")], with_secret.clone());
        assert_eq!(made.header("etag"), "\"1\"");
        let made = made.ok(200);
        assert_eq!((&made["actAs"], &made["oldSecretUntil"]), (&json!(["user:alice", "role:sales_rep"]), &Json::Null));
        let token = ask(&app, "crm", PASSWORD).ok(200)["access_token"].as_str().unwrap().to_owned();

        // Without a secret the present one stays, and so do the tokens.
        let changed =
            put(&alice, &[("If-Match", "\"1\"")], json!({"name": "CRM 2", "scopes": ["records:read"]})).ok(200);
        assert_eq!(
            (&changed["version"], &changed["name"], &changed["actAs"]),
            (&json!(2), &json!("CRM 2"), &json!([]))
        );
        bearer(&app, &token).get(ME).ok(200);
        let stale = put(&alice, &[("If-Match", "\"1\""), CHINESE], body).problem(412, "stale_client");
        assert_eq!(stale["detail"], "服务账号 crm 当前为版本 2");
        put(&alice, &[], with_secret).ok(200);
        bearer(&app, &token).get(ME).problem(401, "unauthenticated");

        let listed = alice.get("/api/v1/clients?limit=1").ok(200);
        assert_eq!(
            (&listed["items"][0]["id"], &listed["total"], &listed["next"]),
            (&json!("crm"), &json!(2), &json!("crm"))
        );
        let rest = alice.get("/api/v1/clients?limit=1&cursor=crm").ok(200);
        assert_eq!((&rest["items"][0]["id"], &rest["next"]), (&json!("shop"), &Json::Null));
        let one = alice.get("/api/v1/clients/crm").ok(200);
        assert!(!one.to_string().contains("ecret\":") && !listed.to_string().contains("argon2"), "{one}");
        for wrong in [json!(["alice"]), json!(["group:x"]), json!(["user:"])] {
            let problem =
                put(&alice, &[], json!({"name": "X", "scopes": [], "actAs": wrong})).problem(422, "wrong_value");
            assert_eq!(problem["errors"][0]["pointer"], "/actAs/0");
        }
        app.user("bob", &["process_admin"]);
        app.by("bob").get("/api/v1/clients").problem(403, "role_missing");

        let token = ask(&app, "crm", PASSWORD).ok(200)["access_token"].as_str().unwrap().to_owned();
        alice.send("DELETE", "/api/v1/clients/crm", &[("If-Match", "\"1\"")], "").problem(412, "stale_client");
        alice.send("DELETE", "/api/v1/clients/crm", &[], "").ok(200);
        alice.send("DELETE", "/api/v1/clients/crm", &[], "").problem(404, "not_found");
        bearer(&app, &token).get(ME).problem(401, "unauthenticated");
        // Another client of the same name does not inherit the tokens of the one before.
        app.advance("PT1S");
        put(&alice, &[], json!({"name": "New", "secret": NEW, "scopes": ["tasks:read"]})).ok(200);
        bearer(&app, &token).get(ME).problem(401, "unauthenticated");
    });
}

#[test]
fn two_secrets_are_good_while_one_replaces_the_other() {
    on_both(|database| {
        let app = with_client(database);
        let rotate = |body: Json| app.by("alice").post("/api/v1/clients/shop/rotate-secret", body);
        let token = shop(&app, None).ok(200)["access_token"].as_str().unwrap().to_owned();
        let rotated = rotate(json!({"secret": NEW, "keepOld": "PT2H"})).ok(200);
        assert_eq!(rotated["oldSecretUntil"], "2026-03-02T02:00:00Z");
        for secret in [PASSWORD, NEW] {
            ask(&app, "shop", secret).ok(200);
        }
        ask(&app, "shop", "a wrong horse battery").problem(401, "invalid_client");
        app.advance("PT30M");
        bearer(&app, &token).get(ME).ok(200);
        app.advance("PT90M");
        ask(&app, "shop", PASSWORD).problem(401, "invalid_client");
        ask(&app, "shop", NEW).ok(200);
        // A day when not said; and not at all when it leaked, with all its tokens.
        assert_eq!(rotate(json!({"secret": PASSWORD})).ok(200)["oldSecretUntil"], "2026-03-03T02:00:00Z");
        let token = ask(&app, "shop", NEW).ok(200)["access_token"].as_str().unwrap().to_owned();
        assert_eq!(
            rotate(json!({"secret": "a third horse battery", "keepOld": "PT0S"})).ok(200)["oldSecretUntil"],
            Json::Null
        );
        for old in [PASSWORD, NEW] {
            ask(&app, "shop", old).problem(401, "invalid_client");
        }
        bearer(&app, &token).get(ME).problem(401, "unauthenticated");
        ask(&app, "shop", "a third horse battery").ok(200);
        assert_eq!(
            rotate(json!({"secret": NEW, "keepOld": "P31D"})).problem(422, "wrong_value")["errors"][0]["pointer"],
            "/keepOld"
        );
        assert_eq!(
            rotate(json!({"secret": NEW, "keepOld": "soon"})).problem(400, "invalid_body")["errors"][0]["pointer"],
            "/keepOld"
        );
        assert_eq!(rotate(json!({"secret": "shop"})).problem(422, "weak_password")["errors"][0]["pointer"], "/secret");
        let alice = app.by("alice");
        alice.post("/api/v1/clients/nobody/rotate-secret", json!({"secret": NEW})).problem(404, "not_found");
        // Sent twice under a key it is done once, and the kept answer holds no secret.
        let key = ("Idempotency-Key", "once");
        let body = json!({"secret": PASSWORD}).to_string();
        let send = || alice.send("POST", "/api/v1/clients/shop/rotate-secret", &[JSON, key], &body);
        let version = send().ok(200)["version"].clone();
        let again = send();
        assert_eq!((again.header("idempotency-replayed"), &again.ok(200)["version"]), ("true", &version));
    });
}

#[test]
fn a_client_acts_as_a_person_with_less_than_both_may() {
    on_both(|database| {
        let app = with_client(database);
        put_client(
            &app,
            &["tasks:read", "tasks:write", "processes:write", "directory:read"],
            &["user:bob", "role:clerk"],
        );
        put_user(&app, "bob", true, &["boss", "admin", "process_admin", "operator"], Some(PASSWORD));
        put_user(&app, "ann", true, &["clerk"], None);
        let bob = shop(&app, Some(("bob", "tasks:read directory:read definitions:read"))).ok(200);
        assert_eq!(bob["scope"], "tasks:read directory:read", "what both agree on");
        let token = bob["access_token"].as_str().unwrap();
        let (_, claims) = opened(token);
        assert_eq!(
            (&claims["sub"], &claims["act"]["sub"], &claims["client"]),
            (&json!("bob"), &json!("shop"), &json!(false))
        );
        let me = bearer(&app, token).get(ME).ok(200);
        assert_eq!((&me["id"], &me["through"], &me["roles"]), (&json!("bob"), &json!("shop"), &json!(["boss"])));
        bearer(&app, token).get("/api/v1/process-instances").problem(403, "scope_missing");
        let change = json!({"current": PASSWORD, "new": NEW});
        bearer(&app, token).post("/api/v1/auth/password", change).problem(403, "not_in_person");
        assert_eq!(
            shop(&app, Some(("ann", ""))).ok(200)["scope"],
            "tasks:read tasks:write processes:write directory:read"
        );

        // Whom it may not act as, and who is not there, sound the same.
        put_user(&app, "gone", false, &["clerk"], None);
        for other in ["alice", "nobody", "gone", "shop", "bob "] {
            let problem = shop(&app, Some((other, ""))).problem(400, "unauthorized_client");
            assert_eq!(problem["error"], "unauthorized_client");
            assert_eq!(problem["detail"], format!("this client may not act as \"{other}\""));
        }
        shop(&app, Some(("bob", "definitions:read"))).problem(400, "invalid_scope");
        shop(&app, Some(("bob", "everything tasks:read"))).problem(400, "invalid_scope");
        let password = json!({"grant_type": "password", "business": BUSINESS, "username": "bob", "password": PASSWORD, "act_as": "ann"});
        super::ask(&app, &password).problem(400, "invalid_request");
    });
}

#[test]
fn acting_ends_with_the_right_to_it() {
    on_both(|database| {
        let app = with_client(database);
        let node = TestApp::open(database, Limits::default());
        let scopes = ["tasks:read", "directory:read"];
        put_client(&app, &scopes, &["role:clerk"]);
        put_user(&app, "ann", true, &["clerk"], None);
        let token = || shop(&app, Some(("ann", ""))).ok(200)["access_token"].as_str().unwrap().to_owned();
        let alice = app.by("alice");
        let ends = |what: &str, end: &dyn Fn()| {
            let token = token();
            for node in [&app, &node] {
                bearer(node, &token).get(ME).ok(200);
            }
            end();
            // What another node did counts within a second.
            node.advance("PT1S");
            for node in [&app, &node] {
                assert_eq!(bearer(node, &token).get(ME).status, 401, "{what}");
            }
        };
        ends("the client may act as others only", &|| put_client(&app, &scopes, &["role:boss"]));
        put_client(&app, &scopes, &["role:clerk"]);
        ends("the person lost the role", &|| put_user(&app, "ann", true, &["boss"], None));
        put_user(&app, "ann", true, &["clerk"], None);
        ends("the person's tokens were revoked", &|| {
            alice.post("/api/v1/users/ann/revoke-tokens", json!({})).ok(200);
        });
        ends("the client's tokens were revoked", &|| {
            alice.post("/api/v1/clients/shop/revoke-tokens", json!({})).ok(200);
        });
        ends("the person is gone", &|| put_user(&app, "ann", false, &["clerk"], None));
        put_user(&app, "ann", true, &["clerk"], None);
        ends("the client is gone", &|| drop(alice.send("DELETE", "/api/v1/clients/shop", &[], "").ok(200)));
    });
}

#[test]
fn history_tells_the_person_and_who_acted() {
    on_both(|database| {
        let app = with_client(database);
        put_client(
            &app,
            &["tasks:read", "tasks:write", "processes:write", "processes:read", "records:write", "records:read"],
            &["role:clerk"],
        );
        put_user(&app, "ann", true, &["clerk"], None);
        crate::runtime::deploy(
            &app,
            &[("processes/errand.yaml", crate::runtime::ERRAND), ("records/thing.yaml", crate::runtime::THING)],
        );
        let token = shop(&app, Some(("ann", ""))).ok(200)["access_token"].as_str().unwrap().to_owned();
        let (through, ann) = (bearer(&app, &token), app.by("ann"));
        let instance = through.start("errand", json!({"what": "tea"}));
        let task = through.get(&format!("/api/v1/user-tasks?instance={instance}")).ok(200)["items"][0]["id"].clone();
        let task = format!("/api/v1/user-tasks/{}", task.as_str().unwrap());
        through.post(&format!("{task}/claim"), json!({})).ok(200);
        let done = ann.post(&format!("{task}/complete"), json!({})).ok(200);
        assert_eq!(done["completedBy"], "ann");
        let history = ann.get(&format!("/api/v1/process-instances/{instance}/history")).ok(200);
        let entry = |kind: &str| {
            history["items"].as_array().unwrap().iter().find(|entry| entry["kind"] == kind).unwrap().clone()
        };
        for (kind, client) in
            [("instance_started", json!("shop")), ("task_claimed", json!("shop")), ("task_completed", Json::Null)]
        {
            let entry = entry(kind);
            assert_eq!((&entry["actor"], &entry["data"]["through"]), (&json!("ann"), &client), "{entry}");
        }
        let made = through.post("/api/v1/records/thing", json!({"fields": {"name": "pot"}})).ok(201);
        assert_eq!(made["createdBy"], "ann");
        let path = format!("/api/v1/records/thing/{}", made["id"].as_str().unwrap());
        ann.send("PATCH", &path, &[JSON], &json!({"fields": {"name": "kettle"}}).to_string()).ok(200);
        let changes = ann.get(&format!("{path}/history")).ok(200)["items"].clone();
        let told: Vec<(&Json, &Json)> =
            changes.as_array().unwrap().iter().map(|change| (&change["by"], &change["through"])).collect();
        assert_eq!(told, [(&json!("ann"), &json!("shop")), (&json!("ann"), &Json::Null)]);

        // The same idempotency key of the person and of the client for the person are two keys.
        let key = [JSON, ("Idempotency-Key", "same")];
        let body = |name: &str| json!({"fields": {"name": name}}).to_string();
        through.send("POST", "/api/v1/records/thing", &key, &body("cup")).ok(201);
        ann.send("POST", "/api/v1/records/thing", &key, &body("bowl")).ok(201);
    });
}
