//! A source that tells what we know, what was declined, or what somebody is being asked about already: silence. And
//! who is asked when the customer changes hands or its owner is away.

use super::{DEMO, complete, customer_of, event_of, know, now, open_task, request, rows, take_in, tasks_of, word};
use crate::support::app::{JSON, TestApp};
use crate::support::on_both;
use crate::support::threads::each;
use kamflow::api::Limits;
use kamflow::model::json::Json;
use serde_json::json;

/// The report of the dealer as its delivery of this number, with so many employees.
fn report(number: u8, employees: i64) -> Json {
    let mut report = request(4);
    report["event_id"] = json!(format!("DEALER-{number}"));
    report["employees"] = json!(employees);
    report
}

#[test]
fn what_was_declined_is_not_asked_again_and_another_value_is() {
    on_both(|database| {
        let app = TestApp::sales(database);
        know(&app, "黛舸");
        let (gateway, owner) = (app.by_of(DEMO, "intake-gateway"), app.by_of(DEMO, "feng.jing"));
        let first = take_in(&gateway, &report(1, 820));
        complete(&owner, &open_task(&owner, &first, "resolve"), Some("keep"), json!({})).ok(200);
        let known = customer_of(&app, &first);

        // The same again: nothing to add, nobody to ask, the customer is not even written.
        let again = take_in(&gateway, &report(2, 820));
        assert_eq!((&again["state"], &again["search"]["outcome"]), (&json!("completed"), &json!("matched")));
        assert_eq!(tasks_of(&app.by_of(DEMO, "gao.peng"), &again, "resolve").len(), 0);
        assert_eq!(customer_of(&app, &again)["fields"], known["fields"]);
        assert_eq!(event_of(&app, &again)["fields"]["status"], "matched");
        let (_, en, zh) = super::why(&app, &again, "customer-match/diff");
        assert!(en.iter().any(|line| line.starts_with("employees differs, but the owner declined")), "{en:?}");
        assert!(zh.iter().any(|line| line.contains("此前已拒绝过该值")), "{zh:?}");

        let other = take_in(&gateway, &report(3, 830));
        open_task(&owner, &other, "resolve");
    });
}

#[test]
fn what_is_being_asked_is_not_asked_twice() {
    on_both(|database| {
        let app = TestApp::sales(database);
        know(&app, "黛舸");
        let (gateway, owner) = (app.by_of(DEMO, "intake-gateway"), app.by_of(DEMO, "feng.jing"));
        let first = take_in(&gateway, &report(1, 820));
        let event = event_of(&app, &first);
        assert_eq!(
            (&event["fields"]["status"], &event["fields"]["asked"]),
            (&json!("conflict"), &json!(["employees:820"]))
        );
        let second = take_in(&gateway, &report(2, 820));
        assert_eq!(now(&app, &second)["state"], "completed");

        // With something else besides, only that is asked.
        let mut more = report(3, 820);
        more["industry"] = json!("logistics");
        let third = take_in(&gateway, &more);
        let task = open_task(&owner, &third, "resolve");
        let form = owner.get(&format!("/api/v1/user-tasks/{}/form", word(&task["id"]))).ok(200);
        let asked = form["shown"]["difference"]["conflicts"].as_array().unwrap().clone();
        assert_eq!(asked.len(), 1, "{asked:?}");
        assert_eq!(asked[0]["field"], "industry");

        // What the owner takes there takes nothing of what he was not asked.
        complete(&owner, &task, Some("take"), json!({})).ok(200);
        let customer = customer_of(&app, &third);
        assert_eq!(
            (&customer["fields"]["industry"], &customer["fields"]["employees"]),
            (&json!("logistics"), &json!(640))
        );
        complete(&owner, &open_task(&owner, &first, "resolve"), Some("take"), json!({})).ok(200);
        assert_eq!(customer_of(&app, &first)["fields"]["employees"], 820);
        assert_eq!(event_of(&app, &first)["fields"]["asked"], Json::Null);
    });
}

#[test]
fn many_deliveries_at_once_ask_once() {
    on_both(|database| {
        let app = TestApp::sales(database);
        know(&app, "黛舸");
        let other = TestApp::open(database, Limits::default());
        let nodes = [&app, &other];
        each(8, |n| take_in(&nodes[n % 2].by_of(DEMO, "intake-gateway"), &report(n as u8, 820)));
        let made = rows(&app);
        assert_eq!((&made["tasks"], &made["incidents"], &made["events"]), (&json!(1), &json!(0), &json!(8)), "{made}");
    });
}

