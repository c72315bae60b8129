//! Where information comes from: five named channels, others as a company adds them, each delivery kept as it came.

use super::{DEMO, customer_of, event_of, manufacturer, rows, send, take_in};
use crate::support::app::{TestApp, shipped};
use crate::support::on_both;
use kamflow::model::ids::BusinessId;
use kamflow::server::folders;
use serde_json::json;

const CHANNELS: [&str; 6] =
    ["marketing_activity", "channel_management", "online_sales", "repair_service", "purchased_information", "other"];

/// A business of its own channel.
const OVERLAY: &str = "\
pack: sales-demo
title: {en: Demo, zh: 演示}
version: '1'
extends: sales
business: demo
lists: {source_channel: {trade_fair: {en: Trade fair, zh: 展会}}}
";

#[test]
fn each_channel_keeps_what_it_sent_as_it_came() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let gateway = app.by_of(DEMO, "intake-gateway");
        for (number, channel) in CHANNELS.iter().enumerate() {
            let mut body =
                manufacturer("E-1", ["甲溪拾光", "砚川机床", "渤岭阀业", "熠远铸造", "昀衢模具", "黛原纺机"][number]);
            body["source_channel"] = json!(channel);
            body["source_ref"] = json!("C-7");
            body["payload"] = json!({"raw": [1.50, null, {"note": " as it came "}]});
            let intake = take_in(&gateway, &body);
            let event = event_of(&app, &intake)["fields"].clone();
            assert_eq!((&event["source_channel"], &event["payload"]), (&json!(channel), &body));
            assert_eq!((&event["event_id"], &event["received_at"]), (&json!("E-1"), &json!("2026-03-02T00:00:00Z")));
            assert_eq!(customer_of(&app, &intake)["fields"]["source_refs"], json!([format!("{channel}:C-7")]));
        }
        assert_eq!(rows(&app)["customers"], 6);
        let mut unknown = manufacturer("E-2", "宁波市拾光精密铸造有限公司");
        unknown["source_channel"] = json!("trade_fair");
        send(&gateway, &unknown).problem(422, "invalid_variables");
    });
}

#[test]
fn a_company_adds_a_channel_in_one_place() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let mut files = shipped();
        files.insert("workflows/sales-demo/pack.yaml".to_owned(), OVERLAY.as_bytes().to_vec());
        app.wait(folders::deploy(&app.runtime, &BusinessId::from(DEMO), files, "trade fairs")).unwrap();
        let gateway = app.by_of(DEMO, "intake-gateway");
        let mut fair = manufacturer("E-1", "宁波市拾光精密铸造有限公司");
        fair["source_channel"] = json!("trade_fair");
        let intake = take_in(&gateway, &fair);
        assert_eq!(customer_of(&app, &intake)["fields"]["source_channel"], "trade_fair");
        assert_eq!(event_of(&app, &intake)["fields"]["source_channel"], "trade_fair");
        take_in(&gateway, &manufacturer("E-1", "绍兴市砚溪机床有限公司"));
    });
}

#[test]
fn the_number_at_the_source_finds_the_customer_and_new_data_is_a_new_intake() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let gateway = app.by_of(DEMO, "intake-gateway");
        let mut body = manufacturer("E-1", "宁波市拾光精密铸造有限公司");
        body["source_ref"] = json!("C-7");
        let first = take_in(&gateway, &body);
        // The same customer of the source under another name and with more: what is new is added.
        body["event_id"] = json!("E-2");
        body["name"] = json!("拾光精密铸造");
        body["employees"] = json!(90);
        let second = take_in(&gateway, &body);
        assert_ne!(second["id"], first["id"]);
        assert_eq!((&second["state"], &second["search"]["outcome"]), (&json!("completed"), &json!("supplemented")));
        let customer = customer_of(&app, &second);
        assert_eq!(
            (&customer["fields"]["employees"], &customer["fields"]["aliases"]),
            (&json!(90), &json!(["拾光精密铸造"]))
        );
        assert_eq!(customer["id"], customer_of(&app, &first)["id"]);
        // The delivery of before is answered as before; with another content it is refused.
        body["event_id"] = json!("E-1");
        send(&gateway, &body).problem(422, "business_key_reused");
        assert_eq!((&rows(&app)["customers"], &rows(&app)["events"]), (&json!(1), &json!(2)));
        // The number of another channel is another number.
        let mut other = manufacturer("E-3", "绍兴市砚溪机床有限公司");
        other["source_channel"] = json!("repair_service");
        other["source_ref"] = json!("C-7");
        take_in(&gateway, &other);
        assert_eq!(rows(&app)["customers"], 2);
    });
}
