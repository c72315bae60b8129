//! Merges and processes: an action merges, and who waits with the id of the loser goes on.

use super::*;
use crate::runtime::{finish, incidents, instance};
use crate::support::on_both;

#[test]
fn a_process_that_knows_the_loser_goes_on_with_the_winner() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let [a, b] = ["A", "B"].map(|name| make(&boss, "company", json!({ "name": name })));
        make(&boss, "contact", json!({"name": "Li", "company": b}));
        let waiting = boss.start("hold", json!({ "company": b }));
        merge(&boss, &a, &b, json!({})).ok(200);
        finish(&boss, &waiting, json!({})).ok(200);
        let ended = instance(&app, &waiting);
        assert_eq!(ended["state"], "completed", "{ended}");
        let (got, set, added) = (&ended["variables"]["got"], &ended["variables"]["set"], &ended["variables"]["added"]);
        assert_eq!((&got["id"], &got["merged_into"], &got["fields"]["name"]), (&json!(a), &json!(a), &json!("A")));
        assert_eq!(ended["variables"]["contacts"], 1);
        assert_eq!((&set["id"], &set["fields"]["phone"]), (&json!(a), &json!("1")));
        assert_eq!(added["fields"]["company"], json!(a));
    });
}

#[test]
fn a_process_merges_and_a_refusal_is_its_incident() {
    on_both(|database| {
        let app = app(database);
        let boss = app.by("boss");
        let [a, b, c] = ["A", "B", "C"].map(|name| make(&boss, "company", json!({ "name": name })));
        let contact = make(&boss, "contact", json!({"name": "Li", "company": b}));
        let done = boss.start("unite", json!({"winner": a, "loser": b}));
        let done = instance(&app, &done);
        let result = &done["variables"]["done"];
        assert_eq!(
            (&result["id"], &result["fields"]["name"], &result["fields"]["phone"]),
            (&json!(a), &json!("B"), &json!("7"))
        );
        let listed = boss.get(&format!("{}/merges", at("company", &a))).ok(200);
        assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["instance"]), (&result["merge"], &done["id"]));
        assert_eq!(get(&boss, "contact", &contact)["fields"]["company"], json!(a));

        let won = make(&boss, "deal", json!({"name": "w", "status": "won", "parties": [{"company": c}]}));
        let before = snapshot(database);
        let stuck = boss.start("unite", json!({"winner": a, "loser": c}));
        let incident = incidents(&app, &stuck).pop().unwrap();
        assert_eq!(incident["code"], "merge_closed");
        assert!(incident["message"].as_str().unwrap().ends_with(&format!("deal {won} parties")), "{incident}");
        assert_eq!(snapshot(database), before);
    });
}
