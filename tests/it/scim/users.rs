//! Users: the examples of RFC 7644 3, adapted.

use super::{Directory, SCIM, filtered};
use crate::support::app::{CHINESE, JSON};
use crate::support::on_both;
use serde_json::{Value, json};

#[test]
fn a_user_is_created_found_and_shown() {
    on_both(|database| {
        let directory = Directory::start(database);
        let made = directory.send(
            "POST",
            "/Users",
            json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
                "userName": "bjensen", "externalId": "00u-7", "password": "t1meMa$heen", "nickName": "Babs",
                "name": {"formatted": "Ms. Barbara J Jensen III", "familyName": "Jensen", "givenName": "Barbara"},
                "title": "Vice President",
                "emails": [{"value": "BJensen@example.com", "type": "Work", "primary": true}, {"value": "babs@jensen.org"}],
                "phoneNumbers": [{"value": "555-555-8377", "type": "work"}],
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
                    "employeeNumber": "701984", "department": "Tour Operations", "manager": {"value": "26118915"}
                },
                "roles": [{"value": "admin"}], "groups": [{"value": "g"}], "id": "mine", "meta": {"version": "9"},
            }),
        );
        assert_eq!(made.header("content-type"), "application/scim+json");
        assert_eq!((made.header("location"), made.header("etag")), ("/scim/v2/Users/bjensen", "\"1\""));
        let shown = made.ok(201);
        let expected = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
            "id": "bjensen", "userName": "bjensen", "externalId": "00u-7", "displayName": "Ms. Barbara J Jensen III",
            "name": {"formatted": "Ms. Barbara J Jensen III", "familyName": "Jensen", "givenName": "Barbara"},
            "title": "Vice President", "active": true,
            "emails": [
                {"value": "BJensen@example.com", "type": "work", "primary": true},
                {"value": "babs@jensen.org", "primary": false}
            ],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
                "employeeNumber": "701984", "department": "Tour Operations"
            },
            "meta": {
                "resourceType": "User", "created": "2026-03-02T00:00:00Z", "location": "/scim/v2/Users/bjensen",
                "version": "\"1\""
            }
        });
        assert_eq!(shown, expected);
        let got = directory.get("/Users/bjensen");
        assert_eq!((got.header("etag"), got.ok(200)), ("\"1\"", expected.clone()));
        let list = directory.get(&filtered("Users", r#"userName eq "BJENSEN""#)).ok(200);
        assert_eq!(
            (&list["totalResults"], &list["startIndex"], &list["itemsPerPage"]),
            (&json!(1), &json!(1), &json!(1))
        );
        assert_eq!(list["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"]));
        assert_eq!(list["Resources"], json!([expected]));
        // What was sent as a password opens nothing.
        let login =
            json!({"grant_type": "password", "business": "main", "username": "bjensen", "password": "t1meMa$heen"});
        directory.app.send("POST", "/api/v1/auth/token", &[JSON], &login.to_string()).problem(400, "invalid_grant");
        assert_eq!(directory.roles("bjensen"), json!([]), "roles come by groups alone");
    });
}

