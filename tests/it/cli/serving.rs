//! serve: what it says of the folders, and what it deploys on save.

use super::{BROKEN, set_up};
use crate::support::program::{Home, Served, eventually};
use kamflow::model::json::Json;
use std::net::TcpListener;

const RULE: &str = "plugins/customer-assignment/assign.rhai";
const LINE: (&str, &str) = ("\"manufacturing\": [],", "\"manufacturing\": [\"zhao.lei\"],");

#[test]
fn a_server_says_that_the_folders_differ() {
    let (home, _) = set_up();
    home.edit(RULE, LINE.0, LINE.1);
    let served = home.serve(&[]);
    let said = served.said();
    assert!(said.contains("business \"main\": 1 files differ from revision 1: run kamflow deploy"), "{said}");
    assert_eq!(active(&home, &served), 1, "it is said, not deployed");
    home.done(&["deploy"]);
    eventually("the running server uses what was deployed", || (active(&home, &served) == 2).then_some(()));
}

#[test]
fn a_server_without_folders_serves_what_is_deployed_and_says_so() {
    let (home, _) = set_up();
    std::fs::rename(home.path("workflows"), home.path("elsewhere")).unwrap();
    std::fs::rename(home.path("plugins"), home.path("elsewhere-too")).unwrap();
    let mut served = home.serve(&["--watch"]);
    assert!(served.wait_for("serving what is deployed").is_some(), "{}", served.said());
    assert!(served.wait_for("not watching").is_some(), "{}", served.said());
    assert_eq!(active(&home, &served), 1);
}

#[test]
fn what_is_saved_is_deployed_and_what_is_broken_is_not() {
    let (home, _) = set_up();
    let mut served = home.serve(&["--watch"]);
    assert!(served.wait_for("watching workflows/ and plugins/").is_some(), "{}", served.said());
    home.edit(RULE, LINE.0, LINE.1);
    eventually("the save is deployed", || (active(&home, &served) == 2).then_some(()));

    let (file, right, wrong) = BROKEN;
    home.edit(file, right, wrong);
    assert!(served.wait_for("not deployed, the last good revision stays active").is_some(), "{}", served.said());
    assert!(served.wait_for(&format!("{file}:")).is_some(), "{}", served.said());
    assert_eq!(active(&home, &served), 2);

    home.edit(file, wrong, right);
    home.edit(RULE, LINE.1, "\"manufacturing\": [\"sun.yue\"],");
    eventually("the mended save is deployed", || (active(&home, &served) == 3).then_some(()));
    served.terminate();
    assert_eq!(served.ended().0, Some(0));
}

#[test]
fn a_taken_port_is_told() {
    let (home, _) = set_up();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let sentence = home.fails(&["serve", "--listen", &address]);
    assert!(sentence.contains(&format!("cannot listen on {address}")), "{sentence}");
}

#[test]
fn the_log_is_events_as_text_or_as_json_and_shows_no_secret() {
    let (home, password) = set_up();
    let served = home.serve(&["--log", "trace", "--log-format", "json"]);
    let body =
        serde_json::json!({"grant_type": "password", "business": "main", "username": "admin", "password": password});
    let token = served.client("").post("/api/v1/auth/token", body).ok(200)["access_token"].as_str().unwrap().to_owned();
    let admin = served.client(&token);
    let body = serde_json::json!({"name": "Li Na", "roles": ["sales_rep"], "password": "s3cret-s3cret"});
    admin.send("PUT", "/api/v1/users/li.na", Some(&body)).unwrap().ok(200);
    let body = serde_json::json!({"name": "Shop", "secret": "s3cret-s3cret", "scopes": ["tasks:read"]});
    admin.send("PUT", "/api/v1/clients/shop", Some(&body)).unwrap().ok(200);
    served.terminate();
    let (code, said) = served.ended();
    assert_eq!(code, Some(0));
    for secret in [password.as_str(), token.as_str(), "s3cret-s3cret"] {
        assert!(!said.contains(secret), "the log shows a secret");
    }
    let events: Vec<Json> = said.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert!(events.iter().any(|event| event["fields"].is_object() && event["level"].is_string()), "{said}");
}

/// The number of the active revision, as the running server knows it.
fn active(home: &Home, served: &Served) -> i64 {
    let client = served.client(home.done(&["token", "admin"]).trim());
    let deployments = client.get("/api/v1/deployments");
    let all = deployments["items"].as_array().unwrap();
    all.iter().find(|one| one["active"] == true).unwrap()["number"].as_i64().unwrap()
}
