//! Who gets a token, and what it allows.

use super::{PASSWORD, ask, bearer, login, put_user, with_client, with_password};
use crate::support::app::BUSINESS;
use crate::support::on_both;
use kamflow::runtime::identity::passwords;
use serde_json::json;

#[test]
fn a_person_gets_a_token_for_a_password() {
    on_both(|database| {
        let app = with_password(database);
        let answer = login(&app, "alice", PASSWORD, None).ok(200);
        assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("Bearer"), &json!(3600)));
        let me = bearer(&app, answer["access_token"].as_str().unwrap()).get("/api/v1/users/me").ok(200);
        assert_eq!((&me["id"], &me["business"]), (&json!("alice"), &json!(BUSINESS)));
        assert_eq!(me["roles"], json!(["admin", "operator", "process_admin"]));
    });
}

#[test]
fn a_wrong_password_an_unknown_user_and_an_inactive_one_hear_the_same() {
    on_both(|database| {
        let app = with_password(database);
        put_user(&app, "gone", false, &["sales_rep"], Some(PASSWORD));
        app.user("silent", &["sales_rep"]);
        let told = |user: &str, password: &str| {
            let problem = login(&app, user, password, None).problem(400, "invalid_grant");
            assert_eq!(problem["error"], "invalid_grant");
            problem["detail"].as_str().unwrap().to_owned()
        };
        let wrong = told("alice", "wrong horse battery");
        assert!(!wrong.contains("alice"), "{wrong}");
        assert_eq!(told("nobody", PASSWORD), wrong);
        assert_eq!(told("gone", PASSWORD), wrong);
        assert_eq!(told("silent", PASSWORD), wrong);
        assert_eq!(told("alice", &"x".repeat(1_000)), wrong);
        let elsewhere =
            json!({"grant_type": "password", "business": "other", "username": "alice", "password": PASSWORD});
        assert_eq!(ask(&app, &elsewhere).problem(400, "invalid_grant")["detail"], wrong);
    });
}

#[test]
fn the_hash_of_nobody_costs_as_much_as_that_of_somebody() {
    let hash = passwords::hash(PASSWORD, "alice").unwrap();
    let parameters = |hash: &str| hash.split('$').skip(1).take(3).collect::<Vec<_>>().join("$");
    assert_eq!(parameters(&hash), "argon2id$v=19$m=19456,t=2,p=1");
    assert!(passwords::verify(PASSWORD, Some(&hash)));
    assert!(!passwords::verify("correct horse batterx", Some(&hash)));
    assert!(!passwords::verify(PASSWORD, None));
    assert!(!passwords::verify(PASSWORD, Some("no hash")));
    assert_ne!(passwords::hash(PASSWORD, "alice").unwrap(), hash, "every hash has a salt of its own");
    for bad in ["", "short", &"x".repeat(1_025), "alice.of.wonderland", "Alice.Of.Wonderland"] {
        assert!(passwords::hash(bad, "alice.of.wonderland").is_err(), "{}", bad.len());
    }
}

#[test]
fn a_program_gets_a_token_for_a_secret() {
    on_both(|database| {
        let app = with_client(database);
        let body = json!({"grant_type": "client_credentials", "business": BUSINESS, "client_id": "shop", "client_secret": PASSWORD});
        let answer = ask(&app, &body).ok(200);
        assert_eq!(answer["scope"], "processes:write tasks:read");
        let me = bearer(&app, answer["access_token"].as_str().unwrap());
        me.get("/api/v1/user-tasks").ok(200);
        me.get("/api/v1/process-instances").problem(403, "scope_missing");

        let wrong = json!({"grant_type": "client_credentials", "business": BUSINESS, "client_id": "shop", "client_secret": "wrong horse battery"});
        let unknown = json!({"grant_type": "client_credentials", "business": BUSINESS, "client_id": "nobody", "client_secret": PASSWORD});
        let (wrong, unknown) = (ask(&app, &wrong), ask(&app, &unknown));
        assert_eq!(wrong.problem(401, "invalid_client")["detail"], unknown.problem(401, "invalid_client")["detail"]);
        assert!(wrong.header("www-authenticate").starts_with("Basic"));
        // A user is no client, and a client no user.
        let user = json!({"grant_type": "client_credentials", "business": BUSINESS, "client_id": "alice", "client_secret": PASSWORD});
        ask(&app, &user).problem(401, "invalid_client");
        login(&app, "shop", PASSWORD, None).problem(400, "invalid_grant");
    });
}

#[test]
fn scopes_can_be_narrowed_and_never_widened() {
    on_both(|database| {
        let app = with_client(database);
        let answer = login(&app, "alice", PASSWORD, Some("tasks:read records:read")).ok(200);
        assert_eq!(answer["scope"], "tasks:read records:read");
        let narrow = bearer(&app, answer["access_token"].as_str().unwrap());
        narrow.get("/api/v1/user-tasks").ok(200);
        let problem = narrow.get("/api/v1/process-instances").problem(403, "scope_missing");
        assert!(problem["detail"].as_str().unwrap().contains("processes:read"), "{problem}");
        let more = json!({"grant_type": "client_credentials", "business": BUSINESS, "client_id": "shop",
            "client_secret": PASSWORD, "scope": "tasks:read admin"});
        let problem = ask(&app, &more).problem(400, "invalid_scope");
        assert_eq!(problem["error"], "invalid_scope");
        assert!(problem["detail"].as_str().unwrap().contains("admin"));
        login(&app, "alice", PASSWORD, Some("everything")).problem(400, "invalid_scope");
    });
}
