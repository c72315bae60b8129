//! Customers that are one: proposed with a reason, seen side by side by somebody else, merged, and undone.

use super::{DEMO, claim_and_complete, complete, manufacturer, now, open_task, rows, take_in, word};
use crate::support::app::{Caller, JSON, TestApp};
use crate::support::on_both;
use kamflow::model::json::Json;
use serde_json::json;

#[test]
fn a_proposal_that_is_approved_makes_one_of_two_and_is_undone() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let [winner, loser] = two(&app);
        let (ma_li, lin) = (app.by_of(DEMO, "ma.li"), app.by_of(DEMO, "lin.xiaoyan"));
        let contact = make(&ma_li, "contact", json!({"name": "Li", "customer": loser}));
        let chance = make(&ma_li, "opportunity", json!({"name": "line 4", "customer": loser, "owner": "zhao.lei"}));
        let intake = take_in(&app.by_of(DEMO, "intake-gateway"), &repair("E-1"));
        let event = word(&now(&app, &intake)["variables"]["intake"]).to_owned();
        assert_eq!(get(&ma_li, "intake_event", &event)["customer"], json!(loser));

        let rep = app.by_of(DEMO, "sun.yue");
        let merging = propose(&rep, &winner, &loser, json!({"employees": "loser"}));
        let task = open_task(&lin, &merging, "review");
        let form = lin.get(&format!("/api/v1/user-tasks/{}/form", word(&task["id"]))).ok(200);
        let rows = form["shown"]["comparison"].as_array().unwrap();
        let row = rows.iter().find(|row| row["field"] == "employees").unwrap();
        assert_eq!(row, &json!({"field": "employees", "winner": 10, "loser": 20, "differs": true, "left": 20}));
        claim_and_complete(&lin, &task, Some("approve"), json!({"review_note": "one and the same"}));
        assert_eq!(now(&app, &merging)["search"]["outcome"], "approved");

        let one = get(&ma_li, "customer", &winner);
        assert_eq!(
            (&one["name"], &one["employees"], &one["owner"]),
            (&json!("渤砚仓储有限公司"), &json!(20), &json!("sun.yue"))
        );
        assert_eq!(one["aliases"], json!(["渤砚", "渤砚储运", "渤岩仓储有限公司"]));
        assert_eq!(one["source_refs"], json!(["online_sales:1", "repair_service:7"]));
        for (record_type, id) in [("contact", &contact), ("opportunity", &chance), ("intake_event", &event)] {
            assert_eq!(get(&ma_li, record_type, id)["customer"], json!(winner), "{record_type}");
        }
        assert_eq!(ma_li.get(&format!("/api/v1/records/customer/{loser}")).status, 308);
        let proposal = the_proposal(&rep);
        assert_eq!((&proposal["status"], &proposal["reviewer"]), (&json!("approved"), &json!("lin.xiaoyan")));
        assert_eq!((&proposal["winner"], &proposal["loser"]), (&json!(winner), &json!(loser)));

        // What comes in under the number of the one that is gone finds the one that stays.
        let again = take_in(&app.by_of(DEMO, "intake-gateway"), &repair("E-2"));
        let event_again = word(&now(&app, &again)["variables"]["intake"]).to_owned();
        assert_eq!(get(&ma_li, "intake_event", &event_again)["customer"], json!(winner));
    });
}

#[test]
fn an_approved_merge_is_undone_through_the_api() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let [winner, loser] = two(&app);
        let ma_li = app.by_of(DEMO, "ma.li");
        let contact = make(&ma_li, "contact", json!({"name": "Li", "customer": loser}));
        let before = [&winner, &loser].map(|id| get(&ma_li, "customer", id));
        let merging = propose(&app.by_of(DEMO, "zhao.lei"), &winner, &loser, json!({}));
        claim_and_complete(&ma_li, &open_task(&ma_li, &merging, "review"), Some("approve"), json!({}));
        let merge = word(&the_proposal(&ma_li)["merge"]).to_owned();
        let undo = format!("/api/v1/records/customer/{winner}/merges/{merge}/undo");
        app.by_of(DEMO, "sun.yue").post(&undo, json!({"reason": "no"})).problem(403, "record_not_allowed");
        ma_li.post(&undo, json!({"reason": "two companies after all"})).ok(200);
        assert_eq!([&winner, &loser].map(|id| get(&ma_li, "customer", id)), before);
        assert_eq!(get(&ma_li, "contact", &contact)["customer"], json!(loser));
    });
}

#[test]
fn whoever_proposed_it_does_not_approve_it() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let [winner, loser] = two(&app);
        let ma_li = app.by_of(DEMO, "ma.li");
        let merging = propose(&ma_li, &winner, &loser, json!({}));
        let task = open_task(&ma_li, &merging, "review");
        claim_and_complete(&ma_li, &task, Some("approve"), json!({}));
        assert_eq!(rows(&app)["customers"], 2);
        let lin = app.by_of(DEMO, "lin.xiaoyan");
        let again = open_task(&lin, &merging, "review");
        let form = lin.get(&format!("/api/v1/user-tasks/{}/form", word(&again["id"]))).ok(200);
        assert!(form["shown"]["hint"]["zh"].as_str().unwrap().contains("申请人不能审核"), "{form}");
        claim_and_complete(&lin, &again, Some("approve"), json!({}));
        assert_eq!(rows(&app)["customers"], 1);
    });
}

