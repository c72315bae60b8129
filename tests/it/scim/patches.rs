//! Edits of users, one by one: RFC 7644 3.5.2.

use super::{Directory, patch};
use crate::support::{on_both, sqlite};
use serde_json::{Value, json};

#[test]
fn edits_do_what_the_rfc_says() {
    let database = sqlite();
    let directory = Directory::start(&database);
    let path = "/Users/li.na";
    directory
        .send("POST", "/Users", json!({"userName": "li.na", "name": {"givenName": "Na"}, "displayName": "Li Na"}))
        .ok(201);
    let edit = |operation: Value| directory.patch(path, operation).ok(200);
    let shown = edit(
        json!({"op": "add", "value": {"title": "Rep", "name": {"familyName": "Li"}, "emails": [{"value": "a@b.c", "type": "work", "primary": true}]}}),
    );
    assert_eq!((&shown["title"], &shown["name"]), (&json!("Rep"), &json!({"givenName": "Na", "familyName": "Li"})));
    let shown = edit(
        json!({"op": "add", "path": "emails", "value": [{"value": "d@e.f", "type": "home", "primary": "true"}, {"value": "A@B.C", "type": "Work"}]}),
    );
    assert_eq!(
        shown["emails"],
        json!([{"value": "A@B.C", "type": "work", "primary": false}, {"value": "d@e.f", "type": "home", "primary": true}]),
        "one is the primary one, and none is there twice"
    );
    let shown = edit(
        json!({"op": "replace", "path": "emails[value sw \"d@\" or primary eq true]", "value": {"type": "other"}}),
    );
    assert_eq!(shown["emails"][1]["type"], "other");
    let shown = edit(json!({"op": "remove", "path": "emails[type eq \"other\"]"}));
    assert_eq!(shown["emails"], json!([{"value": "A@B.C", "type": "work", "primary": false}]));
    let shown = edit(json!({"op": "remove", "path": "emails[type eq \"work\"].type"}));
    assert_eq!(shown["emails"], json!([{"value": "A@B.C", "primary": false}]));
    let shown = edit(json!({"op": "replace", "path": "emails", "value": {"value": "x@y.z"}}));
    assert_eq!(shown["emails"], json!([{"value": "x@y.z", "primary": false}]));
    assert!(edit(json!({"op": "remove", "path": "emails"})).get("emails").is_none());
    assert!(edit(json!({"op": "remove", "path": "title"})).get("title").is_none());
    assert_eq!(edit(json!({"op": "remove", "path": "name.givenName"}))["name"], json!({"familyName": "Li"}));
    assert_eq!(edit(json!({"op": "replace", "path": "Name", "value": {"GIVENNAME": "N"}}))["name"]["givenName"], "N");
    assert_eq!(edit(json!({"op": "remove", "path": "displayName"}))["displayName"], "N Li");
    assert_eq!(edit(json!({"OP": "REPLACE", "Path": "DISPLAYNAME", "Value": "Na"}))["displayName"], "Na");
    assert_eq!(edit(json!({"op": "replace", "value": {"name.familyName": "Wang"}}))["name"]["familyName"], "Wang");
    let company = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let shown = edit(json!({"op": "replace", "path": company, "value": {"department": "East", "costCenter": "7"}}));
    assert_eq!(shown[company], json!({"department": "East"}));
    let shown = edit(
        json!({"op": "add", "value": {company: {"employeeNumber": "9"}, "urn:some:other:2.0:User": {"a": 1}, "urn:some:other:2.0:User:b": 2}}),
    );
    assert_eq!(shown[company], json!({"department": "East", "employeeNumber": "9"}));
    let version = shown["meta"]["version"].clone();
    let shown =
        edit(json!({"op": "replace", "value": {"userName": "LI.NA", "id": "x", "groups": [], "nickName": "N"}}));
    assert_eq!(shown["meta"]["version"], version, "what changes nothing makes no version");
}

#[test]
fn edits_that_make_no_sense_change_nothing() {
    on_both(|database| {
        let directory = Directory::start(database);
        let made = directory.user("li.na");
        let refused = |operation: Value, word: &str| {
            let all = patch(json!([{"op": "replace", "path": "title", "value": "Changed"}, operation]));
            directory.send("PATCH", "/Users/li.na", all).scim_error(400, word);
        };
        refused(json!({"op": "move", "path": "title"}), "invalidSyntax");
        refused(json!({"path": "title", "value": "x"}), "invalidSyntax");
        refused(json!({"op": "replace", "value": "x"}), "invalidSyntax");
        refused(json!({"op": "replace", "path": 7, "value": "x"}), "invalidSyntax");
        refused(json!("replace"), "invalidSyntax");
        refused(json!({"op": "remove"}), "noTarget");
        refused(json!({"op": "remove", "value": {"title": null}}), "noTarget");
        refused(json!({"op": "add", "path": "emails[value sw \"x\"].type", "value": "work"}), "noTarget");
        refused(json!({"op": "replace", "path": "emails.value", "value": "x"}), "invalidPath");
        refused(json!({"op": "replace", "path": "title[", "value": "x"}), "invalidPath");
        refused(json!({"op": "replace", "path": "a b", "value": "x"}), "invalidPath");
        refused(json!({"op": "replace", "path": "displayName[type eq \"x\"]", "value": "x"}), "invalidPath");
        refused(json!({"op": "replace", "path": "emails[type gt \"x\"].value", "value": "x"}), "noTarget");
        refused(json!({"op": "replace", "path": "userName", "value": "other"}), "mutability");
        refused(json!({"op": "remove", "path": "userName"}), "mutability");
        refused(json!({"op": "replace", "path": "id", "value": "other"}), "mutability");
        refused(json!({"op": "add", "path": "groups", "value": [{"value": "g"}]}), "mutability");
        refused(json!({"op": "add", "path": "roles", "value": [{"value": "admin"}]}), "mutability");
        refused(json!({"op": "replace", "path": "active", "value": 1}), "invalidValue");
        refused(json!({"op": "remove", "path": "active"}), "invalidValue");
        refused(json!({"op": "replace", "path": "title", "value": {"a": 1}}), "invalidValue");
        refused(json!({"op": "add", "path": "emails[type eq \"work\"].primary", "value": true}), "invalidValue");
        let send = |body: Value| directory.send("PATCH", "/Users/li.na", body);
        send(json!({})).scim_error(400, "invalidSyntax");
        send(json!({"schemas": ["urn:other"], "Operations": []})).scim_error(400, "invalidSyntax");
        assert_eq!(directory.get("/Users/li.na").ok(200), made, "all of a PATCH or nothing of it");
        assert_eq!(send(patch(json!([]))).ok(200), made);
    });
}
