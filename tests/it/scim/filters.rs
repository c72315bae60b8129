//! Filters: every comparison that is served, the same on both databases, and clear words for every other.

use super::{Directory, filtered};
use crate::support::{on_both, sqlite};
use serde_json::json;

fn filled(directory: &Directory) {
    let users = [
        json!({"userName": "Bob", "displayName": "Bob Ölmann", "externalId": "X1", "emails": [{"value": "Bob@Work.example", "type": "work", "primary": true}]}),
        json!({"userName": "carol", "displayName": "Carol 100%_", "externalId": "x1", "active": false}),
        json!({"userName": "dave@example.com", "displayName": "Dave O'Neil \\", "emails": [{"value": "dave@home.example", "type": "home"}, {"value": "d@work.example", "type": "work"}]}),
        json!({"userName": "李娜", "displayName": "李娜", "externalId": "100%_"}),
    ];
    for user in users {
        directory.send("POST", "/Users", user).ok(201);
    }
}

#[test]
fn users_are_found_by_what_is_served() {
    on_both(|database| {
        let directory = Directory::start(database);
        filled(&directory);
        let found = |filter: &str| directory.ids(&filtered("Users", filter)).join(" ");
        let all = "Bob alice carol dave@example.com 李娜";
        for (filter, expected) in [
            (r#"userName eq "bob""#, "Bob"),
            (r#"USERNAME Eq "BOB""#, "Bob"),
            (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "bob""#, "Bob"),
            (r#"id eq "bob""#, ""),
            (r#"id eq "Bob""#, "Bob"),
            (r#"id eq "\u0042ob""#, "Bob"),
            (r#"userName eq "李娜""#, "李娜"),
            (r#"userName sw "DAVE@""#, "dave@example.com"),
            (r#"userName ew ".COM""#, "dave@example.com"),
            (r#"userName ew "longer than any login is""#, ""),
            (r#"userName ne "bob""#, "alice carol dave@example.com 李娜"),
            (r#"externalId eq "x1""#, "carol"),
            (r#"externalId ne "x1""#, "Bob alice dave@example.com 李娜"),
            (r#"externalId pr"#, "Bob carol 李娜"),
            (r#"not (externalId pr)"#, "alice dave@example.com"),
            (r#"externalId co "%""#, "李娜"),
            (r#"externalId sw "X""#, "Bob"),
            (r#"displayName co "%_""#, "carol"),
            (r#"displayName co """#, all),
            (r#"displayName eq "DAVE o'neil \\""#, "dave@example.com"),
            (r#"displayName sw "李""#, "李娜"),
            (r#"displayName pr"#, all),
            (r#"active eq true"#, "Bob alice dave@example.com 李娜"),
            (r#"active eq "False""#, "carol"),
            (r#"active ne true"#, "carol"),
            (r#"emails pr"#, "Bob dave@example.com"),
            (r#"emails eq "BOB@work.example""#, "Bob"),
            (r#"emails.value ew "@work.example""#, "Bob dave@example.com"),
            (r#"emails[type eq "work" and value sw "dave"]"#, ""),
            (r#"emails[type eq "HOME" and value sw "dave"]"#, "dave@example.com"),
            (r#"emails.type eq "work" and emails.value sw "dave""#, "dave@example.com"),
            (r#"emails[not (type eq "work") or primary eq true]"#, "Bob dave@example.com"),
            (r#"userName eq "bob" or userName eq "carol" and active eq true"#, "Bob"),
            (r#"(userName eq "bob" or userName eq "carol") and active eq false"#, "carol"),
            (r#"not (userName eq "bob" or (active eq false))"#, "alice dave@example.com 李娜"),
            (r#"not(userName eq "bob")and(active eq true)"#, "alice dave@example.com 李娜"),
            (r#"userName eq "x' OR '1'='1""#, ""),
        ] {
            assert_eq!(found(filter), expected, "{filter}");
        }
        let list = directory.get(&format!("{}&count=1&startIndex=2", filtered("Users", "active eq true"))).ok(200);
        assert_eq!((&list["totalResults"], &list["Resources"][0]["id"]), (&json!(4), &json!("alice")));
    });
}

#[test]
fn groups_are_found_by_what_is_served() {
    on_both(|database| {
        let directory = Directory::start(database);
        let id = directory.group("East", &["alice"]);
        directory.group("West", &[]);
        directory.send("POST", "/Groups", json!({"displayName": "North", "externalId": "n-1"})).ok(201);
        let found = |filter: &str| {
            let list = directory.get(&format!("{}&excludedAttributes=members", filtered("Groups", filter))).ok(200);
            let names = list["Resources"].as_array().unwrap().iter();
            let mut names: Vec<String> = names.map(|group| group["displayName"].as_str().unwrap().to_owned()).collect();
            names.sort();
            assert!(list["Resources"].as_array().unwrap().iter().all(|group| group.get("members").is_none()));
            names.join(" ")
        };
        assert_eq!(found(r#"displayName eq "east""#), "East");
        assert_eq!(found(r#"displayName ew "st" and not (displayName sw "e")"#), "West");
        assert_eq!(found(r#"externalId eq "n-1""#), "North");
        assert_eq!(found(r#"members eq "alice""#), "East");
        assert_eq!(found(r#"members.value eq "nobody""#), "");
        assert_eq!(found(r#"members[value eq "alice"]"#), "East");
        assert_eq!(found(&format!(r#"id eq "{id}" and members eq "alice""#)), "East");
        for wrong in [r#"members pr"#, r#"members.display eq "x""#, r#"userName eq "x""#, r#"members[type eq "User"]"#]
        {
            directory.get(&filtered("Groups", wrong)).scim_error(400, "invalidFilter");
        }
    });
}

#[test]
fn what_cannot_be_read_or_is_not_served_is_said() {
    let database = sqlite();
    let directory = Directory::start(&database);
    let deep = format!("{}active eq true{}", "(".repeat(30), ")".repeat(30));
    let many = vec!["active eq true"; 101].join(" or ");
    for wrong in [
        "",
        " ",
        "userName",
        "userName eq",
        "userName eq bob",
        r#"userName xx "bob""#,
        r#"userName eq "bob"#,
        r#"userName eq "bob" and"#,
        r#"userName eq "bob" userName"#,
        r#"(userName eq "bob""#,
        r#"userName eq "bob")"#,
        r#"not userName eq "bob""#,
        "emails[type eq \"work\"",
        "emails[]",
        r#"userName eq ["bob"]"#,
        r#""bob" eq userName"#,
        r#"userName eq {}"#,
        "userName eq 7",
        "userName eq null",
        "active eq \"maybe\"",
        r#"userName gt "a""#,
        "active co true",
        r#"name.givenName eq "x""#,
        r#"title eq "x""#,
        r#"meta.created gt "2026""#,
        r#"addresses[type eq "work"]"#,
        r#"emails[emails[type eq "x"]]"#,
        r#"emails[display eq "x"]"#,
        "7 eq 7",
        &deep,
        &many,
    ] {
        directory.get(&filtered("Users", wrong)).scim_error(400, "invalidFilter");
    }
    let detail =
        |filter: &str| directory.get(&filtered("Users", filter)).scim_error(400, "invalidFilter")["detail"].clone();
    assert_eq!(
        detail("userName xx \"a\""),
        "the filter cannot be read at character 10: an operator such as eq is expected there"
    );
    assert_eq!(
        detail("title eq \"a\""),
        "\"title\" cannot be filtered by here; possible are id, userName, externalId, displayName, active and emails"
    );
}
