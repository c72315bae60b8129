//! The rights of the sales pack, with the people of the demonstration.

use super::*;
use crate::support::on_both;

const DEMO: &str = "demo";

#[test]
fn a_manager_sees_her_people_customers_and_hands_them_over() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let by = |login: &str| app.by_of(DEMO, login);
        let fields = json!({"name": "宁波拾光精密铸造有限公司", "owner": "zhou.min", "region": "浙江"});
        let made = by("ma.li").post("/api/v1/records/customer", json!({"fields": fields})).ok(201);
        let path = format!("/api/v1/records/customer/{}", made["id"].as_str().unwrap());
        assert_eq!(made["readOnlyFields"].as_array().unwrap()[0], "owner");
        // zhou.min works for lin.xiaoyan, li.na for huang.wei, all of them for chen.guodong.
        by("huang.wei").get(&path).problem(404, "not_found");
        by("li.na").get(&path).problem(404, "not_found");
        let give = |login: &str, to: &str| patch(&by(login), &path, json!({"owner": to}));
        for login in ["zhou.min", "ma.li"] {
            give(login, "li.na").problem(403, "field_not_allowed");
        }
        patch(&by("zhou.min"), &path, json!({"region": "上海"})).ok(200);
        assert_eq!(give("lin.xiaoyan", "wu.lei").ok(200)["fields"]["owner"], "wu.lei");
        give("huang.wei", "li.na").problem(404, "not_found");
        give("chen.guodong", "li.na").ok(200);
        by("huang.wei").get(&path).ok(200);
        by("lin.xiaoyan").get(&path).problem(404, "not_found");
    });
}

#[test]
fn what_a_contact_cares_for_is_for_who_deals_with_him() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let by = |login: &str| app.by_of(DEMO, login);
        let customer = by("ma.li")
            .post(
                "/api/v1/records/customer",
                json!({"fields": {"name": "宁波拾光精密铸造有限公司", "pool": "default"}}),
            )
            .ok(201);
        let fields = json!({"customer": customer["id"], "owner": "zhou.min", "name": "沈一帆", "coach": true,
            "personal_interest": "wants to move to Shanghai", "position_interest": "fewer suppliers"});
        let made = by("zhou.min").post("/api/v1/records/contact", json!({"fields": fields})).ok(201);
        let path = format!("/api/v1/records/contact/{}", made["id"].as_str().unwrap());
        let hidden = |login: &str| by(login).get(&path).ok(200)["hiddenFields"].clone();
        let closed = json!(["coach", "personal_interest", "position_interest"]);
        for login in ["zhou.min", "lin.xiaoyan", "chen.guodong"] {
            assert_eq!(hidden(login), json!([]), "{login}");
        }
        assert_eq!(hidden("ma.li"), closed);
        assert!(!by("ma.li").get(&format!("{path}/history")).text.contains("Shanghai"));
        by("huang.wei").get(&path).problem(404, "not_found");
    });
}
