//! Leads: scored by a script, judged by a person, and taken in as customers that keep where they came from.

use super::{DEMO, claim_and_complete, complete, now, one, open_task, word};
use crate::support::app::{Answer, Caller, JSON, TestApp};
use crate::support::on_both;
use kamflow::model::json::Json;
use serde_json::json;

const LEADS: &str = "/api/v1/records/lead";

#[test]
fn a_lead_is_nurtured_then_qualified_and_becomes_a_customer() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let (gateway, ma_li) = (app.by_of(DEMO, "intake-gateway"), app.by_of(DEMO, "ma.li"));
        let lead = gateway.post(LEADS, json!({ "fields": fields() })).ok(201);
        let path = format!("{LEADS}/{}", word(&lead["id"]));
        // 9 visits 13.5, an inquiry 7.5, manufacturing 15; the size is not known
        assert_eq!(
            (lead["fields"]["score"].as_f64(), &lead["fields"]["score_missing"]),
            (Some(36.0), &json!(["employees"]))
        );
        gateway.post(LEADS, json!({ "fields": fields() })).problem(409, "not_unique");

        let first = qualify(&ma_li, &lead).ok(201);
        assert_eq!(qualify(&ma_li, &lead).ok(200)["id"], first["id"]);
        let task = open_task(&ma_li, &first, "judge");
        let form = ma_li.get(&format!("/api/v1/user-tasks/{}/form", word(&task["id"]))).ok(200);
        assert_eq!(form["shown"]["assessment"]["suggestion"], "nurture");
        claim_and_complete(&ma_li, &task, Some("nurture"), json!({"judgement_note": "no budget this year"}));
        assert_eq!(status(&ma_li, &path), "nurture");

        // It comes back, bigger than we knew, and asks for more.
        let more = json!({"fields": {"employees": 860, "inquiries": 4, "downloads": 2}});
        let lead = gateway.send("PATCH", &path, &[JSON], &more.to_string()).ok(200);
        assert_eq!(lead["fields"]["score"].as_f64(), Some(82.5));
        let second = qualify(&ma_li, &lead).ok(201);
        assert_ne!(second["id"], first["id"]);
        let judged = json!({"judgement_note": "a frame contract is near", "expected_close": "2026-05-31",
            "amount": {"amount": "1200000.00", "currency": "CNY"}, "budget": "approved", "credit": "sound", "relation": "new"});
        claim_and_complete(&ma_li, &open_task(&ma_li, &second, "judge"), Some("qualified"), judged);
        let done = now(&app, &second);
        assert_eq!((&done["state"], &done["search"]["outcome"]), (&json!("completed"), &json!("converted")));

        // 90 days from 2026-03-02, and a risk of 30
        let lead = ma_li.get(&path).ok(200);
        let of = |name: &str| lead["fields"][name].clone();
        assert_eq!((of("status"), of("priority_grade")), (json!("converted"), json!("A")));
        assert_eq!(of("risk_score").as_f64(), Some(30.0));
        let customer = ma_li.get(&format!("/api/v1/records/customer/{}", word(&of("customer")))).ok(200);
        assert_eq!(customer["fields"]["name"], "宁波市拾光精密铸造有限公司");
        assert_eq!(customer["fields"]["source_channel"], "marketing_activity");
        assert!(["sun.yue", "zhao.lei"].contains(&word(&customer["fields"]["owner"])), "{customer}");
        let event = one(&ma_li, &format!("/api/v1/records/intake_event?customer={}", word(&of("customer"))));
        assert_eq!(
            (&event["fields"]["source_ref"], &event["fields"]["payload"]["payload"]["lead"]),
            (&json!("FAIR-17"), &lead["id"])
        );
        let contact = one(&ma_li, &format!("/api/v1/records/contact?customer={}", word(&of("customer"))));
        assert_eq!(contact["fields"]["name"], "沈一帆");

        // What became a customer is closed, and judged no more.
        let more = json!({"fields": {"inquiries": 5}});
        gateway.send("PATCH", &path, &[JSON], &more.to_string()).problem(409, "immutable");
        let third = qualify(&ma_li, &lead).ok(201);
        assert_eq!((&third["state"], &third["search"]["outcome"]), (&json!("completed"), &json!("converted")));
    });
}

