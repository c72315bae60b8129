//! Who may provision, what nobody may, and what is told to everybody.

use super::{Directory, SCIM, SECRET, connect, filtered, patch};
use crate::support::app::{BUSINESS, JSON, TestApp};
use crate::support::{on_both, sqlite};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kamflow::api::Limits;
use kamflow::model::ids::BusinessId;
use kamflow::model::text::Text;
use kamflow::server::first_run;
use serde_json::{Value, json};

#[test]
fn it_takes_the_scope_and_the_role() {
    let database = sqlite();
    let directory = Directory::start(&database);
    directory.app.user("bob", &["sales_rep"]);
    let as_bob = directory.app.by("bob").get("/scim/v2/Users").scim_error(403, "");
    assert!(as_bob["detail"].as_str().unwrap().contains("\"admin\""), "{as_bob}");
    let scopes = ["directory:read", "directory:write", "admin"];
    let narrow = format!("Bearer {}", directory.app.token(BUSINESS, "alice", Some(&scopes)));
    let answer = directory.app.with_authorization(&narrow).get("/scim/v2/Users");
    answer.scim_error(403, "");
    assert!(answer.header("www-authenticate").contains("scope=\"scim\""));
    // And nothing but this is open to it.
    let directory_alone = directory.app.with_authorization(&directory.authorization);
    directory_alone.get("/api/v1/users").problem(403, "scope_missing");
    directory_alone.put("/api/v1/users/eve", json!({"name": "Eve", "roles": ["admin"]})).problem(403, "scope_missing");
    directory.app.send("GET", "/scim/v2/Users", &[], "").scim_error(401, "");
}

#[test]
fn a_directory_can_show_its_secret_in_place_of_a_token() {
    let database = sqlite();
    let limits = Limits { attempts_per_user: 3, ..Limits::default() };
    let app = TestApp::open(&database, limits);
    let business = BusinessId::from(BUSINESS);
    app.wait(first_run::create_business(&app.runtime, &business, Text::same("Main"))).unwrap();
    app.user("alice", &["admin"]);
    connect(&app, BUSINESS);
    let basic = |id: &str, secret: &str| format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    let get = |authorization: &str| app.with_authorization(authorization).get("/scim/v2/Users");
    let good = basic("main/directory", &SECRET.replace(' ', "+"));
    for _ in 0..5 {
        assert_eq!(get(&good).ok(200)["totalResults"], 1);
    }
    for wrong in [
        "Basic",
        "Basic x",
        &basic("directory", SECRET),
        &basic("other/directory", SECRET),
        &basic("main/alice", SECRET),
    ] {
        get(wrong).scim_error(401, "");
    }
    // Nothing but SCIM opens to it, and its token ends as every other does.
    app.with_authorization(&good).get("/api/v1/users").problem(401, "unauthenticated");
    app.by("alice").post("/api/v1/clients/directory/revoke-tokens", json!({})).ok(200);
    get(&good).ok(200);
    let new = json!({"name": "Directory", "secret": "another long text", "scopes": ["scim"], "roles": []});
    app.by("alice").put("/api/v1/clients/directory", new).ok(200);
    get(&good).scim_error(401, "");
    let good = basic("main/directory", "another+long+text");
    get(&good).scim_error(403, "");
    for _ in 0..3 {
        get(&basic("main/directory", "guessed")).scim_error(401, "");
    }
    let late = get(&basic("main/directory", "guessed again"));
    late.scim_error(429, "");
    assert!(!late.header("retry-after").is_empty());
    get(&good).scim_error(403, "");
    app.by("alice").send("DELETE", "/api/v1/clients/directory", &[JSON], "").ok(200);
    get(&good).scim_error(429, "");
}

#[test]
fn an_operator_is_out_of_reach_and_nobody_becomes_one() {
    on_both(|database| {
        let directory = Directory::start(database);
        let off = json!({"op": "replace", "path": "active", "value": false});
        directory.patch("/Users/alice", off).scim_error(403, "");
        directory.delete("/Users/alice").scim_error(403, "");
        directory.send("PUT", "/Users/alice", json!({"userName": "alice", "displayName": "x"})).scim_error(403, "");
        assert_eq!(directory.app.by("alice").get("/api/v1/users/alice").ok(200)["active"], true);
        directory.user("bob");
        directory.group("operator", &["bob"]);
        assert_eq!(directory.roles("bob"), json!([]));
    });
}

#[test]
fn a_password_of_before_does_not_open_the_account_of_whoever_comes_after() {
    on_both(|database| {
        let directory = Directory::start(database);
        let alice = directory.app.by("alice");
        alice.put("/api/v1/users/bob", json!({"name": "Bob", "password": SECRET})).ok(200);
        let login = || {
            let body = json!({"grant_type": "password", "business": BUSINESS, "username": "bob", "password": SECRET});
            directory.app.send("POST", "/api/v1/auth/token", &[JSON], &body.to_string())
        };
        login().ok(200);
        assert_eq!(directory.delete("/Users/bob").status, 204);
        login().problem(400, "invalid_grant");
        directory.user("bob");
        login().problem(400, "invalid_grant");
        // Who is made active again by hand is shown to the directory again.
        directory.delete("/Users/bob");
        alice.put("/api/v1/users/bob", json!({"name": "Bob"})).ok(200);
        assert_eq!(directory.get("/Users/bob").ok(200)["active"], true);
        directory.send("POST", "/Users", json!({"userName": "bob"})).scim_error(409, "uniqueness");
    });
}

