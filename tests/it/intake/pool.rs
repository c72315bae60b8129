//! Nobody may have the customer: it waits in the pool until sales operations finds somebody.

use super::{DEMO, claim_and_complete, customer_of, happened, now, open_task, take_in, tasks_of, times, why, word};
use crate::support::app::TestApp;
use crate::support::on_both;
use kamflow::model::json::Json;
use serde_json::json;

#[test]
fn a_customer_that_nobody_may_have_waits_in_the_pool() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let ma_li = app.by_of(DEMO, "ma.li");
        // Banking in Xinjiang: nobody covers the region.
        let request = json!({"source_channel": "other", "event_id": "E-1", "name": "天山渤岭银行股份有限公司",
            "region": "新疆", "industry": "finance"});
        let intake = take_in(&app.by_of(DEMO, "intake-gateway"), &request);
        assert_eq!((&intake["state"], &intake["search"]["outcome"]), (&json!("active"), &json!("created")));
        let customer = customer_of(&app, &intake);
        assert_eq!((&customer["fields"]["owner"], &customer["fields"]["pool"]), (&Json::Null, &json!("general")));
        let (decision, en, zh) = why(&app, &intake, "customer-assignment/assign");
        assert_eq!(decision["output"]["owner"], Json::Null);
        assert_eq!(en.last().unwrap(), "None of the 7 people may have it: it waits in the pool general.");
        assert_eq!(zh.last().unwrap(), "7 人中无人符合条件：进入公共池 general。");

        // Somebody who is not in sales is asked for again; then somebody who is.
        let task = open_task(&ma_li, &intake, "find-owner");
        claim_and_complete(&ma_li, &task, None, json!({"new_owner": "gao.peng"}));
        let again = open_task(&ma_li, &intake, "find-owner");
        assert_ne!(again["id"], task["id"]);
        claim_and_complete(&ma_li, &again, None, json!({"new_owner": "zhou.min", "owner_note": "knows the bank"}));
        assert_eq!(now(&app, &intake)["state"], "completed");
        let customer = customer_of(&app, &intake);
        assert_eq!((&customer["fields"]["owner"], &customer["fields"]["pool"]), (&json!("zhou.min"), &Json::Null));
    });
}

#[test]
fn a_customer_from_abroad_waits_in_a_pool_of_its_own() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let request = json!({"source_channel": "other", "event_id": "E-1", "name": "Nordlicht Logistik AG",
            "country": "DE", "region": "Bremen", "industry": "logistics"});
        let intake = take_in(&app.by_of(DEMO, "intake-gateway"), &request);
        assert_eq!(customer_of(&app, &intake)["fields"]["pool"], "abroad");
        open_task(&app.by_of(DEMO, "ma.li"), &intake, "find-owner");
    });
}

#[test]
fn a_pooled_customer_is_offered_again_when_somebody_is_back() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let zhou_min = app.by_of(DEMO, "zhou.min");
        let away = json!({"from": "2026-03-01T00:00:00Z", "to": "2026-03-04T00:00:00Z"});
        zhou_min.post("/api/v1/absences", away).ok(201);
        let request = json!({"source_channel": "other", "event_id": "E-1", "name": "渤岭燕赵银行股份有限公司",
            "region": "河北", "industry": "finance"});
        let intake = take_in(&app.by_of(DEMO, "intake-gateway"), &request);
        assert_eq!(customer_of(&app, &intake)["fields"]["pool"], "general");
        let ma_li = app.by_of(DEMO, "ma.li");
        let task = open_task(&ma_li, &intake, "find-owner");
        // After a day nobody is back: the task stays as it is.
        app.advance("P1D");
        assert_eq!(open_task(&app.by_of(DEMO, "ma.li"), &intake, "find-owner")["id"], task["id"]);
        // After three days she is.
        app.advance("P2D");
        let done = now(&app, &intake);
        assert_eq!(done["state"], "completed", "{done}");
        let customer = customer_of(&app, &intake);
        assert_eq!((&customer["fields"]["owner"], &customer["fields"]["pool"]), (&json!("zhou.min"), &Json::Null));
        let admin = app.by_of(DEMO, "gao.peng");
        assert_eq!(tasks_of(&admin, &intake, "find-owner")[0]["state"], "cancelled");
        let path = format!("/api/v1/decisions?function=customer-assignment/assign&instance={}", word(&intake["id"]));
        let decisions = admin.get(&path).ok(200);
        assert_eq!(decisions["total"], 3, "each offer leaves a decision: {decisions}");
        assert!(times(&happened(&app, &intake), "decision_made offer") == 2);
    });
}

#[test]
fn offers_end_and_the_task_stays() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let request = json!({"source_channel": "other", "event_id": "E-1", "name": "天山渤岭银行股份有限公司",
            "region": "新疆", "industry": "finance"});
        let intake = take_in(&app.by_of(DEMO, "intake-gateway"), &request);
        app.advance("P400D");
        assert_eq!(app.advance("P400D"), 0);
        assert_eq!(times(&happened(&app, &intake), "decision_made offer"), 5);
        let ma_li = app.by_of(DEMO, "ma.li");
        let task = open_task(&ma_li, &intake, "find-owner");
        claim_and_complete(&ma_li, &task, None, json!({"new_owner": "zhou.min"}));
        assert_eq!(now(&app, &intake)["state"], "completed");
    });
}