#[test]
fn a_lead_whose_intake_is_rejected_comes_back_to_be_judged() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let (ma_li, zhao) = (app.by_of(DEMO, "ma.li"), app.by_of(DEMO, "zhao.lei"));
        super::know(&app, "南京熠堃自动化设备有限公司");
        let mut twin = fields();
        (twin["name"], twin["region"], twin["owner"]) =
            (json!("广州熠堃自动化设备有限公司"), json!("广东"), json!("zhao.lei"));
        let lead = zhao.post(LEADS, json!({ "fields": twin })).ok(201);
        let made = qualify(&zhao, &lead).ok(201);
        let note = json!({"judgement_note": "asked for a quote"});
        complete(&zhao, &open_task(&zhao, &made, "judge"), Some("qualified"), note).ok(200);
        let path = format!("{LEADS}/{}", word(&lead["id"]));
        assert_eq!(status(&ma_li, &path), "qualified");
        let tasks = ma_li.get("/api/v1/user-tasks?actionable=true").ok(200);
        claim_and_complete(
            &ma_li,
            &tasks["items"][0],
            Some("reject"),
            json!({"review_note": "a copy of the one in Nanjing"}),
        );

        let again = open_task(&zhao, &made, "judge");
        let form = zhao.get(&format!("/api/v1/user-tasks/{}/form", word(&again["id"]))).ok(200);
        assert_eq!(form["shown"]["intake_outcome"], "rejected");
        complete(&zhao, &again, Some("dropped"), json!({})).problem(422, "invalid_variables");
        complete(&zhao, &again, Some("dropped"), json!({"judgement_note": "we have it"})).ok(200);
        let lead = ma_li.get(&path).ok(200);
        assert_eq!(
            (&lead["fields"]["status"], &lead["fields"]["priority_grade"]),
            (&json!("dropped"), &json!("unrated"))
        );
        assert_eq!(lead["fields"]["customer"], Json::Null);
    });
}

#[test]
fn what_a_process_judges_nobody_writes_and_a_stranger_judges_nothing() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let by = |login: &str| app.by_of(DEMO, login);
        let mut owned = fields();
        owned["owner"] = json!("zhao.lei");
        let lead = by("zhao.lei").post(LEADS, json!({ "fields": owned })).ok(201);
        let path = format!("{LEADS}/{}", word(&lead["id"]));
        by("zhou.min").get(&path).problem(404, "not_found");
        for login in ["zhao.lei", "lin.xiaoyan", "ma.li"] {
            for fields in [json!({"status": "qualified"}), json!({"priority_grade": "A"})] {
                let body = json!({ "fields": fields }).to_string();
                by(login).send("PATCH", &path, &[JSON], &body).problem(403, "field_not_allowed");
            }
        }
        let mut forged = fields();
        (forged["source_ref"], forged["status"]) = (json!("FAIR-18"), json!("qualified"));
        by("intake-gateway").post(LEADS, json!({ "fields": forged })).problem(403, "field_not_allowed");
        let stranger = qualify(&by("zhou.min"), &lead).ok(201);
        assert_eq!((&stranger["state"], &stranger["search"]["outcome"]), (&json!("completed"), &json!("not_found")));
        assert_eq!(stranger["search"]["lead_number"], Json::Null);
    });
}

#[test]
fn a_need_has_a_priority_when_all_of_it_is_judged() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let zhou = app.by_of(DEMO, "zhou.min");
        let customer = json!({"fields": {"name": "宁波拾光精密铸造有限公司", "owner": "zhou.min"}});
        let customer = zhou.post("/api/v1/records/customer", customer).ok(201);
        let need = |impact: i64, difficulty: i64, urgency: Json| {
            let fields = json!({"customer": customer["id"], "owner": "zhou.min", "name": "traceable castings",
                "method": "interview", "impact": impact, "difficulty": difficulty, "urgency": urgency});
            zhou.post("/api/v1/records/need", json!({ "fields": fields }))
        };
        let judged = need(5, 3, json!(4)).ok(201);
        assert_eq!(judged["fields"]["priority"].as_f64(), Some(4.1));
        assert_eq!(need(4, 2, json!(5)).ok(201)["fields"]["priority"].as_f64(), Some(3.7));
        let open = need(4, 2, Json::Null).ok(201);
        assert_eq!((&open["fields"]["priority"], &open["fields"]["missing"]), (&Json::Null, &json!(["urgency"])));
        let refused = need(6, 2, json!(5)).problem(422, "check_failed");
        assert_eq!(refused["errors"][0]["detail"], "Impact, difficulty and urgency are judged from 1 to 5.");
        // Who reads the customer reads its needs.
        let path = format!("/api/v1/records/need/{}", word(&judged["id"]));
        app.by_of(DEMO, "ma.li").get(&path).ok(200);
        app.by_of(DEMO, "li.na").get(&path).problem(404, "not_found");
    });
}

fn fields() -> Json {
    json!({"name": "宁波市拾光精密铸造有限公司", "source_channel": "marketing_activity", "source_ref": "FAIR-17",
        "region": "浙江", "industry": "manufacturing", "contact_name": "沈一帆", "contact_phone": "13800000001",
        "site_visits": 9, "inquiries": 1})
}

fn qualify(caller: &Caller<'_>, lead: &Json) -> Answer {
    let variables = json!({"lead": lead["id"]});
    caller.post("/api/v1/process-instances", json!({"process": "lead-qualification", "variables": variables}))
}

fn status(caller: &Caller<'_>, path: &str) -> Json {
    caller.get(path).ok(200)["fields"]["status"].clone()
}
