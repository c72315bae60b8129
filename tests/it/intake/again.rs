//! A delivery that comes twice is one intake.

use super::{DEMO, manufacturer, rows, send, take_in};
use crate::support::app::{JSON, TestApp};
use crate::support::on_both;
use serde_json::json;

#[test]
fn the_same_delivery_again_is_the_same_instance() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let gateway = app.by_of(DEMO, "intake-gateway");
        let first = take_in(&gateway, &manufacturer("E-1", "宁波市拾光精密铸造有限公司"));
        let before = rows(&app);
        let again = send(&gateway, &manufacturer("E-1", "宁波市拾光精密铸造有限公司")).ok(200);
        assert_eq!(again, first);
        assert_eq!(rows(&app), before);
    });
}

#[test]
fn the_same_delivery_with_another_content_is_refused() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let gateway = app.by_of(DEMO, "intake-gateway");
        take_in(&gateway, &manufacturer("E-1", "宁波市拾光精密铸造有限公司"));
        let before = rows(&app);
        send(&gateway, &manufacturer("E-1", "宁波市拾光精密铸造集团有限公司")).problem(422, "business_key_reused");
        assert_eq!(rows(&app), before);
    });
}

#[test]
fn another_channel_may_use_the_same_number() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let gateway = app.by_of(DEMO, "intake-gateway");
        let mut other = manufacturer("E-1", "绍兴市砚溪机床有限公司");
        take_in(&gateway, &manufacturer("E-1", "宁波市拾光精密铸造有限公司"));
        other["source_channel"] = json!("repair_service");
        take_in(&gateway, &other);
        assert_eq!(rows(&app)["customers"], 2);
    });
}

#[test]
fn the_same_delivery_from_many_at_once_is_one_instance() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let ids: Vec<(u16, String)> = std::thread::scope(|scope| {
            let senders: Vec<_> = (0..6)
                .map(|_| {
                    scope.spawn(|| {
                        let gateway = app.by_of(DEMO, "intake-gateway");
                        let answer = send(&gateway, &manufacturer("E-1", "宁波市拾光精密铸造有限公司"));
                        (answer.status, answer.json()["id"].as_str().unwrap_or_default().to_owned())
                    })
                })
                .collect();
            senders.into_iter().map(|sender| sender.join().unwrap()).collect()
        });
        assert_eq!(ids.iter().filter(|(status, _)| *status == 201).count(), 1, "{ids:?}");
        assert!(ids.iter().all(|(status, id)| [200, 201].contains(status) && *id == ids[0].1), "{ids:?}");
        assert_eq!(rows(&app)["customers"], 1);
    });
}

#[test]
fn an_idempotency_key_answers_with_the_first_answer() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let gateway = app.by_of(DEMO, "intake-gateway");
        let body =
            json!({"process": "customer-intake", "variables": manufacturer("E-1", "宁波市拾光精密铸造有限公司")});
        let post = || {
            let headers = [JSON, ("Idempotency-Key", "E-1")];
            gateway.send("POST", "/api/v1/process-instances", &headers, &body.to_string())
        };
        let (first, second) = (post(), post());
        assert_eq!((first.status, first.header("idempotency-replayed")), (201, ""));
        assert_eq!((second.status, second.header("idempotency-replayed")), (201, "true"));
        assert_eq!(first.text, second.text);
        assert_eq!(rows(&app)["customers"], 1);
    });
}
