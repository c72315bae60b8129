//! In doubt: sales operations decides whether it is new, one of ours, or nothing for us.

use super::{DEMO, claim_and_complete, complete, customer_of, event_of, happened, know, now, open_task};
use super::{request, rows, take_in, times, word};
use crate::support::app::TestApp;
use crate::support::on_both;
use kamflow::model::json::Json;
use serde_json::json;

#[test]
fn it_is_another_company() {
    in_review(|app, known, intake| {
        let ma_li = app.by_of(DEMO, "ma.li");
        let review = open_task(&ma_li, intake, "review");
        claim_and_complete(&ma_li, &review, Some("new"), json!({"review_note": "not a branch of the one in Nanjing"}));
        let done = now(app, intake);
        assert_eq!((&done["state"], &done["search"]["outcome"]), (&json!("completed"), &json!("created")));
        let customer = customer_of(app, intake);
        assert_ne!(customer["id"], known);
        assert_eq!(customer["fields"]["name"], "广州熠堃自动化设备有限公司");
        assert!(["li.na", "zheng.hao"].contains(&word(&customer["fields"]["owner"])), "{customer}");
        let event = event_of(app, intake);
        assert_eq!(event["fields"]["status"], "created");
        assert_eq!(event["fields"]["review_note"], "not a branch of the one in Nanjing");
        assert_eq!(rows(app)["customers"], 2);
        assert_eq!(times(&happened(app, intake), "task_completed review"), 1);
    });
}

#[test]
fn it_is_the_one_that_we_have() {
    in_review(|app, known, intake| {
        let ma_li = app.by_of(DEMO, "ma.li");
        claim_and_complete(&ma_li, &open_task(&ma_li, intake, "review"), Some("same"), json!({}));
        // 广东 against our 江苏: the same company after all, so its owner is asked which region is right.
        let zhao_lei = app.by_of(DEMO, "zhao.lei");
        let conflict = open_task(&zhao_lei, intake, "resolve");
        complete(&zhao_lei, &conflict, Some("keep"), json!({})).ok(200);
        let done = now(app, intake);
        assert_eq!(done["state"], "completed");
        let customer = customer_of(app, intake);
        assert_eq!(customer["id"], known);
        assert_eq!(customer["fields"]["region"], "江苏");
        assert_eq!(rows(app)["customers"], 1);
    });
}

#[test]
fn it_is_nothing_for_us() {
    in_review(|app, _, intake| {
        let ma_li = app.by_of(DEMO, "ma.li");
        let review = open_task(&ma_li, intake, "review");
        claim_and_complete(&ma_li, &review, Some("reject"), json!({"review_note": "a joke at the fair"}));
        let done = now(app, intake);
        assert_eq!((&done["state"], &done["search"]["outcome"]), (&json!("completed"), &json!("rejected")));
        let event = event_of(app, intake);
        assert_eq!((&event["fields"]["status"], &event["fields"]["customer"]), (&json!("rejected"), &Json::Null));
        assert_eq!(rows(app)["customers"], 1);
    });
}

#[test]
fn a_customer_that_is_not_there_is_asked_for_again() {
    in_review(|app, known, intake| {
        let ma_li = app.by_of(DEMO, "ma.li");
        let review = open_task(&ma_li, intake, "review");
        claim_and_complete(&ma_li, &review, Some("same"), json!({"same_as": "nobody"}));
        let again = open_task(&ma_li, intake, "review");
        assert_ne!(again["id"], review["id"]);
        claim_and_complete(&ma_li, &again, Some("same"), json!({"same_as": known}));
        assert_eq!(times(&happened(app, intake), "task_created review"), 2);
        assert_eq!(open_task(&app.by_of(DEMO, "zhao.lei"), intake, "resolve")["assignee"], "zhao.lei");
    });
}

#[test]
fn only_sales_operations_may_decide_and_only_once() {
    in_review(|app, _, intake| {
        let (ma_li, zhou_min) = (app.by_of(DEMO, "ma.li"), app.by_of(DEMO, "zhou.min"));
        let review = open_task(&ma_li, intake, "review");
        let path = format!("/api/v1/user-tasks/{}", word(&review["id"]));
        zhou_min.get(&path).problem(404, "not_found");
        complete(&zhou_min, &review, Some("new"), json!({})).problem(404, "not_found");
        let wrong = complete(&ma_li, &review, Some("perhaps"), json!({}));
        assert!([409, 422].contains(&wrong.status), "{}", wrong.text);
        let before = rows(app);
        let undeclared = {
            ma_li.post(&format!("{path}/claim"), json!({})).ok(200);
            complete(&ma_li, &review, Some("new"), json!({"colour": "red"}))
        };
        undeclared.problem(422, "invalid_variables");
        assert_eq!(rows(app), before);
        complete(&ma_li, &review, Some("reject"), json!({})).ok(200);
        complete(&ma_li, &review, Some("new"), json!({})).problem(409, "task_not_open");
        assert_eq!(rows(app)["customers"], 1);
    });
}

/// The second request against the customer that it may be.
fn in_review(test: impl Fn(&TestApp, &str, &Json)) {
    on_both(|database| {
        let app = TestApp::sales(database);
        let known = know(&app, "熠堃").remove(0);
        let intake = take_in(&app.by_of(DEMO, "intake-gateway"), &request(2));
        test(&app, &known, &intake);
    });
}