#[test]
fn a_name_in_another_writing_and_a_blank_are_taken_without_a_word() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let id = know(&app, "黛舸").remove(0);
        let ma_li = app.by_of(DEMO, "ma.li");
        let path = format!("/api/v1/records/customer/{id}");
        ma_li
            .send(
                "PATCH",
                &path,
                &[JSON],
                &json!({"fields": {"employees": null, "verified_fields": ["name"]}}).to_string(),
            )
            .ok(200);
        let intake = take_in(&app.by_of(DEMO, "intake-gateway"), &report(1, 820));
        assert_eq!((&intake["state"], &intake["search"]["outcome"]), (&json!("completed"), &json!("supplemented")));
        let fields = customer_of(&app, &intake)["fields"].clone();
        assert_eq!((&fields["name"], &fields["employees"]), (&json!("昆明黛舸百货股份有限公司"), &json!(820)));
        assert_eq!(fields["aliases"], json!(["黛舸百货"]));
    });
}

#[test]
fn blanks_are_filled_while_the_owner_still_thinks() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let id = know(&app, "黛舸").remove(0);
        let path = format!("/api/v1/records/customer/{id}");
        let ma_li = app.by_of(DEMO, "ma.li");
        ma_li.send("PATCH", &path, &[JSON], &json!({"fields": {"industry": null}}).to_string()).ok(200);
        let mut report = report(1, 820);
        report["industry"] = json!("retail");
        let intake = take_in(&app.by_of(DEMO, "intake-gateway"), &report);
        open_task(&app.by_of(DEMO, "feng.jing"), &intake, "resolve");
        let fields = ma_li.get(&path).ok(200)["fields"].clone();
        assert_eq!((&fields["industry"], &fields["employees"]), (&json!("retail"), &json!(640)));
    });
}

#[test]
fn who_has_the_customer_now_decides_not_who_had_it() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let id = know(&app, "黛舸").remove(0);
        let (former, new) = (app.by_of(DEMO, "feng.jing"), app.by_of(DEMO, "zheng.hao"));
        let intake = take_in(&app.by_of(DEMO, "intake-gateway"), &report(1, 820));
        let task = open_task(&former, &intake, "resolve");
        let path = format!("/api/v1/records/customer/{id}");
        let huang_wei = app.by_of(DEMO, "huang.wei");
        huang_wei.send("PATCH", &path, &[JSON], &json!({"fields": {"owner": "zheng.hao"}}).to_string()).ok(200);
        complete(&former, &task, Some("take"), json!({})).ok(200);
        assert_eq!(app.by_of(DEMO, "ma.li").get(&path).ok(200)["fields"]["employees"], 640);
        let task = open_task(&new, &intake, "resolve");
        assert_eq!(task["assignee"], "zheng.hao");
        complete(&new, &task, Some("keep"), json!({})).ok(200);
        assert_eq!(now(&app, &intake)["state"], "completed");
    });
}

#[test]
fn a_question_that_nobody_answers_goes_to_whoever_has_the_customer_a_week_later() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let id = know(&app, "黛舸").remove(0);
        let intake = take_in(&app.by_of(DEMO, "intake-gateway"), &report(1, 820));
        let path = format!("/api/v1/records/customer/{id}");
        let huang_wei = app.by_of(DEMO, "huang.wei");
        huang_wei.send("PATCH", &path, &[JSON], &json!({"fields": {"owner": "zheng.hao"}}).to_string()).ok(200);
        app.advance("P3D");
        open_task(&app.by_of(DEMO, "lin.xiaoyan"), &intake, "chase");
        app.advance("P4D");
        assert_eq!(open_task(&app.by_of(DEMO, "zheng.hao"), &intake, "resolve")["assignee"], "zheng.hao");
    });
}

#[test]
fn while_the_owner_is_away_whoever_stands_in_or_sales_operations_decides() {
    on_both(|database| {
        let app = TestApp::sales(database);
        know(&app, "黛舸");
        let owner = app.by_of(DEMO, "feng.jing");
        let (from, to) = ("2026-03-01T00:00:00Z", "2026-03-09T00:00:00Z");
        owner.post("/api/v1/absences", json!({"from": from, "to": to})).ok(201);
        owner.post("/api/v1/substitutions", json!({"user": "li.na", "from": from, "to": to})).ok(201);
        let intake = take_in(&app.by_of(DEMO, "intake-gateway"), &report(1, 820));
        let stand_in = app.by_of(DEMO, "li.na");
        let task = open_task(&stand_in, &intake, "resolve");
        assert_eq!((&task["assignee"], &task["candidateUsers"]), (&Json::Null, &json!(["li.na"])));
        open_task(&app.by_of(DEMO, "ma.li"), &intake, "resolve");
        stand_in.post(&format!("/api/v1/user-tasks/{}/claim", word(&task["id"])), json!({})).ok(200);
        complete(&stand_in, &task, Some("take"), json!({})).ok(200);
        assert_eq!(customer_of(&app, &intake)["fields"]["employees"], 820);
    });
}