#[test]
fn a_rejection_keeps_its_reason() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let [winner, loser] = two(&app);
        let (rep, ma_li) = (app.by_of(DEMO, "sun.yue"), app.by_of(DEMO, "ma.li"));
        let merging = propose(&rep, &winner, &loser, json!({}));
        // Without a reason it is asked for.
        claim_and_complete(&ma_li, &open_task(&ma_li, &merging, "review"), Some("reject"), json!({}));
        let why = json!({"review_note": "two plants of two owners"});
        claim_and_complete(&ma_li, &open_task(&ma_li, &merging, "review"), Some("reject"), why);
        assert_eq!(now(&app, &merging)["search"]["outcome"], "rejected");
        let proposal = the_proposal(&rep);
        assert_eq!((&proposal["status"], &proposal["note"]), (&json!("rejected"), &json!("two plants of two owners")));
        assert_eq!(rows(&app)["customers"], 2);
    });
}

#[test]
fn what_changed_after_it_was_shown_is_shown_again() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let [winner, loser] = two(&app);
        let ma_li = app.by_of(DEMO, "ma.li");
        let merging = propose(&app.by_of(DEMO, "sun.yue"), &winner, &loser, json!({}));
        let task = open_task(&ma_li, &merging, "review");
        let change = json!({"fields": {"employees": 99}}).to_string();
        ma_li.send("PATCH", &format!("/api/v1/records/customer/{loser}"), &[JSON], &change).ok(200);
        claim_and_complete(&ma_li, &task, Some("approve"), json!({}));
        assert_eq!(rows(&app)["customers"], 2);
        claim_and_complete(&ma_li, &open_task(&ma_li, &merging, "review"), Some("approve"), json!({}));
        assert_eq!(rows(&app)["customers"], 1);
    });
}

#[test]
fn only_who_the_rule_names_merges_directly_and_a_proposal_needs_two() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let [winner, loser] = two(&app);
        let lin = app.by_of(DEMO, "lin.xiaoyan");
        let direct = json!({"loser": loser, "reason": "the same"});
        let path = format!("/api/v1/records/customer/{winner}/merge");
        // She stands above both owners and may change both, but not merge them.
        lin.post(&path, direct.clone()).problem(403, "record_not_allowed");
        let nobody = json!({"winner": winner, "loser": "nobody", "reason": "the same"});
        let none =
            lin.post("/api/v1/process-instances", json!({"process": "customer-merge", "variables": nobody})).ok(201);
        assert_eq!(now(&app, &none)["search"]["outcome"], "void");
        let first = propose(&lin, &winner, &loser, json!({}));
        // Proposed the other way round it is the same question; what is merged already is none any more.
        let variables =
            json!({"winner": winner, "loser": loser, "reason": "the same company under two names", "fields": {}});
        let again =
            lin.post("/api/v1/process-instances", json!({"process": "customer-merge", "variables": variables})).ok(200);
        assert_eq!(again["id"], first["id"]);
        app.by_of(DEMO, "ma.li").post(&path, direct).ok(200);
        let ma_li = app.by_of(DEMO, "ma.li");
        claim_and_complete(&ma_li, &open_task(&ma_li, &first, "review"), Some("approve"), json!({}));
        assert_eq!(now(&app, &first)["search"]["outcome"], "void");
    });
}

#[test]
fn an_owner_counts_before_a_pool() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let ma_li = app.by_of(DEMO, "ma.li");
        let pooled = make(&ma_li, "customer", json!({"name": "渤岩仓储有限公司", "pool": "general"}));
        let owned = make(&ma_li, "customer", json!({"name": "渤砚仓储有限公司", "owner": "sun.yue"}));
        let merging = propose(&app.by_of(DEMO, "sun.yue"), &pooled, &owned, json!({}));
        let task = open_task(&ma_li, &merging, "review");
        complete(&ma_li, &task, Some("perhaps"), json!({}));
        claim_and_complete(&ma_li, &task, Some("approve"), json!({}));
        let one = get(&ma_li, "customer", &pooled);
        assert_eq!((&one["owner"], &one["pool"]), (&json!("sun.yue"), &Json::Null));
    });
}

/// Two customers that are one.
fn two(app: &TestApp) -> [String; 2] {
    let ma_li = app.by_of(DEMO, "ma.li");
    let first = json!({"name": "渤砚仓储有限公司", "aliases": ["渤砚"], "source_refs": ["online_sales:1"], "employees": 10,
        "region": "江苏", "owner": "sun.yue"});
    let second = json!({"name": "渤岩仓储有限公司", "aliases": ["渤砚储运"], "source_refs": ["repair_service:7"],
        "employees": 20, "region": "江苏", "owner": "zhao.lei"});
    [first, second].map(|fields| make(&ma_li, "customer", fields))
}

/// What the repair service sends of the second.
fn repair(event: &str) -> Json {
    let mut body = manufacturer(event, "渤岩仓储有限公司");
    body["source_channel"] = json!("repair_service");
    body["source_ref"] = json!("7");
    body["region"] = json!("江苏");
    body
}

fn propose(caller: &Caller<'_>, winner: &str, loser: &str, fields: Json) -> Json {
    let reason = "the same company under two names";
    let variables = json!({"winner": winner, "loser": loser, "reason": reason, "fields": fields});
    caller.post("/api/v1/process-instances", json!({"process": "customer-merge", "variables": variables})).ok(201)
}

/// The one proposal, as whoever may read it sees it.
fn the_proposal(caller: &Caller<'_>) -> Json {
    super::one(caller, "/api/v1/records/merge_proposal")["fields"].clone()
}

fn get(caller: &Caller<'_>, record_type: &str, id: &str) -> Json {
    caller.get(&format!("/api/v1/records/{record_type}/{id}")).ok(200)["fields"].clone()
}

/// A new record; its id.
fn make(caller: &Caller<'_>, record_type: &str, fields: Json) -> String {
    let made = caller.post(&format!("/api/v1/records/{record_type}"), json!({ "fields": fields })).ok(201);
    word(&made["id"]).to_owned()
}
