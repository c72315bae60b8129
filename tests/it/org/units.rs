//! Units and roles over the API.

use super::company::Company;
use crate::support::app::JSON;
use crate::support::on_both;
use serde_json::{Value, json};

#[test]
fn units_make_a_tree() {
    on_both(|database| {
        let company = Company::start(database);
        let alice = company.app.by("alice");
        company.unit("team", "team", Some("north")).ok(200);
        let problem = company.unit("company", "company", Some("team")).problem(422, "cycle");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("company -> team -> north -> company"), "{detail}");
        company.unit("self", "team", Some("self")).problem(422, "cycle");
        company.unit("lost", "team", Some("moon")).problem(422, "not_there");
        company.unit("odd", "galaxy", None).problem(400, "invalid_body");
        let found = |query: &str| -> Vec<String> {
            let page = alice.get(&format!("/api/v1/org-units?{query}")).ok(200);
            assert_eq!(page["total"], page["items"].as_array().unwrap().len());
            page["items"].as_array().unwrap().iter().map(|unit| unit["id"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(found(""), ["company", "north", "south", "team"]);
        assert_eq!(found("parent=company"), ["north", "south"]);
        assert_eq!(found("kind=team"), ["team"]);
        alice.get("/api/v1/org-units?kind=galaxy").problem(422, "wrong_filter");

        let delete = |id: &str, tag: &str| {
            alice.send("DELETE", &format!("/api/v1/org-units/{id}"), &[JSON, ("If-Match", tag)], "")
        };
        let problem = delete("north", "*").problem(409, "unit_not_empty");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains("unit team") && detail.contains("position lead-north"), "{detail}");
        delete("team", "\"7\"").problem(412, "stale_unit");
        assert_eq!(delete("team", "\"1\"").ok(200), json!({}));
        delete("team", "*").problem(404, "not_found");
        alice.get("/api/v1/org-units/team").problem(404, "not_found");
        assert_eq!(company.unit("south", "channel", Some("company")).header("etag"), "\"2\"");
        company.app.by("carl").send("DELETE", "/api/v1/org-units/south", &[], "").problem(403, "role_missing");
    });
}

#[test]
fn a_role_says_how_far_who_has_it_may_go() {
    on_both(|database| {
        let company = Company::start(database);
        let alice = company.app.by("alice");
        let limits = json!({"discount": 0.15, "amount": {"amount": "500000.00", "currency": "CNY"}});
        let put = alice.put("/api/v1/roles/manager", json!({ "limits": limits }));
        assert_eq!((put.header("etag"), &put.ok(200)["limits"]), ("\"1\"", &limits));
        assert!(put.text.contains("0.15"), "exactly: {}", put.text);
        let all = alice.get("/api/v1/roles").ok(200);
        assert_eq!(all["items"], json!([{"name": "manager", "limits": limits, "version": 1}]));
        for wrong in [json!("much"), json!(-1), json!({"amount": "1.001", "currency": "CNY"}), Value::Null, json!([1])]
        {
            let problem = alice.put("/api/v1/roles/manager", json!({"limits": {"discount": wrong}}));
            assert_eq!(problem.problem(422, "wrong_limit")["errors"][0]["pointer"], "/limits/discount");
        }
        let old = [JSON, ("If-Match", "\"0\"")];
        alice.send("PUT", "/api/v1/roles/manager", &old, r#"{"limits": {}}"#).problem(412, "stale_role");
        company.app.by("carl").put("/api/v1/roles/manager", json!({"limits": {}})).problem(403, "role_missing");
    });
}
