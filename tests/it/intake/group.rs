//! Companies of one group: a new one goes to who has the others, and what belongs to all of them is counted once, also
//! after a merge and its undo.

use super::{DEMO, customer_of, manufacturer, take_in, why, word};
use crate::support::app::{Caller, TestApp};
use crate::support::on_both;
use kamflow::model::json::Json;
use serde_json::json;

#[test]
fn a_new_company_of_a_group_goes_to_who_has_the_others() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let ma_li = app.by_of(DEMO, "ma.li");
        let head = make(&ma_li, "customer", json!({"name": "澜岳钢铁有限公司", "region": "江苏", "owner": "zhao.lei"}));
        make(
            &ma_li,
            "customer",
            json!({"name": "渤砚仓储有限公司", "region": "江苏", "owner": "sun.yue", "parent": head}),
        );
        let away = json!({"from": "2026-03-01T00:00:00Z", "to": "2026-03-09T00:00:00Z"});
        app.by_of(DEMO, "zhao.lei").post("/api/v1/absences", away).ok(201);
        let branch = take_in(&app.by_of(DEMO, "intake-gateway"), &manufacturer("E-1", "澜岳钢铁有限公司杭州分公司"));
        let customer = customer_of(&app, &branch);
        assert_eq!((&customer["fields"]["parent"], &customer["fields"]["owner"]), (&json!(head), &json!("sun.yue")));
        let (decision, en, zh) = why(&app, &branch, "customer-assignment/assign");
        assert_eq!(decision["input"]["group_owners"], json!(["zhao.lei", "sun.yue"]));
        assert!(en.iter().any(|line| line == "Is away at present: zhao.lei (2026-03-09)."), "{en:?}");
        let told = "sun.yue has other companies of the same group, so this one goes to the same person.";
        assert!(en.iter().any(|line| line == told), "{en:?}");
        assert!(zh.iter().any(|line| line.contains("同一集团")), "{zh:?}");
    });
}

#[test]
fn whoever_stands_in_takes_the_turn_of_the_owner_of_the_head_office() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let ma_li = app.by_of(DEMO, "ma.li");
        make(&ma_li, "customer", json!({"name": "澜岳钢铁有限公司", "region": "江苏", "owner": "sun.yue"}));
        let sun_yue = app.by_of(DEMO, "sun.yue");
        let (from, to) = ("2026-03-01T00:00:00Z", "2026-03-09T00:00:00Z");
        sun_yue.post("/api/v1/absences", json!({"from": from, "to": to})).ok(201);
        sun_yue.post("/api/v1/substitutions", json!({"user": "zhao.lei", "from": from, "to": to})).ok(201);
        let branch = take_in(&app.by_of(DEMO, "intake-gateway"), &manufacturer("E-1", "澜岳钢铁有限公司杭州分公司"));
        assert_eq!(customer_of(&app, &branch)["fields"]["owner"], "zhao.lei");
        let (_, en, _) = why(&app, &branch, "customer-assignment/assign");
        assert!(en.iter().any(|line| line == "zhao.lei stands in for sun.yue, whose turn it would be."), "{en:?}");
    });
}

#[test]
fn what_belongs_to_a_group_is_counted_once_also_after_a_merge_and_its_undo() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let ma_li = app.by_of(DEMO, "ma.li");
        let company = |name: &str, parent: Option<&str>| {
            let fields = json!({"name": name, "employees": 10, "owner": "sun.yue", "parent": parent});
            make(&ma_li, "customer", fields)
        };
        let head = company("澜岳钢铁有限公司", None);
        let first = company("渤砚仓储有限公司", Some(&head));
        let twin = company("渤岩仓储有限公司", Some(&head));
        let below = company("熠堃物流有限公司", Some(&twin));
        let stranger = company("昀衢模具有限公司", None);
        for (name, customer) in
            [("a", &head), ("b", &first), ("c", &twin), ("d", &below), ("e", &below), ("f", &stranger)]
        {
            let amount = json!({"amount": "100.10", "currency": "CNY"});
            make(
                &ma_li,
                "opportunity",
                json!({"name": name, "customer": customer, "owner": "sun.yue", "amount": amount}),
            );
        }
        assert_eq!(of_the_group(&ma_li, &head), (4, 40, 5, "500.50".to_owned()));
        assert_eq!(of_the_group(&ma_li, &twin), (2, 20, 3, "300.30".to_owned()));

        let body = json!({"loser": twin, "reason": "the same company"});
        let merged = ma_li.post(&format!("/api/v1/records/customer/{first}/merge"), body).ok(200);
        assert_eq!(of_the_group(&ma_li, &head), (3, 30, 5, "500.50".to_owned()));
        assert_eq!(of_the_group(&ma_li, &first), (2, 20, 4, "400.40".to_owned()));

        let undo = format!("/api/v1/records/customer/{first}/merges/{}/undo", word(&merged["merge"]["id"]));
        ma_li.post(&undo, json!({"reason": "two after all"})).ok(200);
        assert_eq!(of_the_group(&ma_li, &head), (4, 40, 5, "500.50".to_owned()));
        assert_eq!(of_the_group(&ma_li, &twin), (2, 20, 3, "300.30".to_owned()));
    });
}

/// Of a customer and all below: how many they are, their employees, their opportunities, and what these are worth.
fn of_the_group(caller: &Caller<'_>, head: &str) -> (i64, i64, i64, String) {
    let rows = |record_type: &str, field: &str, measures: Json| {
        let body = json!({"measures": measures, "filter": {field: {"$under": head}}});
        caller.post(&format!("/api/v1/records/{record_type}/aggregate"), body).ok(200)["rows"][0]["measures"].clone()
    };
    let customers = rows("customer", "parent", json!({"n": "count", "staff": {"sum": "employees"}}));
    let chances = rows("opportunity", "customer", json!({"n": "count", "worth": {"sum": "amount"}}));
    let number = |value: &Json| value.to_string().trim_matches('"').parse::<i64>().unwrap();
    let worth = word(&chances["worth"]["amount"]).to_owned();
    (number(&customers["n"]), number(&customers["staff"]), number(&chances["n"]), worth)
}

/// A new record; its id.
fn make(caller: &Caller<'_>, record_type: &str, fields: Json) -> String {
    let made = caller.post(&format!("/api/v1/records/{record_type}"), json!({ "fields": fields })).ok(201);
    word(&made["id"]).to_owned()
}