#[test]
fn a_name_that_is_taken_or_cannot_be_a_login_is_refused() {
    on_both(|database| {
        let directory = Directory::start(database);
        directory.user("Li.Na");
        let create = |body: Value| directory.send("POST", "/Users", body);
        for same in ["Li.Na", "li.na", "LI.NA"] {
            let detail = create(json!({"userName": same})).scim_error(409, "uniqueness")["detail"].clone();
            assert_eq!(detail, "there is already a user \"Li.Na\"");
        }
        create(json!({"userName": "directory"})).scim_error(409, "uniqueness");
        create(json!({"userName": "alice"})).scim_error(409, "uniqueness");
        for wrong in [json!("two words"), json!("a#EXT#@b"), json!(""), json!(7), Value::Null, json!("x".repeat(65))] {
            create(json!({ "userName": wrong })).scim_error(400, "invalidValue");
        }
        create(json!({})).scim_error(400, "invalidValue");
        create(json!({"userName": "x", "active": "maybe"})).scim_error(400, "invalidValue");
        create(json!({"userName": "x", "displayName": ["a"]})).scim_error(400, "invalidValue");
        create(json!({"userName": "x", "emails": [{"type": "work"}]})).scim_error(400, "invalidValue");
        create(json!({"userName": "x", "name": "X"})).scim_error(400, "invalidValue");
        create(json!({"userName": "x", "title": "x".repeat(1_001)})).scim_error(400, "invalidValue");
        create(json!({"userName": "x\u{0}"})).scim_error(400, "invalidValue");
        let all = [("Authorization", directory.authorization.as_str()), SCIM];
        directory.app.send("POST", "/scim/v2/Users", &all, "{").scim_error(400, "invalidSyntax");
        directory
            .app
            .send("POST", "/scim/v2/Users", &all, r#"{"userName": "a", "userName": "b"}"#)
            .scim_error(400, "invalidSyntax");
        let chinese = directory.with("POST", "/Users", &[CHINESE], json!({"userName": "alice"}));
        assert_eq!(chinese.scim_error(409, "uniqueness")["detail"], "用户“alice”已存在");
        assert_eq!(directory.ids("/Users"), ["Li.Na", "alice"]);
    });
}

#[test]
fn lists_have_parts_and_exact_totals() {
    on_both(|database| {
        let directory = Directory::start(database);
        for number in 0..7 {
            directory.user(&format!("u{number}"));
        }
        let part = |query: &str| {
            let list = directory.get(&format!("/Users?{query}")).ok(200);
            let ids: Vec<String> = list["Resources"]
                .as_array()
                .unwrap()
                .iter()
                .map(|user| user["id"].as_str().unwrap().to_owned())
                .collect();
            assert_eq!((&list["totalResults"], &list["itemsPerPage"]), (&json!(8), &json!(ids.len())), "{query}");
            ids.join(" ")
        };
        assert_eq!(part(""), "alice u0 u1 u2 u3 u4 u5 u6");
        assert_eq!(part("count=3"), "alice u0 u1");
        assert_eq!(part("startIndex=4&count=3"), "u2 u3 u4");
        assert_eq!(part("startIndex=8&count=3"), "u6");
        assert_eq!(part("startIndex=9"), "");
        assert_eq!(part("count=0"), "");
        assert_eq!(part("count=-4"), "");
        assert_eq!(part("startIndex=-2&count=1"), "alice");
        assert_eq!(part("count=100000&sortBy=userName&sortOrder=descending"), "alice u0 u1 u2 u3 u4 u5 u6");
        directory.get("/Users?count=many").scim_error(400, "invalidValue");
        directory.get("/Users?startIndex=1.5").scim_error(400, "invalidValue");
        directory.get("/Users?limit=3").scim_error(400, "");
    });
}

#[test]
fn only_what_is_asked_for_is_shown() {
    on_both(|database| {
        let directory = Directory::start(database);
        let name = json!({"givenName": "Na", "familyName": "Li"});
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let made = json!({"userName": "li.na", "name": name, "emails": [{"value": "a@b.c", "type": "work"}], enterprise: {"department": "East", "employeeNumber": "7"}});
        let made = directory.send("POST", "/Users?attributes=userName", made).ok(201);
        assert_eq!(made.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "schemas", "userName"]);
        let keys = |query: &str| {
            let shown = directory.get(&format!("/Users/li.na?{query}")).ok(200);
            shown.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(keys("attributes=USERNAME,emails.value"), "emails id schemas userName");
        assert_eq!(keys("attributes=urn:ietf:params:scim:schemas:core:2.0:User:active"), "active id schemas");
        assert_eq!(
            keys("excludedAttributes=emails,name,meta,id,active"),
            format!("displayName id schemas {enterprise} userName")
        );
        let shown = directory.get("/Users/li.na?attributes=name.givenName,emails.type").ok(200);
        assert_eq!((&shown["name"], &shown["emails"]), (&json!({"givenName": "Na"}), &json!([{"type": "work"}])));
        let shown = directory.get(&format!("/Users/li.na?attributes={enterprise}:department")).ok(200);
        assert_eq!(shown[enterprise], json!({"department": "East"}));
        let shown = directory.get("/Users/li.na?excludedAttributes=name.familyName").ok(200);
        assert_eq!(shown["name"], json!({"givenName": "Na"}));
        let list = directory.get("/Users?attributes=id&count=1").ok(200);
        assert_eq!(list["Resources"][0].as_object().unwrap().len(), 2);
    });
}

#[test]
fn a_put_says_a_user_as_a_whole() {
    on_both(|database| {
        let directory = Directory::start(database);
        let body = json!({"userName": "li.na", "displayName": "Li Na", "title": "Rep", "emails": [{"value": "a@b.c"}]});
        directory.send("POST", "/Users", body.clone()).ok(201);
        let same = directory.send("PUT", "/Users/li.na", body);
        assert_eq!(same.header("etag"), "\"1\"", "the same said again changes nothing");
        let put = directory
            .send("PUT", "/Users/li.na", json!({"userName": "LI.NA", "externalId": "e", "active": false}))
            .ok(200);
        assert_eq!(
            (&put["externalId"], &put["active"], &put["displayName"]),
            (&json!("e"), &json!(false), &json!("li.na"))
        );
        assert!(put.get("title").is_none() && put.get("emails").is_none(), "{put}");
        assert_eq!(put["meta"]["version"], "\"2\"");
        directory.send("PUT", "/Users/li.na", json!({"userName": "other"})).scim_error(400, "mutability");
        directory.send("PUT", "/Users/nobody", json!({"userName": "nobody"})).scim_error(404, "");
        let old = ("If-Match", "\"1\"");
        directory.with("PUT", "/Users/li.na", &[old], json!({"userName": "li.na"})).scim_error(412, "");
        directory.with("DELETE", "/Users/li.na", &[old], Value::Null).scim_error(412, "");
        directory.with("PUT", "/Users/li.na", &[("If-Match", "\"2\"")], json!({"userName": "li.na"})).ok(200);
    });
}

#[test]
fn a_user_who_goes_stays_in_history_and_can_come_back() {
    on_both(|database| {
        let directory = Directory::start(database);
        let body = json!({"userName": "li.na", "displayName": "Li Na", "emails": [{"value": "a@b.c"}]});
        directory.send("POST", "/Users", body).ok(201);
        let group = directory.group("sales_rep", &["li.na"]);
        let token = directory.app.by("li.na");
        token.get("/api/v1/users/me").ok(200);
        let gone = directory.delete("/Users/li.na");
        assert_eq!((gone.status, gone.text.as_str()), (204, ""));
        token.get("/api/v1/users/me").problem(401, "unauthenticated");
        directory.get("/Users/li.na").scim_error(404, "");
        directory.delete("/Users/li.na").scim_error(404, "");
        directory.patch("/Users/li.na", json!({"op": "replace", "path": "active", "value": true})).scim_error(404, "");
        assert_eq!(directory.ids("/Users"), ["alice"]);
        assert_eq!(directory.get(&format!("/Groups/{group}")).ok(200)["members"], json!([]));
        let member = json!({"op": "add", "path": "members", "value": [{"value": "li.na"}]});
        directory.patch(&format!("/Groups/{group}"), member).scim_error(400, "invalidValue");
        let kept = directory.app.by("alice").get("/api/v1/users/li.na").ok(200);
        assert_eq!((&kept["name"], &kept["active"], &kept["roles"]), (&json!("Li Na"), &json!(false), &json!([])));

        let back = directory.send("POST", "/Users", json!({"userName": "li.na", "displayName": "Li Na again"}));
        assert_eq!(back.header("etag"), "\"4\"");
        let back = back.ok(201);
        assert_eq!(
            (&back["id"], &back["active"], &back["displayName"]),
            (&json!("li.na"), &json!(true), &json!("Li Na again"))
        );
        assert!(back.get("emails").is_none() && back.get("groups").is_none() && back.get("roles").is_none(), "{back}");
        token.get("/api/v1/users/me").problem(401, "unauthenticated");
    });
}
