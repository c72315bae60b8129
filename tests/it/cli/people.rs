//! user, business, token: who works here.

use super::set_up;
use crate::support::program::{Home, eventually};
use serde_json::json;

#[test]
fn users_are_added_listed_and_sign_in() {
    let (home, _) = set_up();
    let added = home.done(&["user", "add", "li.na", "--name", "李娜", "--role", "sales_rep", "--role", "manager"]);
    assert_eq!(added, "user \"li.na\" of business \"main\" is there\n");
    let listed = home.done(&["user", "list"]);
    assert!(listed.contains("li.na\t李娜\tsales_rep,manager\n"), "{listed}");
    assert!(listed.contains("admin\tAdministrator\tadmin,process_admin,operator\n"), "{listed}");

    let served = home.serve(&[]);
    let token = home.done(&["token", "li.na"]);
    let me = served.client(token.trim()).get("/api/v1/users/me");
    assert_eq!((&me["id"], &me["roles"]), (&json!("li.na"), &json!(["manager", "sales_rep"])));

    // A password comes in by the environment too, where no list of processes shows it.
    let body = json!({"grant_type": "password", "business": "main", "username": "li.na", "password": "correct horse"});
    assert_eq!(served.client("").post("/api/v1/auth/token", body.clone()).status, 400);
    let again = ["user", "add", "li.na", "--name", "李娜", "--role", "sales_rep"];
    assert_eq!(home.run_with(&[("KAMFLOW_PASSWORD", "correct horse")], &again).code, Some(0));
    served.client("").post("/api/v1/auth/token", body).ok(200);
    // The running server sees it within a second: the tokens of before are void, and new ones have the new roles.
    let asked = || served.client(token.trim()).send("GET", "/api/v1/users/me", None).unwrap();
    let void = eventually("the token of before is void", || Some(asked()).filter(|answer| answer.status != 200));
    void.problem(401, "unauthenticated");
    let token = home.done(&["token", "li.na"]);
    assert_eq!(served.client(token.trim()).get("/api/v1/users/me")["roles"], json!(["sales_rep"]));
}

#[test]
fn changing_a_user_keeps_what_assignment_looks_at() {
    let (home, _) = set_up();
    home.done(&["user", "add", "li.na", "--name", "Li Na"]);
    let served = home.serve(&[]);
    let admin = served.client(home.done(&["token", "admin"]).trim());
    let body = json!({"name": "Li Na", "roles": ["sales_rep"], "attributes": {"capacity": 60}});
    admin.send("PUT", "/api/v1/users/li.na", Some(&body)).unwrap().ok(200);
    home.done(&["user", "add", "li.na", "--name", "李娜", "--role", "manager"]);
    let changed = admin.get("/api/v1/users/li.na");
    assert_eq!((&changed["name"], &changed["roles"]), (&json!("李娜"), &json!(["manager"])));
    assert_eq!(changed["attributes"], json!({"capacity": 60}));
}

#[test]
fn a_user_that_makes_no_sense_is_refused() {
    let (home, _) = set_up();
    let told = home.fails(&["user", "add", "li.na", "--name", "Li Na", "--password", "short"]);
    assert!(told.contains("at least 8 characters"), "{told}");
    assert!(home.fails(&["user", "add", "", "--name", "Li Na"]).contains("login"));
    assert!(home.fails(&["user", "list", "--business", "nobody"]).contains("nobody"));
    assert!(home.fails(&["user", "add", "li.na"]).contains("--name"));
    assert!(!home.done(&["user", "list"]).contains("li.na"), "nothing of it is there");
}

#[test]
fn a_token_is_given_only_for_somebody_who_can_use_it() {
    let (home, _) = set_up();
    assert!(home.fails(&["token", "nobody"]).contains("nobody"));
    assert!(home.fails(&["token", "admin", "--business", "nobody"]).contains("nobody"));
    home.done(&["user", "add", "li.na", "--name", "Li Na"]);
    let served = home.serve(&[]);
    let admin = served.client(home.done(&["token", "admin"]).trim());
    let body = json!({"name": "Li Na", "active": false});
    admin.send("PUT", "/api/v1/users/li.na", Some(&body)).unwrap().ok(200);
    assert!(home.fails(&["token", "li.na"]).contains("not active"));
}

#[test]
fn businesses_are_added_and_listed() {
    let (home, _) = set_up();
    let added = home.done(&["business", "add", "north", "--title", "North", "--title-zh", "北方"]);
    assert_eq!(added, "business \"north\" is there; revision 1 is active\n");
    let listed = home.done(&["business", "list"]);
    assert!(listed.contains("north\tNorth\t北方\trevision 1\n") && listed.contains("main\t"), "{listed}");
    for (arguments, told) in [
        (&["business", "add", "north", "--title", "N"][..], "there is already a business \"north\""),
        (&["business", "add", "a b", "--title", "N"], "business"),
        (&["business", "add", "south", "--title", "S", "--currency", "YUAN"], "ISO 4217"),
        (&["business", "add", "south", "--title", "S", "--time-zone", "Mars/Olympus"], "IANA time zone"),
    ] {
        let sentence = home.fails(arguments);
        assert!(sentence.contains(told), "{arguments:?}: {sentence}");
    }
    assert_eq!(home.done(&["business", "list"]).lines().count(), 2);
}

#[test]
fn a_command_in_the_wrong_folder_says_so() {
    let home = Home::empty();
    for arguments in [&["check"][..], &["test"], &["deploy"]] {
        assert!(home.fails(arguments).contains("workflows"), "{arguments:?}");
    }
    assert!(home.fails(&["check", "--folder", "nowhere"]).contains("nowhere"));
}
