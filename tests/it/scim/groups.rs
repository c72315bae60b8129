//! Groups, and the roles that they give: those of the pack by their name, those of the configuration by its word, and
//! administration by the configuration alone.

use super::{Directory, PACK, filtered, patch};
use crate::support::app::JSON;
use crate::support::on_both;
use serde_json::{Value, json};

const GIVES: &str = "urn:kamflow:params:scim:schemas:extension:2.0:Group";

#[test]
fn a_group_gives_the_role_of_its_name_and_nothing_else() {
    on_both(|database| {
        let directory =
            Directory::open(database, &[("KAM Germany", &["sales_rep", "manager"]), ("Platform", &["admin"])]);
        for login in ["bob", "carol"] {
            directory.user(login);
        }
        let gives = |name: &str| {
            let made =
                directory.send("POST", "/Groups", json!({"displayName": name, "members": [{"value": "bob"}]})).ok(201);
            let id = made["id"].as_str().unwrap().to_owned();
            (made[GIVES]["roles"].clone(), id)
        };
        let (roles, rep) = gives("Sales_Rep");
        assert_eq!((roles, directory.roles("bob")), (json!(["sales_rep"]), json!(["sales_rep"])));
        for free in ["Everybody", "sales rep", "admin", "process_admin", "operator", "Admin"] {
            if free == "Admin" {
                let again = directory.send("POST", "/Groups", json!({"displayName": free}));
                assert_eq!(again.scim_error(409, "uniqueness")["detail"], "there is already a group \"Admin\"");
                continue;
            }
            assert_eq!(gives(free).0, json!([]), "{free}");
        }
        assert_eq!(directory.roles("bob"), json!(["sales_rep"]));
        let (roles, both) = gives("kam germany");
        assert_eq!(roles, json!(["sales_rep", "manager"]));
        assert_eq!(directory.roles("bob"), json!(["sales_rep", "manager"]));
        assert_eq!(directory.delete(&format!("/Groups/{rep}")).status, 204);
        assert_eq!(directory.roles("bob"), json!(["sales_rep", "manager"]), "another group gives it too");
        directory.patch(&format!("/Groups/{both}"), json!({"op": "remove", "path": "members"}));
        assert_eq!(directory.roles("bob"), json!([]));
        let platform = directory.group("PLATFORM", &["carol"]);
        assert_eq!(directory.roles("carol"), json!(["admin"]));
        directory.app.by("carol").get("/api/v1/clients").ok(200);
        let put = directory.send("PUT", &format!("/Groups/{platform}"), json!({"displayName": "Platform"})).ok(200);
        assert_eq!((&put["members"], directory.roles("carol")), (&json!([]), json!([])));
        directory.app.by("carol").get("/api/v1/clients").problem(403, "role_missing");
    });
}

#[test]
fn a_group_that_makes_no_sense_is_refused() {
    on_both(|database| {
        let directory = Directory::start(database);
        let group = directory.group("East", &["alice"]);
        let path = format!("/Groups/{group}");
        let refused = |operation: Value, word: &str| drop(directory.patch(&path, operation).scim_error(400, word));
        let add = |value: Value| json!({"op": "add", "path": "members", "value": value});
        assert_eq!(
            directory.patch(&path, add(json!([{"value": "nobody"}]))).scim_error(400, "invalidValue")["detail"],
            "there is no user \"nobody\""
        );
        refused(add(json!([{"value": "alice"}, {"value": "nobody"}])), "invalidValue");
        refused(add(json!([{"value": group}])), "invalidValue");
        refused(add(json!([{"value": "alice", "type": "Group"}])), "invalidValue");
        refused(add(json!(["alice"])), "invalidValue");
        refused(add(json!([{}])), "invalidValue");
        refused(json!({"op": "remove", "path": "members[display eq \"alice\"]"}), "invalidPath");
        refused(json!({"op": "replace", "path": "members[value eq \"alice\"].value", "value": "x"}), "invalidPath");
        refused(json!({"op": "remove", "path": "displayName"}), "invalidValue");
        refused(json!({"op": "replace", "path": "id", "value": "x"}), "mutability");
        directory.send("POST", "/Groups", json!({})).scim_error(400, "invalidValue");
        directory.send("PUT", &path, json!({"members": []})).scim_error(400, "invalidValue");
        directory.group("West", &[]);
        let rename = json!({"op": "replace", "path": "displayName", "value": "WEST"});
        directory.patch(&path, rename).scim_error(409, "uniqueness");
        directory.get("/Groups/nothing").scim_error(404, "");
        directory.delete("/Groups/nothing").scim_error(404, "");
        let old = directory.get(&path);
        assert_eq!(old.header("etag"), "\"1\"");
        assert_eq!(directory.patch(&path, add(json!([{"value": "alice"}]))).status, 204);
        assert_eq!(directory.get(&path).header("etag"), "\"1\"", "she was in it");
        assert_eq!(
            directory.patch(&path, json!({"op": "replace", "path": "displayName", "value": "EAST"})).status,
            204
        );
        let rest = [("If-Match", "\"1\"")];
        directory.with("PATCH", &path, &rest, patch(json!([add(json!([]))]))).scim_error(412, "");
        directory.with("DELETE", &path, &rest, Value::Null).scim_error(412, "");
        assert_eq!(directory.with("DELETE", &path, &[("If-Match", "\"2\"")], Value::Null).status, 204);
    });
}

