//! Passwords that change and people who go: every token of before is void, on every node.

use super::{ME, PASSWORD, bearer, login, put_user, with_password};
use crate::support::app::{BUSINESS, CHINESE, JSON, TestApp};
use crate::support::on_both;
use kamflow::api::Limits;
use kamflow::runtime::request::{Change, Holder};
use serde_json::json;

const NEW: &str = "another horse battery";

#[test]
fn a_person_changes_the_password_and_every_token_of_before_is_void() {
    on_both(|database| {
        let app = with_password(database);
        let node = TestApp::open(database, Limits::default());
        put_user(&app, "bob", true, &["sales_rep"], Some(PASSWORD));
        let [one, two] = [(), ()].map(|()| {
            let token = login(&app, "bob", PASSWORD, None).ok(200)["access_token"].as_str().unwrap().to_owned();
            bearer(&app, &token).get(ME).ok(200);
            bearer(&node, &token).get(ME).ok(200);
            token
        });
        let change = |current: &str, new: &str| {
            bearer(&app, &one).post("/api/v1/auth/password", json!({"current": current, "new": new}))
        };
        let problem = change("not the password", NEW).problem(422, "wrong_password");
        assert_eq!(problem["errors"][0]["pointer"], "/current");
        for weak in ["short", "bob", &"x".repeat(1_025)] {
            let problem = change(PASSWORD, weak).problem(422, "weak_password");
            assert_eq!(problem["errors"][0]["pointer"], "/new");
        }
        bearer(&app, &two).get(ME).ok(200);
        change(PASSWORD, NEW).ok(200);
        // What another node did counts within a second.
        node.advance("PT1S");
        for token in [&one, &two] {
            for node in [&app, &node] {
                let void = bearer(node, token).get(ME).problem(401, "unauthenticated");
                assert!(void["detail"].as_str().unwrap().contains("void"), "{void}");
            }
        }
        login(&app, "bob", PASSWORD, None).problem(400, "invalid_grant");
        let token = login(&node, "bob", NEW, None).ok(200)["access_token"].as_str().unwrap().to_owned();
        bearer(&app, &token).get(ME).ok(200);
        app.by("alice").get(ME).ok(200);
    });
}

#[test]
fn a_password_that_was_changed_in_the_meantime_is_not_changed_back() {
    on_both(|database| {
        let app = with_password(database);
        put_user(&app, "bob", true, &["sales_rep"], Some(PASSWORD));
        let actor = kamflow::model::actor::Actor::of(BUSINESS.into(), "bob".into());
        // What was checked is not the password any more when it comes to the write.
        let change = Change::ChangePassword { seen: "$argon2id$another".into(), new: NEW.into() };
        let request = kamflow::runtime::request::Request { actor, change, idempotency: None, if_match: None };
        let refused = app.wait(app.runtime.execute(request)).unwrap_err();
        assert_eq!(refused.code, "password_changed");
        login(&app, "bob", PASSWORD, None).ok(200);
    });
}

#[test]
fn an_administrator_who_sets_a_password_voids_the_tokens_as_well() {
    on_both(|database| {
        let app = with_password(database);
        put_user(&app, "bob", true, &["sales_rep"], Some(PASSWORD));
        let bob = app.by("bob");
        // Roles alone do not: they are read at every request.
        put_user(&app, "bob", true, &["manager"], None);
        bob.get(ME).ok(200);
        let alice = app.by("alice");
        let put = |password: &str| {
            let body = json!({"name": "Bob", "roles": ["manager"], "password": password}).to_string();
            alice.send("PUT", "/api/v1/users/bob", &[JSON, CHINESE], &body)
        };
        assert_eq!(put("Bob").problem(422, "weak_password")["errors"][0]["pointer"], "/password");
        bob.get(ME).ok(200);
        put(NEW).ok(200);
        bob.get(ME).problem(401, "unauthenticated");
        login(&app, "bob", NEW, None).ok(200);
    });
}

#[test]
fn every_token_of_a_user_or_a_client_is_revoked_everywhere() {
    on_both(|database| {
        let app = super::with_client(database);
        let node = TestApp::open(database, Limits::default());
        app.user("bob", &["sales_rep"]);
        let shop = super::shop(&app, None).ok(200)["access_token"].as_str().unwrap().to_owned();
        let bob = app.token(BUSINESS, "bob", None);
        for token in [&shop, &bob] {
            bearer(&app, token).get(ME).ok(200);
            bearer(&node, token).get(ME).ok(200);
        }
        let alice = app.by("alice");
        app.by("bob").post("/api/v1/users/alice/revoke-tokens", json!({})).problem(403, "role_missing");
        alice.post("/api/v1/users/bob/revoke-tokens", json!({})).ok(200);
        // What another node did counts within a second.
        node.advance("PT1S");
        for node in [&app, &node] {
            bearer(node, &bob).get(ME).problem(401, "unauthenticated");
            bearer(node, &shop).get(ME).ok(200);
        }
        alice.post("/api/v1/clients/shop/revoke-tokens", json!({})).ok(200);
        node.advance("PT1S");
        for node in [&app, &node] {
            bearer(node, &shop).get(ME).problem(401, "unauthenticated");
        }
        // New ones are good, although the clock stands still; and so they are after a second time.
        bearer(&node, &node.token(BUSINESS, "bob", None)).get(ME).ok(200);
        app.change(BUSINESS, Change::VoidTokens(Holder::User("bob".into())));
        bearer(&node, &node.token(BUSINESS, "bob", None)).get(ME).ok(200);
        for path in ["users/nobody", "clients/nobody", "clients/bob", "users/shop"] {
            alice.post(&format!("/api/v1/{path}/revoke-tokens"), json!({})).problem(404, "not_found");
        }
    });
}

#[test]
fn what_reaches_beyond_the_business_is_given_by_an_operator_only() {
    on_both(|database| {
        let app = with_password(database);
        app.user("carol", &["admin"]);
        let carol = app.by("carol");
        let put = |path: &str, body: serde_json::Value| carol.send("PUT", path, &[JSON], &body.to_string());
        put("/api/v1/users/carol", json!({"name": "Carol", "roles": ["admin", "operator"]}))
            .problem(403, "role_missing");
        let client = json!({"name": "X", "secret": PASSWORD, "scopes": ["admin"], "roles": ["operator"]});
        put("/api/v1/clients/x", client).problem(403, "role_missing");
        // Nor does she become an operator by giving one a password that she knows.
        put("/api/v1/users/alice", json!({"name": "Alice", "password": NEW})).problem(403, "role_missing");
        login(&app, "alice", NEW, None).problem(400, "invalid_grant");
        put("/api/v1/users/bob", json!({"name": "Bob", "roles": ["admin", "process_admin"]})).ok(200);
        for (method, path) in [
            ("POST", "/api/v1/signing-keys/rotate"),
            ("POST", "/api/v1/signing-keys/x/retire"),
            ("GET", "/api/v1/signing-keys"),
        ] {
            carol.send(method, path, &[], "").problem(403, "role_missing");
        }
    });
}
