//! Customer intake over HTTP, on both databases: the slice of the mission.

use crate::support::app::TestApp;
use crate::support::on_both;
use serde_json::json;

#[test]
fn a_new_customer_is_created_with_an_owner_at_once() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let ma_li = app.by_of("demo", "ma.li");
        let started = ma_li.post(
            "/api/v1/process-instances",
            json!({"process": "customer-intake", "variables": {
                "source_channel": "online_sales", "event_id": "E-1", "name": "宁波市拾光精密铸造有限公司",
                "region": "浙江", "industry": "manufacturing"}}),
        );
        let started = started.ok(201);
        assert_eq!(started["search"]["outcome"], "created");
        let all = ma_li.get("/api/v1/records/customer").ok(200);
        assert_eq!(all["total"], 1);
        assert!(all["items"][0]["fields"]["owner"].is_string(), "{all}");
    });
}
