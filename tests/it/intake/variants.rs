//! Variants of one new customer that come in at the same moment: one of them is new, and nobody else makes
//! another one.

use super::{DEMO, customer_of, now, rows, send, tasks_of};
use crate::support::app::TestApp;
use crate::support::on_both;
use crate::support::threads::each;
use kamflow::api::Limits;
use kamflow::model::json::Json;
use serde_json::json;
use std::collections::BTreeSet;

/// How different people write one company.
const VARIANTS: [&str; 5] = [
    "宁波市拾光精密铸造有限公司",
    "宁波拾光精密铸造有限公司",
    "拾光精密鑄造（宁波）有限公司",
    "宁波市 拾光精密铸造 有限公司",
    "寧波市拾光精密铸造有限公司",
];

#[test]
fn twenty_at_once_are_one_customer() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let other = TestApp::open(database, Limits::default());
        let nodes = [&app, &other];
        let answers = each(20, |n| {
            let name = VARIANTS[n % VARIANTS.len()];
            let event = json!({
                "source_channel": "online_sales", "event_id": format!("E-{n}"), "name": name, "region": "浙江",
                "industry": "manufacturing", "contact": {"name": "钱明"},
            });
            send(&nodes[n % 2].by_of(DEMO, "intake-gateway"), &event).ok(201)
        });
        let made = rows(&app);
        assert_eq!((made["customers"].clone(), made["incidents"].clone()), (json!(1), json!(0)), "{made}");
        // Who is in doubt, or contradicts, is asked about; nobody makes another one.
        let (asked, told): (Vec<&Json>, Vec<&Json>) =
            answers.iter().partition(|one| now(&app, one)["search"]["outcome"] == "open");
        let found: BTreeSet<String> = told.iter().map(|one| customer_of(&app, one)["id"].to_string()).collect();
        assert_eq!(found.len(), 1, "everybody is told of the same customer: {found:?}");
        for one in asked {
            let waits = ["review", "resolve"].map(|node| tasks_of(&app.by_of(DEMO, "ma.li"), one, node).len());
            assert_eq!(waits.iter().sum::<usize>(), 1, "{one}");
        }
    });
}

#[test]
fn customers_that_come_in_together_are_shared_out_evenly() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let other = TestApp::open(database, Limits::default());
        let nodes = [&app, &other];
        // Names that share nothing but their legal form.
        let names: Vec<String> = (0..24).map(|n| format!("{}有限公司", four_signs(n))).collect();
        let made = each(names.len(), |n| {
            let event = json!({
                "source_channel": "marketing_activity", "event_id": format!("E-{n}"), "name": names[n], "region": "浙江",
                "industry": "logistics",
            });
            send(&nodes[n % 2].by_of(DEMO, "intake-gateway"), &event).ok(201)
        });
        let owners: Vec<Json> = made.iter().map(|one| customer_of(&app, one)["fields"]["owner"].clone()).collect();
        // Two may have customers from there: capacity 50 and 55, so at every moment loads are in that proportion.
        let has = |who: &str| owners.iter().filter(|owner| **owner == who).count();
        assert_eq!((has("sun.yue"), has("zhao.lei")), (11, 13), "{owners:?}");
    });
}

/// Four signs of which no two names share one.
fn four_signs(number: u32) -> String {
    (0..4).map(|sign| char::from_u32(0x4E8C + number * 97 + sign * 23).unwrap()).collect()
}
