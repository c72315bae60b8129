//! A rule is one line of a script: change it, deploy it, and the next customer goes to somebody else.

use super::{DEMO, complete, customer_of, know, manufacturer, now, open_task, request, take_in, why};
use crate::support::app::{TestApp, shipped};
use crate::support::on_both;
use kamflow::model::ids::BusinessId;
use kamflow::server::folders;
use serde_json::json;

const RULE: &str = "plugins/customer-assignment/assign.rhai";

#[test]
fn one_edited_line_sends_the_next_customer_to_somebody_else() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let gateway = app.by_of(DEMO, "intake-gateway");
        // The load of 赵雷 is the greater, so that the plain rule would never choose him.
        know(&app, "\"owner\": \"zhao.lei\"");
        let before = take_in(&gateway, &manufacturer("E-1", "宁波市拾光精密铸造有限公司"));
        assert_eq!(customer_of(&app, &before)["fields"]["owner"], "sun.yue");
        let told_before = why(&app, &before, "customer-assignment/assign");
        let waiting = take_in(&gateway, &request(2));
        open_task(&app.by_of(DEMO, "ma.li"), &waiting, "review");

        edit_and_deploy(&app, "\"manufacturing\": [],", "\"manufacturing\": [\"zhao.lei\"],");

        let after = take_in(&gateway, &manufacturer("E-2", "绍兴市砚溪机床有限公司"));
        assert_eq!(customer_of(&app, &after)["fields"]["owner"], "zhao.lei");
        let (decision, en, zh) = why(&app, &after, "customer-assignment/assign");
        assert_eq!((&decision["revision"], &after["revision"]), (&json!(2), &json!(2)));
        let en_reason = "zhao.lei is the specialist for manufacturing and goes before everybody else.";
        assert!(en.iter().any(|line| line == en_reason), "{en:?}");
        assert!(zh.iter().any(|line| line == "zhao.lei 是 manufacturing 行业专员，优先分派。"), "{zh:?}");

        // What was decided says what it said; what ran goes on under the rule that it began with.
        assert_eq!(why(&app, &before, "customer-assignment/assign"), told_before);
        assert_ne!(told_before.0["scriptHash"], decision["scriptHash"]);
        let (old, zhao_lei) = (now(&app, &waiting), app.by_of(DEMO, "zhao.lei"));
        assert_eq!(old["revision"], 1);
        let ma_li = app.by_of(DEMO, "ma.li");
        let review = open_task(&ma_li, &waiting, "review");
        ma_li.post(&format!("/api/v1/user-tasks/{}/claim", review["id"].as_str().unwrap()), json!({})).ok(200);
        complete(&ma_li, &review, Some("new"), json!({})).ok(200);
        assert_eq!(now(&app, &waiting)["revision"], 1);
        assert_eq!(why(&app, &waiting, "customer-assignment/assign").0["revision"], 1);
        assert_eq!(zhao_lei.get("/api/v1/users/me").status, 200);
    });
}

#[test]
fn a_rule_that_is_broken_is_refused_and_the_old_one_stays() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let files = edited("\"manufacturing\": [],", "\"manufacturing\": [");
        let refused = app.wait(folders::deploy(&app.runtime, &BusinessId::from(DEMO), files, "oops")).unwrap_err();
        assert!(refused.to_string().contains(RULE), "{refused}");
        let intake = take_in(&app.by_of(DEMO, "intake-gateway"), &manufacturer("E-1", "宁波市拾光精密铸造有限公司"));
        assert_eq!(intake["revision"], 1);
        assert_eq!(intake["search"]["outcome"], "created");
    });
}

fn edit_and_deploy(app: &TestApp, from: &str, to: &str) {
    app.wait(folders::deploy(&app.runtime, &BusinessId::from(DEMO), edited(from, to), "a line")).unwrap();
}

/// The project's files with one line of the rule changed.
fn edited(from: &str, to: &str) -> kamflow::model::revision::Files {
    let mut files = shipped();
    let text = String::from_utf8(files[RULE].clone()).unwrap();
    assert_eq!(text.matches(from).count(), 1, "the line of the rule is there once");
    files.insert(RULE.to_owned(), text.replace(from, to).into_bytes());
    files
}
