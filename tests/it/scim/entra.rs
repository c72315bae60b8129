//! What Microsoft Entra ID sends, in its order, with its liberties.

use super::{Directory, filtered, patch};
use crate::support::on_both;
use serde_json::{Value, json};

#[test]
fn people_and_groups_come_and_go_as_entra_sends_them() {
    on_both(|database| {
        let directory = Directory::start(database);
        // The test of the connection asks for somebody who cannot be there.
        let nobody = directory.get(&filtered("Users", r#"userName eq "9f3c6d0a-2b""#)).ok(200);
        assert_eq!((&nobody["totalResults"], &nobody["Resources"]), (&json!(0), &json!([])));
        let created = directory.send(
            "POST",
            "/Users",
            json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
                "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef", "userName": "li.na@contoso.com", "active": true,
                "emails": [{"primary": true, "type": "work", "value": "li.na@contoso.com"}],
                "meta": {"resourceType": "User"},
                "name": {"formatted": "givenName familyName", "familyName": "Li", "givenName": "Na"}, "roles": []
            }),
        );
        assert_eq!(created.header("location"), "/scim/v2/Users/li.na@contoso.com");
        let created = created.ok(201);
        assert_eq!(
            (&created["id"], &created["displayName"]),
            (&json!("li.na@contoso.com"), &json!("givenName familyName"))
        );
        let user = "/Users/li.na@contoso.com";
        let operations = json!([
            {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "na.li@contoso.com"},
            {"op": "Add", "path": "emails[type eq \"home\"].value", "value": "na@home.example"},
            {"op": "Add", "path": "name.familyName", "value": "Li-Wang"},
            {"op": "Replace", "path": "displayName", "value": "Na Li-Wang"},
            {"op": "Add", "path": "addresses[type eq \"work\"].country", "value": "CN"},
            {"op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "East"},
            {"op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager", "value": "chen"},
        ]);
        let patched = directory.send("PATCH", user, patch(operations)).ok(200);
        assert_eq!(
            patched["emails"],
            json!([
                {"value": "na.li@contoso.com", "type": "work", "primary": true},
                {"value": "na@home.example", "type": "home", "primary": false}
            ])
        );
        assert_eq!(
            (&patched["name"]["familyName"], &patched["displayName"]),
            (&json!("Li-Wang"), &json!("Na Li-Wang"))
        );
        let company = &patched["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"];
        assert_eq!(
            company,
            &json!({"department": "East"}),
            "a manager is not kept: the hierarchy is that of positions"
        );

        let group = directory.send(
            "POST",
            "/Groups",
            json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group", "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
                "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159", "displayName": "sales_rep",
                "meta": {"resourceType": "Group"}
            }),
        );
        let group = group.ok(201);
        assert_eq!(group["urn:kamflow:params:scim:schemas:extension:2.0:Group"], json!({"roles": ["sales_rep"]}));
        let group = format!("/Groups/{}", group["id"].as_str().unwrap());
        let id = group.strip_prefix("/Groups/").unwrap();
        let member = json!([{"$ref": null, "value": "li.na@contoso.com"}]);
        let added = directory.patch(&group, json!({"op": "Add", "path": "members", "value": member}));
        assert_eq!((added.status, added.text.as_str()), (204, ""));
        let is_member = filtered("Groups", &format!("id eq \"{id}\" and members eq \"li.na@contoso.com\""));
        assert_eq!(directory.ids(&is_member), [id]);
        assert_eq!(directory.roles("li.na@contoso.com"), json!(["sales_rep"]));
        let shown = directory.get(user).ok(200);
        assert_eq!(shown["roles"], json!([{"value": "sales_rep"}]));
        assert_eq!(shown["groups"], json!([{"value": id, "display": "sales_rep", "$ref": format!("/scim/v2{group}")}]));
        // Entra names whom it removes in the value, not in the path.
        let removed = directory.patch(&group, json!({"op": "Remove", "path": "members", "value": member}));
        assert_eq!((removed.status, directory.roles("li.na@contoso.com")), (204, json!([])));
        assert_eq!(directory.ids(&is_member), Vec::<String>::new());

        let token = directory.app.by("li.na@contoso.com");
        token.get("/api/v1/users/me").ok(200);
        let disabled = directory.patch(user, json!({"op": "Replace", "path": "active", "value": "False"})).ok(200);
        assert_eq!(disabled["active"], false);
        token.get("/api/v1/users/me").problem(401, "unauthenticated");
        assert_eq!(directory.get(user).ok(200)["active"], false, "a soft-deleted user is still there");
        let enabled = directory.patch(user, json!({"op": "Replace", "value": {"active": "True"}})).ok(200);
        assert_eq!(enabled["active"], true);
        token.get("/api/v1/users/me").problem(401, "unauthenticated");
        directory.app.by("li.na@contoso.com").get("/api/v1/users/me").ok(200);
        assert_eq!(directory.delete(user).status, 204);
        assert_eq!(directory.delete(&group).status, 204);
        assert_eq!(directory.get("/Groups").ok(200)["totalResults"], 0);
    });
}

#[test]
fn whoever_is_there_already_is_matched_and_taken_over() {
    on_both(|database| {
        let directory = Directory::start(database);
        directory.app.user("gao.peng", &["manager"]);
        let found = directory.get(&filtered("Users", r#"userName eq "Gao.Peng""#)).ok(200);
        assert_eq!(found["Resources"][0]["roles"], json!([{"value": "manager"}]));
        let operations = json!([{"op": "Add", "path": "externalId", "value": "e-7"}, {"op": "Replace", "path": "displayName", "value": "高鹏"}]);
        let shown: Value = directory.send("PATCH", "/Users/gao.peng", patch(operations)).ok(200);
        assert_eq!((&shown["externalId"], &shown["displayName"]), (&json!("e-7"), &json!("高鹏")));
        assert_eq!(directory.roles("gao.peng"), json!(["manager"]), "what was given by hand stays");
        directory.group("sales_rep", &["gao.peng"]);
        assert_eq!(directory.roles("gao.peng"), json!(["manager", "sales_rep"]));
    });
}
