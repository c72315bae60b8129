//! What Okta sends, in its order, with its liberties.

use super::{Directory, filtered, patch};
use crate::support::on_both;
use serde_json::json;

#[test]
fn people_and_groups_come_and_go_as_okta_sends_them() {
    on_both(|database| {
        let directory = Directory::start(database);
        let empty = directory
            .get(&format!("{}&startIndex=1&count=100", filtered("Users", r#"userName eq "isaac@okta.example""#)));
        assert_eq!(empty.ok(200)["totalResults"], 0);
        let user = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "isaac@okta.example",
            "name": {"givenName": "Isaac", "familyName": "Brock"},
            "emails": [{"primary": true, "value": "isaac@okta.example", "type": "work"}],
            "displayName": "Isaac Brock", "locale": "en-US", "externalId": "00ujl29u0le5T6Aj10h7", "groups": [],
            "password": "1mz050nq", "active": true
        });
        let created = directory.send("POST", "/Users", user.clone()).ok(201);
        let path = "/Users/isaac@okta.example";
        // Okta reads the user, changes it and puts it back with everything that it was shown.
        let mut whole = directory.get(path).ok(200);
        assert_eq!(whole, created);
        whole["name"]["middleName"] = json!("J");
        let put = directory.send("PUT", path, whole).ok(200);
        assert_eq!((&put["name"]["middleName"], &put["meta"]["version"]), (&json!("J"), &json!("\"2\"")));

        let group = directory.send("POST", "/Groups", json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Manager", "members": []})).ok(201);
        let id = group["id"].as_str().unwrap();
        let group = format!("/Groups/{id}");
        let add = json!({"op": "add", "path": "members", "value": [{"value": "isaac@okta.example", "display": "isaac@okta.example"}]});
        assert_eq!(directory.patch(&group, add.clone()).status, 204);
        assert_eq!(directory.patch(&group, add).status, 204, "said again");
        assert_eq!(directory.roles("isaac@okta.example"), json!(["manager"]));
        let renamed = json!({"op": "replace", "value": {"id": id, "displayName": "sales_rep"}});
        assert_eq!(directory.patch(&group, renamed).status, 204);
        assert_eq!(directory.roles("isaac@okta.example"), json!(["sales_rep"]), "another name gives another role");
        let operations = json!([
            {"op": "remove", "path": "members[value eq \"isaac@okta.example\"]"},
            {"op": "add", "path": "members", "value": [{"value": "alice"}]},
        ]);
        assert_eq!(directory.send("PATCH", &group, patch(operations)).status, 204);
        assert_eq!(directory.get(&group).ok(200)["members"][0]["value"], "alice");
        assert_eq!(directory.roles("isaac@okta.example"), json!([]));
        let replace = json!({"op": "replace", "path": "members", "value": [{"value": "isaac@okta.example"}]});
        assert_eq!(directory.patch(&group, replace).status, 204);
        assert_eq!(directory.roles("isaac@okta.example"), json!(["sales_rep"]));
        assert_eq!(directory.roles("alice"), json!(["admin", "process_admin", "operator"]));

        let token = directory.app.by("isaac@okta.example");
        let off = directory.patch(path, json!({"op": "replace", "value": {"active": false}})).ok(200);
        assert_eq!((&off["active"], &off["roles"]), (&json!(false), &json!([{"value": "sales_rep"}])));
        token.get("/api/v1/users/me").problem(401, "unauthenticated");
        let found = directory.ids(&filtered("Users", r#"externalId eq "00ujl29u0le5T6Aj10h7" and active eq false"#));
        assert_eq!(found, ["isaac@okta.example"]);
        assert_eq!(directory.delete(&group).status, 204);
        assert_eq!(directory.roles("isaac@okta.example"), json!([]));
    });
}
