//! The five requests of the demonstration against its 300 customers: what becomes of each, as the README tells it.

use super::{DEMO, customer_of, event_of, happened, now, open_task, request, rows, take_in, tasks_of, why, word};
use crate::support::app::{TestApp, project};
use crate::support::on_both;
use kamflow::server::demo;
use serde_json::json;

#[test]
fn five_channels_five_stories() {
    on_both(|database| {
        let app = TestApp::start(database);
        app.wait(demo::demo(&app.runtime, &project())).unwrap();
        let gateway = app.by_of(DEMO, "intake-gateway");
        let ma_li = app.by_of(DEMO, "ma.li");
        assert_eq!(rows(&app)["customers"], 300);

        // 1: known by its code; the blanks are filled
        let first = take_in(&gateway, &request(1));
        assert_eq!((&first["state"], &first["search"]["outcome"]), (&json!("completed"), &json!("supplemented")));
        let customer = customer_of(&app, &first);
        assert_eq!(customer["fields"]["name"], "深圳昀衢模具制造集团有限公司");
        assert_eq!(customer["fields"]["employees"], 860);
        assert_eq!(customer["fields"]["annual_revenue"], json!({"amount": "352000000.00", "currency": "CNY"}));
        assert_eq!(customer["fields"]["owner"], "li.na");
        assert_eq!(customer["fields"]["class"], "A");
        let path = format!("/api/v1/records/customer/{}/history", word(&customer["id"]));
        let changes = ma_li.get(&path).ok(200);
        let filled = changes["items"].as_array().unwrap().iter().find(|change| change["field"] == "employees").unwrap();
        assert_eq!(filled["reason"], "intake repair_service:RS-2026-0917-0042");
        assert_eq!(filled["instance"], first["id"]);

        // 2: the same core in another region; a person decides
        let second = take_in(&gateway, &request(2));
        assert_eq!((&second["state"], &second["search"]["outcome"]), (&json!("active"), &json!("open")));
        let review = open_task(&ma_li, &second, "review");
        assert_eq!(review["allowedActions"], json!(["claim"]));
        assert_eq!(event_of(&app, &second)["fields"]["status"], "review");
        let (_, en, zh) = why(&app, &second, "customer-match/decide");
        assert_eq!(en.last().unwrap(), "May be 南京熠堃自动化设备有限公司 (81 points): a person decides.");
        assert_eq!(zh.last().unwrap(), "可能是“南京熠堃自动化设备有限公司”（81 分），需人工核定。");

        // 3: new; the person with the least load for the capacity gets it
        let third = take_in(&gateway, &request(3));
        assert_eq!((&third["state"], &third["search"]["outcome"]), (&json!("completed"), &json!("created")));
        let customer = customer_of(&app, &third);
        assert_eq!(customer["fields"]["owner"], "sun.yue");
        assert_eq!(customer["fields"]["region"], "浙江");
        assert_eq!(customer["fields"]["class"], "unrated");
        assert_eq!(customer["fields"]["class_missing"], json!(["annual_revenue"]));
        let (decision, en, zh) = why(&app, &third, "customer-assignment/assign");
        assert_eq!(decision["output"]["owner"], "sun.yue");
        assert_eq!(
            en,
            [
                "Works in other regions: feng.jing, li.na, zheng.hao, zhou.min.",
                "Works in other industries: wu.lei.",
                "May have it, best first: sun.yue, zhao.lei.",
                "sun.yue has the least load for the capacity: 36 of 50; next is zhao.lei with 45 of 55.",
                "Assigned to sun.yue, who had 36 customers for a capacity of 50.",
            ]
        );
        assert_eq!(
            zh,
            [
                "负责其他地区：feng.jing, li.na, zheng.hao, zhou.min。",
                "负责其他行业：wu.lei。",
                "符合条件（按优先次序）：sun.yue, zhao.lei。",
                "sun.yue 的加权负荷最低：36/50；其次为 zhao.lei：45/55。",
                "分派给 sun.yue（原有客户 36，容量 50）。",
            ]
        );
        let contacts = ma_li.get("/api/v1/records/contact").ok(200);
        assert_eq!(contacts["total"], 1);
        assert_eq!(contacts["items"][0]["fields"]["customer"], customer["id"]);
        assert_eq!(contacts["items"][0]["fields"]["name"], "沈一帆");

        // 4: known by the number of its dealer, but it contradicts us; its owner is asked and nobody else
        let fourth = take_in(&gateway, &request(4));
        assert_eq!((&fourth["state"], &fourth["search"]["outcome"]), (&json!("active"), &json!("open")));
        let conflict = open_task(&app.by_of(DEMO, "feng.jing"), &fourth, "resolve");
        assert_eq!(conflict["assignee"], "feng.jing");
        assert_eq!(conflict["allowedActions"], json!(["unclaim", "complete", "delegate", "createSubTask", "update"]));
        assert_eq!(tasks_of(&app.by_of(DEMO, "zhou.min"), &fourth, "resolve").len(), 0);

        // 5: new and large
        let fifth = take_in(&gateway, &request(5));
        assert_eq!((&fifth["state"], &fifth["search"]["outcome"]), (&json!("completed"), &json!("created")));
        let customer = customer_of(&app, &fifth);
        assert_eq!((&customer["fields"]["class"], &customer["fields"]["tier"]), (&json!("A"), &json!("gold")));
        assert_eq!(customer["fields"]["owner"], "zheng.hao");
        let (_, en, zh) = why(&app, &fifth, "customer-classification/classify");
        assert_eq!(en.last().unwrap(), "95 points: class A (from 75), tier gold.");
        assert_eq!(zh.last().unwrap(), "共 95 分：A 类（75 分起），等级 gold。");

        assert_eq!(
            rows(&app),
            json!({"instances": 5, "tasks": 2, "decisions": 12, "incidents": 0, "customers": 302, "events": 5})
        );
        assert_eq!(happened(&app, &fifth).last().unwrap(), "instance_ended -");
        assert_eq!(now(&app, &fifth)["variables"]["payload"], request(5)["payload"]);
    });
}
