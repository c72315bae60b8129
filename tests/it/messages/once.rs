//! What was sent arrives once: after a restart, and when two nodes bring it at the same time.

use super::*;
use crate::support::app::MONDAY;
use crate::support::on_both;
use kamflow::api::Limits;
use kamflow::model::time::Timestamp;

#[test]
fn what_was_sent_survives_a_restart() {
    on_both(|database| {
        let app = with(database, &FILES);
        let order = app.by("ann").start("order", json!({"number": "o-1"}));
        let listener = app.by("ann").start("listener", json!({}));
        app.by("gate").post("/api/v1/signals", json!({"name": "price changed", "variables": {"price": 1}})).ok(202);
        drop(app);
        let app = TestApp::open(database, Limits::default());
        assert_eq!(instance(&app, &order)["state"], "active");
        app.deliver();
        assert_eq!(instance(&app, &order)["state"], "completed");
        assert_eq!(instance(&app, &listener)["state"], "completed");
        assert_eq!((instances(&app, "bank").len(), instances(&app, "alarm").len()), (1, 1));
        assert_eq!(app.deliver(), 0, "nothing is left");
    });
}

#[test]
fn two_nodes_bring_it_once() {
    on_both(|database| {
        let one = with(database, &FILES);
        let two = TestApp::open(database, Limits::default());
        let orders: Vec<String> =
            (0..12).map(|number| one.by("ann").start("order", json!({ "number": format!("o-{number}") }))).collect();
        let listeners: Vec<String> = (0..12).map(|_| one.by("ann").start("listener", json!({}))).collect();
        for price in [1, 2] {
            let body = json!({"name": "price changed", "variables": {"price": price}});
            one.by("gate").post("/api/v1/signals", body).ok(202);
        }
        std::thread::scope(|scope| {
            for app in [&one, &two, &one, &two] {
                scope.spawn(|| app.deliver());
            }
        });
        one.deliver();
        for order in &orders {
            assert_eq!((state(&one, order)[0].clone(), count(&one, order, "event_happened")), (json!("completed"), 1));
        }
        for listener in &listeners {
            assert_eq!(count(&one, listener, "event_happened"), 1);
            assert_eq!(instance(&one, listener)["state"], "completed");
        }
        assert_eq!(instances(&one, "bank").len(), 12);
        assert_eq!(instances(&one, "alarm").len(), 2, "each signal begins one");
        assert_eq!(on_the_way(database), 0);
    });
}

#[test]
fn what_is_kept_is_not_lost_between_two_nodes() {
    on_both(|database| {
        let one = with(database, &[("table", TABLE)]);
        let two = TestApp::open_at(database, Limits::default(), Timestamp::parse(MONDAY).unwrap());
        // Sent by one node while the other one begins to wait: whoever is first, they meet.
        let tables: Vec<String> = std::thread::scope(|scope| {
            let starting = scope.spawn(|| {
                let start = |n| two.by("ann").start("table", json!({ "table": format!("t{n}") }));
                (0..20).map(start).collect::<Vec<_>>()
            });
            for n in 0..20 {
                let body = json!({"name": "served", "key": format!("t{n}"), "variables": {"dish": n}, "ttl": "P1D"});
                let answer = send(&one, body);
                assert!([200, 202].contains(&answer.status), "{}", answer.text);
            }
            starting.join().unwrap()
        });
        one.deliver();
        one.advance("PT11S");
        one.deliver();
        for (n, id) in tables.iter().enumerate() {
            assert_eq!(state(&one, id)[1]["dish"], n);
        }
        assert_eq!(on_the_way(database), 0);
    });
}
