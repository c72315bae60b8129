//! What makes no sense is refused with one clear problem, and nothing of it is written.

use super::{DEMO, manufacturer, rows, send};
use crate::support::app::{Caller, JSON, TestApp};
use crate::support::on_both;
use kamflow::model::json::Json;
use serde_json::json;

const PATH: &str = "/api/v1/process-instances";

#[test]
fn nothing_of_a_wrong_request_is_written() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let gateway = app.by_of(DEMO, "intake-gateway");
        let before = rows(&app);
        let wrong = |status, code, pointer: &str, change: &dyn Fn(&mut Json)| {
            let mut variables = manufacturer("E-1", "宁波市拾光精密铸造有限公司");
            change(&mut variables);
            let problem = send(&gateway, &variables).problem(status, code);
            let places: Vec<&Json> = problem["errors"].as_array().unwrap().iter().map(|at| &at["pointer"]).collect();
            assert!(places.iter().any(|place| *place == pointer), "{pointer} is not told: {problem}");
            assert_eq!(rows(&app), before, "{problem}");
        };
        let invalid = "invalid_variables";
        wrong(422, invalid, "/variables/name", &|v| v["name"] = json!("司".repeat(201)));
        wrong(422, invalid, "/variables/name", &|v| v["name"] = json!(""));
        wrong(422, invalid, "/variables/name", &|v| v["name"] = json!(7));
        wrong(422, invalid, "/variables/employees", &|v| v["employees"] = json!("many"));
        wrong(422, invalid, "/variables/employees", &|v| v["employees"] = json!(-1));
        wrong(422, invalid, "/variables/employees", &|v| v["employees"] = json!(1.5));
        wrong(422, invalid, "/variables/industry", &|v| v["industry"] = json!("astrology"));
        wrong(422, invalid, "/variables/country", &|v| v["country"] = json!("China"));
        wrong(422, invalid, "/variables/colour", &|v| v["colour"] = json!("red"));
        wrong(422, invalid, "/variables/annual_revenue/currency", &|v| {
            v["annual_revenue"] = json!({"amount": "1.00", "currency": "yuan"});
        });
        wrong(422, invalid, "/variables/annual_revenue/amount", &|v| {
            v["annual_revenue"] = json!({"amount": 1, "currency": "CNY"});
        });
        wrong(422, invalid, "/variables/contact/phones", &|v| v["contact"] = json!({"name": "A", "phones": "110"}));
        wrong(422, invalid, "/variables/event_id", &|v| drop(v.as_object_mut().unwrap().remove("event_id")));
        wrong(422, "nul_character", "/variables/name", &|v| v["name"] = json!("a\0b"));
    });
}

#[test]
fn what_is_no_json_is_told_so() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let gateway = app.by_of(DEMO, "intake-gateway");
        let before = rows(&app);
        for (body, status, code) in [
            ("{\"process\": ", 400, "malformed_json"),
            ("hello", 400, "malformed_json"),
            ("[]", 400, "invalid_body"),
            ("{\"process\": 7}", 400, "invalid_body"),
            ("{\"process\": \"customer-intake\", \"variables\": []}", 400, "invalid_body"),
            ("{\"process\": \"customer-intake\", \"speed\": 9}", 400, "invalid_body"),
            ("{\"process\": \"customer-intake\", \"process\": \"x\"}", 400, "duplicate_key"),
            ("{\"process\": \"customer-outtake\", \"variables\": {}}", 404, "not_found"),
        ] {
            gateway.send("POST", PATH, &[JSON], body).problem(status, code);
        }
        gateway.send("POST", PATH, &[("Content-Type", "text/plain")], "{}").problem(415, "unsupported_media_type");
        assert_eq!(rows(&app), before);
    });
}

#[test]
fn a_huge_body_is_refused() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let gateway = app.by_of(DEMO, "intake-gateway");
        let before = rows(&app);
        let mut variables = manufacturer("E-1", "宁波市拾光精密铸造有限公司");
        variables["payload"] = json!({"text": "x".repeat(1024 * 1024)});
        send(&gateway, &variables).problem(413, "body_too_large");
        // The largest that is taken is kept as it came.
        variables["payload"] = json!({"text": "汉".repeat(100_000)});
        send(&gateway, &variables).ok(201);
        assert_eq!(rows(&app)["customers"].as_i64(), before["customers"].as_i64().map(|count| count + 1));
    });
}

#[test]
fn a_code_that_is_no_credit_code_is_told_and_not_kept_as_one() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let gateway = app.by_of(DEMO, "intake-gateway");
        let mut variables = manufacturer("E-1", "宁波市拾光精密铸造有限公司");
        variables["uscc"] = json!("91440300MA5HX7K24X");
        let intake = send(&gateway, &variables).ok(201);
        let customer = super::customer_of(&app, &intake);
        assert_eq!(customer["fields"]["uscc"], Json::Null, "{customer}");
        assert_eq!(super::event_of(&app, &intake)["fields"]["payload"]["uscc"], "91440300MA5HX7K24X");
        let (_, en, _) = super::why(&app, &intake, "customer-match/decide");
        assert!(en.iter().any(|line| line.contains("91440300MA5HX7K24X")), "{en:?}");
    });
}

#[test]
fn who_may_not_start_an_intake_is_told_so() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let before = rows(&app);
        let variables = manufacturer("E-1", "宁波市拾光精密铸造有限公司");
        send(&app.by_of(DEMO, "chen.guodong"), &variables).problem(403, "not_starter");
        // A token of another business knows nothing of the process.
        let alice: Caller<'_> = app.by("alice");
        let other = send(&alice, &variables);
        assert!([404, 409, 422].contains(&other.status), "{}", other.text);
        assert_eq!(rows(&app), before);
    });
}
