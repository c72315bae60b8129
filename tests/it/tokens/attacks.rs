//! Every single change that a valid token must not survive: our own list (`attacks.json`), and one from elsewhere in the
//! same form where there is one.

use super::craft::{cooked, private_key};
use super::{ME, bearer};
use crate::support::app::{BUSINESS, TestApp};
use crate::support::{TestDatabase, on_both};
use kamflow::model::json::Json;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;

#[test]
fn no_token_of_our_list_comes_in() {
    let list: Json = serde_json::from_str(include_str!("attacks.json")).unwrap();
    let ids: BTreeSet<&str> = cases(&list).iter().map(|case| case["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), cases(&list).len(), "each has its own id");
    on_both(|database| all_are_refused(database, &list));
}

#[test]
fn no_token_of_a_list_from_elsewhere_comes_in() {
    let file = match std::env::var_os("KAMFLOW_JWT_ATTACKS") {
        Some(file) => PathBuf::from(file),
        None => PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/jwt_attacks.json")),
    };
    let Ok(text) = std::fs::read_to_string(&file) else {
        // Our own list has every kind of it; this one is one more witness.
        eprintln!("skipped: there is no {}; KAMFLOW_JWT_ATTACKS can name another list", file.display());
        return;
    };
    let list: Json = serde_json::from_str(&text).unwrap();
    on_both(|database| all_are_refused(database, &list));
}

fn cases(list: &Json) -> &Vec<Json> {
    list["cases"].as_array().unwrap()
}

fn all_are_refused(database: &TestDatabase, list: &Json) {
    let app = TestApp::start(database);
    let token = app.token(BUSINESS, "alice", None);
    let key = private_key(database);
    // The same steps without a change give a token that is taken: what is refused is refused for its change.
    let honest = cooked(&app, &token, &key, &json!({}));
    app.with_authorization(&honest).get(ME).ok(200);
    for case in cases(list) {
        let id = case["id"].as_str().unwrap();
        let authorization = cooked(&app, &token, &key, &case["recipe"]);
        let answer = app.with_authorization(&authorization).get(ME);
        let status = case["expect_status"].as_u64().unwrap();
        assert_eq!(u64::from(answer.status), status, "{id}: {}", answer.text);
        if status == 200 {
            continue;
        }
        answer.problem(401, "unauthenticated");
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{id}");
        // Asked again, nothing of it is remembered as good.
        assert_eq!(app.with_authorization(&authorization).get(ME).status, 401, "{id}");
    }
    app.with_authorization(&honest).get(ME).ok(200);
    // A good token without the scope is known, and refused with 403.
    let narrow = app.token(BUSINESS, "alice", Some(&["tasks:read"]));
    let answer = bearer(&app, &narrow).get("/api/v1/users");
    answer.problem(403, "scope_missing");
    assert!(answer.header("www-authenticate").contains("insufficient_scope"));
}
