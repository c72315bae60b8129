//! Nobody has the login under which the engine acts.

use super::*;
use crate::support::on_both;

#[test]
fn the_name_of_the_engine_is_nobodys_login() {
    on_both(|database| {
        let app = house(database);
        let alice = app.by("alice");
        for login in ["kamflow", "KamFlow"] {
            alice.put(&format!("/api/v1/users/{login}"), json!({"name": "Somebody"})).problem(422, "login_reserved");
            let client =
                json!({"name": "Somebody", "secret": "a long enough secret of nobody", "scopes": ["tasks:read"]});
            alice.put(&format!("/api/v1/clients/{login}"), client).problem(422, "login_reserved");
        }
        let person = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "kamflow"});
        let refused = alice.post("/scim/v2/Users", person);
        assert_eq!(refused.status, 400, "{}", refused.text);
        assert!(refused.text.contains("the engine itself"), "{}", refused.text);
        alice.get("/api/v1/users/kamflow").problem(404, "not_found");
    });
}
