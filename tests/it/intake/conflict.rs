//! The source says something else than we do: the owner of the customer keeps ours or takes theirs.

use super::{DEMO, complete, customer_of, event_of, know, now, open_task, request, take_in};
use crate::support::app::TestApp;
use crate::support::on_both;
use kamflow::model::json::Json;
use serde_json::json;

#[test]
fn the_owner_keeps_our_value() {
    in_conflict(|app, intake| {
        let owner = app.by_of(DEMO, "feng.jing");
        complete(&owner, &open_task(&owner, intake, "resolve"), Some("keep"), json!({})).ok(200);
        assert_eq!(now(app, intake)["state"], "completed");
        let customer = customer_of(app, intake);
        assert_eq!(customer["fields"]["employees"], 640);
        assert_eq!(customer["fields"]["name"], "昆明黛舸百货股份有限公司");
        // Under which other name somebody knows it contradicts nobody.
        assert_eq!(customer["fields"]["aliases"], json!(["黛舸百货"]));
        assert_eq!(customer["fields"]["declined"], json!(["employees:820"]));
        assert_eq!(event_of(app, intake)["fields"]["status"], "supplemented");
    });
}

#[test]
fn the_owner_takes_theirs() {
    in_conflict(|app, intake| {
        let owner = app.by_of(DEMO, "feng.jing");
        let task = open_task(&owner, intake, "resolve");
        complete(&owner, &task, Some("take"), json!({"conflict_note": "they hired"})).ok(200);
        assert_eq!(now(app, intake)["search"]["outcome"], "supplemented");
        let customer = customer_of(app, intake);
        assert_eq!(customer["fields"]["employees"], 820);
        assert_eq!(customer["fields"]["name"], "昆明黛舸百货股份有限公司");
        assert_eq!(
            (&customer["fields"]["aliases"], &customer["fields"]["declined"]),
            (&json!(["黛舸百货"]), &Json::Null)
        );
        assert_eq!(customer["fields"]["owner"], "feng.jing");
    });
}

#[test]
fn what_changed_while_the_owner_thought_is_not_overwritten() {
    in_conflict(|app, intake| {
        let owner = app.by_of(DEMO, "feng.jing");
        let task = open_task(&owner, intake, "resolve");
        let customer = now(app, intake)["variables"]["customer_id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/records/customer/{customer}");
        let change = json!({"fields": {"employees": 900, "verified_fields": ["employees"]}});
        owner.send("PATCH", &path, &[crate::support::app::JSON], &change.to_string()).ok(200);
        complete(&owner, &task, Some("take"), json!({})).ok(200);
        assert_eq!(customer_of(app, intake)["fields"]["employees"], 900);
        assert_eq!(now(app, intake)["state"], "completed");
    });
}

/// The fourth request against the customer that it contradicts.
fn in_conflict(test: impl Fn(&TestApp, &Json)) {
    on_both(|database| {
        let app = TestApp::sales(database);
        know(&app, "黛舸");
        let intake = take_in(&app.by_of(DEMO, "intake-gateway"), &request(4));
        test(&app, &intake);
    });
}
