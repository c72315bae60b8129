//! Customers change hands: who asks, who decides, and what becomes of those of somebody who leaves (000.60, D2).

use super::{DEMO, claim_and_complete, complete, know, now, one, open_task, tasks_of, word};
use crate::support::app::{Caller, JSON, TestApp};
use crate::support::on_both;
use kamflow::model::json::Json;
use serde_json::json;

#[test]
fn all_customers_of_somebody_who_leaves_change_hands_with_one_decision() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let ids = know(&app, "\"owner\": \"li.na\"");
        assert!(ids.len() > 20, "{}", ids.len());
        let ma_li = app.by_of(DEMO, "ma.li");
        let asked = ask(&ma_li, "li.na", "zheng.hao", json!(null));
        // huang.wei is her superior and chen.guodong his; lin.xiaoyan stands in for huang.wei, who is away. Nobody else is asked.
        for login in ["huang.wei", "chen.guodong", "lin.xiaoyan"] {
            open_task(&app.by_of(DEMO, login), &asked, "decide");
        }
        assert_eq!(tasks_of(&app.by_of(DEMO, "zhou.min"), &asked, "decide").len(), 0);
        assert_eq!(count(&ma_li, "li.na"), ids.len());
        let huang_wei = app.by_of(DEMO, "huang.wei");
        claim_and_complete(&huang_wei, &open_task(&huang_wei, &asked, "decide"), Some("approve"), json!({}));
        assert_eq!(now(&app, &asked)["search"]["outcome"], "handed_over");
        assert_eq!(now(&app, &asked)["variables"]["handed_over"], json!(ids.len()));
        assert_eq!((count(&ma_li, "li.na"), count(&ma_li, "zheng.hao")), (0, ids.len()));
        let history = ma_li.get(&format!("/api/v1/records/customer/{}/history", ids[0])).ok(200).to_string();
        assert!(history.contains("she leaves (asked by ma.li, decided by huang.wei)"), "{history}");
    });
}

#[test]
fn the_owner_asks_and_does_not_decide() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let ids = know(&app, "黛舸");
        let owner = app.by_of(DEMO, "feng.jing");
        let asked = ask(&owner, "feng.jing", "li.na", json!(ids));
        let huang_wei = app.by_of(DEMO, "huang.wei");
        let task = open_task(&huang_wei, &asked, "decide");
        let path = format!("/api/v1/user-tasks/{}/claim", word(&task["id"]));
        assert!([403, 404].contains(&owner.post(&path, json!({})).status));
        claim_and_complete(&huang_wei, &task, Some("reject"), json!({"decision_note": "stays"}));
        assert_eq!(now(&app, &asked)["search"]["outcome"], "rejected");
        assert_eq!(count(&app.by_of(DEMO, "ma.li"), "feng.jing"), 1);
    });
}

#[test]
fn who_has_nothing_to_do_with_it_asks_for_nothing_and_sees_nothing() {
    on_both(|database| {
        let app = TestApp::sales(database);
        know(&app, "黛舸");
        let asked = ask(&app.by_of(DEMO, "zhou.min"), "feng.jing", "zhou.min", json!(null));
        let seen = now(&app, &asked);
        assert_eq!(
            (&seen["search"]["outcome"], &seen["variables"]["customers"]),
            (&json!("not_theirs_to_ask"), &json!([]))
        );
        // The manager of another region stands above neither.
        let asked = ask(&app.by_of(DEMO, "lin.xiaoyan"), "feng.jing", "zhou.min", json!(null));
        assert_eq!(now(&app, &asked)["search"]["outcome"], "not_theirs_to_ask");
        // To somebody who sells nothing, and of somebody with nobody above.
        let asked = ask(&app.by_of(DEMO, "ma.li"), "feng.jing", "gao.peng", json!(null));
        assert_eq!(now(&app, &asked)["search"]["outcome"], "nothing_to_hand_over");
        let asked = ask(&app.by_of(DEMO, "ma.li"), "chen.guodong", "li.na", json!(null));
        assert_eq!(now(&app, &asked)["search"]["outcome"], "nobody_above");
    });
}

#[test]
fn a_superior_of_before_does_not_decide_and_what_has_gone_is_passed_over() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let ids = know(&app, "黛舸");
        let asked = ask(&app.by_of(DEMO, "ma.li"), "feng.jing", "li.na", json!(null));
        let (huang_wei, head) = (app.by_of(DEMO, "huang.wei"), app.by_of(DEMO, "chen.guodong"));
        let task = open_task(&huang_wei, &asked, "decide");
        huang_wei.post(&format!("/api/v1/user-tasks/{}/claim", word(&task["id"])), json!({})).ok(200);
        // Meanwhile feng.jing works for lin.xiaoyan.
        app.user_of(DEMO, "root", &["admin"]);
        let position =
            json!({"unit": "north-east", "title": "Account manager", "user": "feng.jing", "manager": "manager-ne"});
        app.by_of(DEMO, "root").put("/api/v1/positions/rep-feng-jing", position).ok(200);
        complete(&huang_wei, &task, Some("approve"), json!({})).ok(200);
        assert_eq!(count(&head, "feng.jing"), 1);
        // And the customer goes to somebody else before the new superior decides.
        let change = json!({"fields": {"owner": "sun.yue"}}).to_string();
        head.send("PATCH", &format!("/api/v1/records/customer/{}", ids[0]), &[JSON], &change).ok(200);
        let lin = app.by_of(DEMO, "lin.xiaoyan");
        claim_and_complete(&lin, &open_task(&lin, &asked, "decide"), Some("approve"), json!({}));
        assert_eq!(now(&app, &asked)["variables"]["handed_over"], 0);
        assert_eq!(one(&head, "/api/v1/records/customer?owner=sun.yue")["id"], json!(ids[0]));
    });
}

fn ask(caller: &Caller<'_>, owner: &str, to: &str, only: Json) -> Json {
    let mut variables = json!({"owner": owner, "to": to, "reason": "she leaves"});
    if only.is_array() {
        variables["only"] = only;
    }
    caller.post("/api/v1/process-instances", json!({"process": "customer-handover", "variables": variables})).ok(201)
}

/// How many customers somebody has.
fn count(caller: &Caller<'_>, owner: &str) -> usize {
    caller.get(&format!("/api/v1/records/customer?owner={owner}")).ok(200)["total"].as_u64().unwrap() as usize
}
