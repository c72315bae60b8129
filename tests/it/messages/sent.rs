//! Messages: who gets them, by key, by business key, in their order; kept, expired, and beginning a process.

use super::*;
use crate::support::on_both;

#[test]
fn two_processes_talk_by_a_key() {
    on_both(|database| {
        let app = with(database, &FILES);
        let orders: Vec<String> =
            ["o-1", "o-2"].iter().map(|number| app.by("ann").start("order", json!({ "number": number }))).collect();
        assert_eq!(instance(&app, &orders[0])["state"], "active", "nothing was brought yet");
        app.deliver();
        for (order, number) in orders.iter().zip(["o-1", "o-2"]) {
            assert_eq!(state(&app, order), json!(["completed", {"number": number, "amount": 200}]));
            assert_eq!(count(&app, order, "event_happened"), 1);
        }
        // The bank was begun with what its input declares, although only clerks start it by hand.
        // Their messages come from two instances, so either may be the first.
        let mut banks = instances(&app, "bank");
        banks.sort_by_key(|bank| bank["businessKey"].to_string());
        let keys: Vec<&Json> = banks.iter().map(|bank| &bank["businessKey"]).collect();
        assert_eq!((keys, &banks[0]["starter"]), (vec![&json!("o-1"), &json!("o-2")], &json!("kamflow")));
        assert_eq!(banks[0]["variables"], json!({"number": "o-1", "wanted": 200}));
        assert_eq!(on_the_way(database), 0);
    });
}

#[test]
fn a_message_has_one_receiver_found_by_its_key() {
    on_both(|database| {
        let app = with(database, &[("order", ORDER)]);
        let one = app.by("ann").start("order", json!({"number": "o-1"}));
        let two = app.by("ann").start("order", json!({"number": "o-2"}));
        app.deliver(); // nobody takes what they ask for: it is dropped
        assert_eq!(on_the_way(database), 0);
        let sent = json!({"name": "payment received", "key": "o-2", "variables": {"amount": 5}});
        assert_eq!(send(&app, sent.clone()).ok(200), json!({"state": "delivered", "instance": two, "until": null}));
        assert_eq!(
            (&instance(&app, &one)["state"], &instance(&app, &two)["state"]),
            (&json!("active"), &json!("completed"))
        );
        send(&app, sent).problem(409, "message_not_awaited");
    });
}

#[test]
fn who_names_no_key_is_found_by_the_business_key_or_by_no_key() {
    on_both(|database| {
        let app = with(database, &[("table", TABLE)]);
        let tables: Vec<String> =
            ["t1", "t2", "t3"].iter().map(|table| app.by("ann").start("table", json!({ "table": table }))).collect();
        let served = |body: Json| send(&app, body).ok(200)["instance"].as_str().unwrap().to_owned();
        assert_eq!(served(json!({"name": "served", "key": "t2", "variables": {"dish": "fish"}})), tables[1]);
        // Without a key: who has waited longest.
        assert_eq!(served(json!({"name": "served", "variables": {"dish": "rice"}})), tables[0]);
        assert_eq!(served(json!({"name": "served", "variables": {"dish": "tea"}})), tables[2]);
        let dishes: Vec<Json> = tables.iter().map(|id| instance(&app, id)["variables"]["dish"].clone()).collect();
        assert_eq!(dishes, ["rice", "fish", "tea"]);
    });
}

#[test]
fn a_message_that_is_kept_waits_for_its_receiver() {
    on_both(|database| {
        let app = with(database, &FILES);
        let kept = json!({"name": "served", "key": "t1", "variables": {"dish": "fish"}, "ttl": "PT1H"});
        let told = send(&app, kept).ok(202);
        assert_eq!(told, json!({"state": "kept", "instance": null, "until": "2026-03-02T01:00:00Z"}));
        app.by("ann").start("kitchen", json!({"table": "t2"}));
        app.deliver();
        app.advance("PT30M");
        app.deliver();
        assert_eq!(on_the_way(database), 2);
        let two = app.by("ann").start("table", json!({"table": "t2"}));
        let one = app.by("ann").start("table", json!({"table": "t1"}));
        app.deliver();
        assert_eq!(instance(&app, &one)["variables"]["dish"], "fish");
        assert_eq!(instance(&app, &two)["variables"]["dish"], "soup");
        assert_eq!(on_the_way(database), 0);
    });
}