#[test]
fn businesses_do_not_see_one_another() {
    on_both(|database| {
        let directory = Directory::start(database);
        let other = BusinessId::from("other");
        directory.app.wait(first_run::create_business(&directory.app.runtime, &other, Text::same("Other"))).unwrap();
        let token = connect(&directory.app, "other");
        let others = |method: &str, path: &str, body: Value| {
            let body = if body.is_null() { String::new() } else { body.to_string() };
            let headers = [("Authorization", token.as_str()), SCIM];
            directory.app.send(method, &format!("/scim/v2{path}"), &headers, &body)
        };
        directory.send("POST", "/Users", json!({"userName": "bob", "emails": [{"value": "b@x.y"}]})).ok(201);
        let group = directory.group("sales_rep", &["bob"]);
        assert_eq!(others("GET", "/Users", Value::Null).ok(200)["totalResults"], 0);
        assert_eq!(others("GET", "/Groups", Value::Null).ok(200)["totalResults"], 0);
        assert_eq!(others("GET", &filtered("Users", r#"emails eq "b@x.y""#), Value::Null).ok(200)["totalResults"], 0);
        for path in ["/Users/bob".to_owned(), format!("/Groups/{group}")] {
            let edits = patch(json!([{"op": "replace", "path": "displayName", "value": "x"}]));
            others("GET", &path, Value::Null).scim_error(404, "");
            others("PATCH", &path, edits).scim_error(404, "");
            others("PUT", &path, json!({"userName": "bob", "displayName": "x"})).scim_error(404, "");
            others("DELETE", &path, Value::Null).scim_error(404, "");
        }
        // The same names are free there, and stay their own.
        others("POST", "/Groups", json!({"displayName": "sales_rep", "members": [{"value": "bob"}]}))
            .scim_error(400, "invalidValue");
        others("POST", "/Users", json!({"userName": "bob", "emails": [{"value": "other@x.y"}]})).ok(201);
        others("POST", "/Groups", json!({"displayName": "sales_rep", "members": [{"value": "bob"}]})).ok(201);
        others("DELETE", "/Users/bob", Value::Null);
        assert_eq!(directory.ids(&filtered("Users", r#"emails eq "b@x.y" and active eq true"#)), ["bob"]);
        assert_eq!(directory.roles("bob"), json!(["sales_rep"]));
    });
}

#[test]
fn the_same_request_under_one_key_is_carried_out_once() {
    on_both(|database| {
        let directory = Directory::start(database);
        let key = [("Idempotency-Key", "k-1")];
        let create = || directory.with("POST", "/Users", &key, json!({"userName": "bob"}));
        let (first, second) = (create(), create());
        assert_eq!((second.header("idempotency-replayed"), second.ok(201)), ("true", first.ok(201)));
        let key = [("Idempotency-Key", "k-2")];
        let delete = || directory.with("DELETE", "/Users/bob", &key, Value::Null).status;
        assert_eq!((delete(), delete()), (204, 204));
        directory.delete("/Users/bob").scim_error(404, "");
    });
}

#[test]
fn what_is_served_is_told_to_everybody() {
    let database = sqlite();
    let directory = Directory::start(&database);
    let told = |path: &str| {
        let answer = directory.app.send("GET", &format!("/scim/v2{path}"), &[], "");
        assert_eq!(answer.header("content-type"), "application/scim+json");
        answer.ok(200)
    };
    let config = told("/ServiceProviderConfig");
    for (what, supported) in
        [("patch", true), ("bulk", false), ("filter", true), ("changePassword", false), ("sort", false), ("etag", true)]
    {
        assert_eq!(config[what]["supported"], supported, "{what}");
    }
    assert_eq!(config["filter"]["maxResults"], 500);
    for (list, number) in [("/ResourceTypes", 2), ("/Schemas", 4)] {
        let all = told(list);
        assert_eq!(all["totalResults"], number);
        for one in all["Resources"].as_array().unwrap() {
            let location = one["meta"]["location"].as_str().unwrap().strip_prefix("/scim/v2").unwrap();
            assert_eq!(&told(location), one);
        }
    }
    let user = told("/Schemas/urn:ietf:params:scim:schemas:core:2.0:User");
    let name = user["attributes"].as_array().unwrap().iter().find(|attribute| attribute["name"] == "userName").unwrap();
    assert_eq!((&name["mutability"], &name["uniqueness"]), (&json!("immutable"), &json!("server")));
    for path in ["/Me", "/Bulk", "/.search"] {
        directory.send("POST", path, json!({})).scim_error(501, "");
    }
    directory.get("/Schemas/urn:nothing").scim_error(404, "");
    directory.get("/Nothing").scim_error(404, "");
    directory.send("DELETE", "/Users", Value::Null).scim_error(405, "");
    let text = [("Authorization", directory.authorization.as_str()), ("Content-Type", "text/plain")];
    directory.app.send("POST", "/scim/v2/Users", &text, "{}").scim_error(415, "");
    let json = [("Authorization", directory.authorization.as_str()), JSON];
    directory.app.send("POST", "/scim/v2/Users", &json, r#"{"userName": "bob"}"#).ok(201);
}