#[test]
fn a_role_of_a_group_is_taken_away_in_the_directory_alone() {
    on_both(|database| {
        let directory = Directory::start(database);
        directory.user("bob");
        directory.group("sales_rep", &["bob"]);
        let alice = directory.app.by("alice");
        let refused = alice.put("/api/v1/users/bob", json!({"name": "Bob", "roles": ["manager"]}));
        let detail = refused.problem(409, "role_of_group")["detail"].clone();
        assert_eq!(
            detail,
            "bob has the role \"sales_rep\" through the group \"sales_rep\"; take bob out of it in the directory"
        );
        alice
            .send(
                "PUT",
                "/api/v1/users/bob",
                &[JSON],
                &json!({"name": "Bob", "roles": ["manager", "sales_rep"]}).to_string(),
            )
            .ok(200);
        assert_eq!(directory.roles("bob"), json!(["manager", "sales_rep"]));
        assert_eq!(directory.get("/Users/bob").ok(200)["displayName"], "Bob");
    });
}

#[test]
fn a_pack_and_a_configuration_that_change_change_what_groups_give() {
    on_both(|database| {
        let directory = Directory::start(database);
        directory.user("bob");
        let auditors = directory.group("auditor", &["bob"]);
        directory.group("sales_rep", &["bob"]);
        assert_eq!(directory.roles("bob"), json!(["sales_rep"]));
        let more = PACK.replace("manager: {en: Manager, zh: 经理}", "auditor: {en: Auditor, zh: 审计}");
        directory.app.deploy(&[("workflows/people/pack.yaml", &more.replace("sales_rep", "rep"))]);
        assert_eq!(directory.roles("bob"), json!(["auditor"]));
        directory.app.by("alice").post("/api/v1/deployments/1/activate", json!({})).ok(200);
        assert_eq!(directory.roles("bob"), json!(["sales_rep"]));
        assert_eq!(directory.get(&format!("/Groups/{auditors}")).ok(200)[GIVES]["roles"], json!([]));
        drop(directory);

        let directory = Directory::open(database, &[("Auditor", &["manager"])]);
        assert_eq!(directory.roles("bob"), json!(["sales_rep"]), "a node that begins to serve settles it");
        directory.app.change("main", kamflow::runtime::request::Change::SettleGroups);
        assert_eq!(directory.roles("bob"), json!(["sales_rep", "manager"]));
        assert_eq!(directory.ids(&filtered("Groups", r#"members eq "bob""#)).len(), 2);
    });
}

#[test]
fn a_name_that_could_be_two_roles_is_refused() {
    on_both(|database| {
        let directory = Directory::start(database);
        directory.app.deploy(&[("workflows/people/pack.yaml", &PACK.replace("manager:", "Sales_Rep:"))]);
        let refused =
            directory.send("POST", "/Groups", json!({"displayName": "SALES_REP"})).scim_error(400, "invalidValue");
        assert_eq!(
            refused["detail"],
            "the group \"SALES_REP\" could be the role \"Sales_Rep\" or \"sales_rep\"; say which in kamflow.yaml"
        );
    });
}