#[test]
fn what_is_kept_goes_when_its_time_is_over() {
    on_both(|database| {
        let app = with(database, &[("table", TABLE)]);
        let kept = |table: &str| json!({"name": "served", "key": table, "variables": {"dish": "fish"}, "ttl": "PT1H"});
        send(&app, kept("late")).ok(202);
        send(&app, kept("in-time")).ok(202);
        app.deliver();
        app.advance("PT59M");
        app.deliver();
        // It begins to wait before the end, and is looked at after it: a server that was down takes nothing away.
        let in_time = app.by("ann").start("table", json!({"table": "in-time"}));
        app.advance("PT2M");
        let late = app.by("ann").start("table", json!({"table": "late"}));
        app.deliver();
        assert_eq!(instance(&app, &in_time)["state"], "completed");
        assert_eq!(instance(&app, &late)["state"], "active");
        assert_eq!(on_the_way(database), 0);
    });
}

#[test]
fn messages_of_one_sender_arrive_in_their_order() {
    const TALKER: &str = "\
process: talker
title: {en: Talker, zh: 发言}
nodes:
  - {id: say, type: sendTask, message: said, in: {word: loopCounter}, forEach: {count: '20', sequential: true}}
";
    const HEARER: &str = "\
process: hearer
title: {en: Hearer, zh: 听众}
nodes:
  - {id: hear, type: receiveTask, message: said, out: {word: result.word}, forEach: {count: '20', sequential: true, collect: {words: word}}}
";
    on_both(|database| {
        let app = with(database, &[("talker", TALKER), ("hearer", HEARER)]);
        let hearer = app.by("ann").start("hearer", json!({}));
        app.by("ann").start("talker", json!({}));
        app.deliver();
        let words: Vec<i64> = (0..20).collect();
        assert_eq!(instance(&app, &hearer)["variables"]["words"], json!(words));
    });
}

#[test]
fn a_receive_task_and_a_gateway_can_begin_a_process() {
    const BEGUN: &str = "\
process: begun
title: {en: Begun, zh: 被启动}
nodes:
  - {id: first, type: receiveTask, message: begin, instantiate: true, out: {by: result.by}}
  - {id: then, type: userTask, candidateGroups: [clerk]}
";
    const EITHER: &str = "\
process: either
title: {en: Either, zh: 任一}
nodes:
  - {id: which, type: eventBasedGateway, instantiate: true, next: [left, right]}
  - {id: left, type: intermediateCatchEvent, message: left, next: end}
  - {id: right, type: intermediateCatchEvent, message: right, out: {by: result.by}, next: end}
";
    on_both(|database| {
        let app = with(database, &[("begun", BEGUN), ("either", EITHER)]);
        let told = send(&app, json!({"name": "begin", "variables": {"by": "x"}})).ok(200);
        assert_eq!(told["state"], "started");
        let id = told["instance"].as_str().unwrap();
        assert_eq!(state(&app, id), json!(["active", {"by": "x"}]));
        let told = send(&app, json!({"name": "right", "key": "k", "variables": {"by": "y"}})).ok(200);
        assert_eq!(state(&app, told["instance"].as_str().unwrap()), json!(["completed", {"by": "y"}]));
        assert_eq!(instances(&app, "either").len(), 1);
    });
}

#[test]
fn a_suspended_instance_gets_it_when_it_is_resumed() {
    on_both(|database| {
        let app = with(database, &FILES);
        let table = app.by("ann").start("table", json!({"table": "t1"}));
        let listener = app.by("ann").start("listener", json!({}));
        let to = |id: &str, verb: &str| {
            let path = format!("/api/v1/process-instances/{id}/{verb}");
            app.by("alice").post(&path, json!({"reason": "the cook is ill today"})).ok(200);
        };
        to(&table, "suspend");
        to(&listener, "suspend");
        send(&app, json!({"name": "served", "key": "t1"})).problem(409, "instance_suspended");
        app.by("ann").start("kitchen", json!({"table": "t1"}));
        app.by("gate").post("/api/v1/signals", json!({"name": "price changed", "variables": {"price": 2}})).ok(202);
        app.deliver();
        assert_eq!(on_the_way(database), 2, "they are held back");
        to(&table, "resume");
        to(&listener, "resume");
        app.deliver();
        assert_eq!(instance(&app, &table)["variables"]["dish"], "soup");
        assert_eq!(state(&app, &listener), json!(["completed", {"price": 2}]));
        assert_eq!(on_the_way(database), 0);
    });
}
