//! A review that nobody does: after a day a manager hears of it, once, until the review is done.

use super::{DEMO, claim_and_complete, complete, happened, know, now, open_task, request, take_in, tasks_of, times};
use crate::support::app::TestApp;
use crate::support::on_both;
use kamflow::model::json::Json;
use serde_json::json;

#[test]
fn an_overdue_review_is_chased_once() {
    in_review(|app, intake| {
        assert_eq!(app.advance("PT23H59M"), 0);
        assert_eq!(tasks_of(&app.by_of(DEMO, "lin.xiaoyan"), intake, "chase").len(), 0);
        assert_eq!(app.advance("PT1M"), 1);
        let manager = app.by_of(DEMO, "lin.xiaoyan");
        let chase = open_task(&manager, intake, "chase");
        assert_eq!(chase["candidateGroups"], json!(["manager"]));
        assert_eq!(chase["title"]["zh"], "催办超时任务");

        // Nothing fires twice, however long it takes.
        assert_eq!(app.advance("P10D"), 0);
        assert_eq!(tasks_of(&app.by_of(DEMO, "lin.xiaoyan"), intake, "chase").len(), 1);
        let history = happened(app, intake);
        assert_eq!(times(&history, "timer_fired -"), 1, "{history:?}");
        assert_eq!(times(&history, "task_created chase"), 1, "{history:?}");

        // The review goes on as before.
        let ma_li = app.by_of(DEMO, "ma.li");
        assert_eq!(open_task(&ma_li, intake, "review")["state"], "created");
    });
}

#[test]
fn the_reminder_is_withdrawn_when_the_review_is_done() {
    in_review(|app, intake| {
        app.advance("P1D");
        let (ma_li, manager) = (app.by_of(DEMO, "ma.li"), app.by_of(DEMO, "lin.xiaoyan"));
        let chase = open_task(&manager, intake, "chase");
        claim_and_complete(&ma_li, &open_task(&ma_li, intake, "review"), Some("new"), json!({}));
        assert_eq!(now(app, intake)["state"], "completed");
        assert_eq!(tasks_of(&app.by_of(DEMO, "gao.peng"), intake, "chase")[0]["state"], "cancelled");
        assert_eq!(tasks_of(&manager, intake, "chase").len(), 0);
        complete(&manager, &chase, None, json!({})).problem(404, "not_found");
        assert_eq!(app.advance("P10D"), 0);
    });
}

#[test]
fn a_review_in_time_chases_nobody() {
    in_review(|app, intake| {
        let ma_li = app.by_of(DEMO, "ma.li");
        claim_and_complete(&ma_li, &open_task(&ma_li, intake, "review"), Some("reject"), json!({}));
        assert_eq!(app.advance("P2D"), 0);
        assert_eq!(tasks_of(&app.by_of(DEMO, "lin.xiaoyan"), intake, "chase").len(), 0);
    });
}

#[test]
fn a_manager_who_has_chased_does_not_end_the_review() {
    in_review(|app, intake| {
        app.advance("P1D");
        let (ma_li, manager) = (app.by_of(DEMO, "ma.li"), app.by_of(DEMO, "huang.wei"));
        let chase = open_task(&manager, intake, "chase");
        claim_and_complete(&manager, &chase, None, json!({"chase_note": "called 马丽"}));
        assert_eq!(now(app, intake)["state"], "active");
        claim_and_complete(&ma_li, &open_task(&ma_li, intake, "review"), Some("new"), json!({}));
        assert_eq!(now(app, intake)["state"], "completed");
    });
}

fn in_review(test: impl Fn(&TestApp, &Json)) {
    on_both(|database| {
        let app = TestApp::sales(database);
        know(&app, "熠堃");
        let intake = take_in(&app.by_of(DEMO, "intake-gateway"), &request(2));
        test(&app, &intake);
    });
}
