//! The first run, the second one, and a first run that failed half way.

use super::{BROKEN, set_up};
use crate::support::program::{Home, Served, eventually};
use kamflow::model::json::Json;
use serde_json::json;

#[test]
fn the_first_run_sets_everything_up_and_says_what_to_do_next() {
    let home = Home::with_project();
    let served = home.serve(&[]);
    let said = served.said();
    for line in [
        "created the database sqlite:kamflow.db",
        "created business \"main\" and deployed revision 1",
        "this password is shown only now",
        "business main   user admin   password ",
        "kamflow user add LOGIN --name NAME --role ",
        "kamflow serve --demo",
        "kamflow listens on http://127.0.0.1:",
    ] {
        assert!(said.contains(line), "\"{line}\" is missing:\n{said}");
    }
    assert!(home.path("kamflow.db").is_file());
    let password = said.split("password ").last().unwrap().split_whitespace().next().unwrap();
    assert!(password.len() >= 20, "{password}");
    let me = sign_in(&served, "main", "admin", password);
    assert_eq!(me["roles"], json!(["admin", "operator", "process_admin"]));
}

#[test]
fn the_second_run_changes_nothing_and_shows_no_password() {
    let (home, password) = set_up();
    let served = home.serve(&[]);
    let said = served.said();
    assert!(!said.contains("password") && !said.contains("created") && !said.contains("differ"), "{said}");
    sign_in(&served, "main", "admin", &password);
}

#[test]
fn a_first_run_that_failed_is_done_again() {
    let home = Home::with_project();
    let (file, right, wrong) = BROKEN;
    home.edit(file, right, wrong);
    let refused = home.fails(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(refused.contains(file), "{refused}");
    home.edit(file, wrong, right);
    let served = home.serve(&[]);
    let said = served.said();
    let password = said.split("password ").last().unwrap().split_whitespace().next().unwrap();
    sign_in(&served, "main", "admin", password);
}

#[test]
fn a_first_run_without_a_project_makes_nothing_half() {
    let home = Home::empty();
    let refused = home.fails(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(refused.contains("workflows"), "{refused}");
    assert_eq!(home.done(&["business", "list"]), "");
}

#[test]
fn the_demonstration_twice_is_harmless() {
    let home = Home::with_project();
    let first = home.serve(&["--demo"]);
    let said = first.said();
    assert!(said.contains("300 records of type \"customer\""), "{said}");
    assert!(said.contains("demo-2026"), "{said}");
    let counted = counts(&first);
    first.terminate();
    assert_eq!(first.ended().0, Some(0));
    let second = home.serve(&["--demo"]);
    assert!(second.said().contains("demo-2026"), "{}", second.said());
    assert!(!second.said().contains("took"), "{}", second.said());
    assert_eq!(counts(&second), counted);
    // The client of the channels is there too.
    let body = json!({"grant_type": "client_credentials", "business": "demo", "client_id": "integration", "client_secret": "demo-2026"});
    second.client("").post("/api/v1/auth/token", body).ok(200);
}

#[test]
fn migrating_says_what_ran_and_then_that_nothing_is_to_do() {
    let home = Home::empty();
    let first = home.done(&["migrate"]);
    assert!(first.lines().all(|line| line.starts_with("ran migration ")) && !first.is_empty(), "{first}");
    assert_eq!(home.done(&["migrate"]), "the database is up to date\n");
}

fn sign_in(served: &Served, business: &str, user: &str, password: &str) -> Json {
    let body = json!({"grant_type": "password", "business": business, "username": user, "password": password});
    let token = served.client("").post("/api/v1/auth/token", body).ok(200);
    served.client(token["access_token"].as_str().unwrap()).get("/api/v1/users/me")
}

fn counts(served: &Served) -> Json {
    let body = json!({"grant_type": "password", "business": "demo", "username": "ma.li", "password": "demo-2026"});
    let token = eventually("somebody of the demonstration signs in", || {
        let answer = served.client("").post("/api/v1/auth/token", body.clone());
        (answer.status == 200).then(|| answer.json())
    });
    let client = served.client(token["access_token"].as_str().unwrap());
    json!({
        "customers": client.get("/api/v1/records/customer")["total"],
        "users": client.get("/api/v1/users")["total"],
    })
}
