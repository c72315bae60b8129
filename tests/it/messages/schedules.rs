//! Timers that begin processes: each time once, through deployments, downtime and several nodes.

use super::*;
use crate::support::app::MONDAY;
use crate::support::on_both;
use kamflow::api::Limits;
use kamflow::model::time::Timestamp;

/// Four times, each an hour after the one before was due.
const HOURLY: &str = "\
process: hourly
title: {en: Hourly, zh: 每小时}
nodes:
  - {id: strike, type: startEvent, timer: {cycle: R4/PT1H, missed: all}}
  - {id: note, type: scriptTask, set: {struck: true}}
";

/// Once, and never because the day is over.
const DATED: &str = "\
process: dated
title: {en: Dated, zh: 定期}
nodes:
  - {id: due, type: startEvent, any: [{timer: {date: '\"2026-03-02T02:00:00Z\"'}}, {timer: {date: '\"2026-03-01T00:00:00Z\"'}}]}
";

/// Every morning of a working day where the business is, and at midnight in New York; what was missed is told.
const MORNINGS: &str = "\
process: mornings
title: {en: Mornings, zh: 每个工作日}
nodes:
  - {id: morning, type: startEvent, any: [{timer: {cron: 0 9 * * 1-5}}, {timer: {cron: 0 0 * * *, zone: America/New_York, missed: skip}}]}
  - {id: note, type: scriptTask, set: {begun: true}}
";

fn begin(app: &TestApp) -> usize {
    app.wait(app.runtime.run_due_schedules()).unwrap()
}

#[test]
fn a_cycle_begins_its_process_from_due_time_to_due_time() {
    on_both(|database| {
        let app = with(database, &[("hourly", HOURLY)]);
        assert_eq!(begin(&app), 0);
        app.advance("PT61M");
        assert_eq!((begin(&app), begin(&app)), (1, 0));
        app.advance("PT59M");
        assert_eq!(begin(&app), 1, "the second one is due two hours after the deployment, not after the first look");
        // Down for long: with `missed: all` each that is left happens, and then it is over.
        drop(app);
        let late = Timestamp::parse("2026-03-03T00:00:00Z").unwrap();
        let app = TestApp::open_at(database, Limits::default(), late);
        assert_eq!((begin(&app), begin(&app)), (2, 0));
        let all = instances(&app, "hourly");
        assert_eq!(
            (all.len(), &all[0]["variables"], &all[0]["starter"]),
            (4, &json!({"struck": true}), &json!("kamflow"))
        );
    });
}

#[test]
fn a_deployment_leaves_a_timer_alone_that_it_does_not_change() {
    on_both(|database| {
        let app = with(database, &[("hourly", HOURLY)]);
        app.advance("PT40M");
        deploy(&app, &[("hourly", &format!("# says the same\n{HOURLY}")), ("listener", LISTENER)]);
        app.advance("PT20M");
        assert_eq!(begin(&app), 1);
        deploy(&app, &[("hourly", &HOURLY.replace("PT1H", "PT2H"))]);
        app.advance("PT1H");
        assert_eq!(begin(&app), 0, "it counts anew");
        deploy(&app, &[("listener", LISTENER)]);
        app.advance("P1D");
        assert_eq!(begin(&app), 0, "it is gone with its process");
        assert_eq!(instances(&app, "hourly").len(), 1);
    });
}

#[test]
fn a_date_begins_its_process_once() {
    on_both(|database| {
        let app = with(database, &[("dated", DATED)]);
        assert_eq!(begin(&app), 0, "what is past when it is deployed begins nothing");
        app.advance("PT3H");
        assert_eq!(begin(&app), 1);
        deploy(&app, &[("dated", DATED), ("listener", LISTENER)]);
        assert_eq!((begin(&app), instances(&app, "dated").len()), (0, 1));
    });
}

#[test]
fn two_nodes_begin_it_once() {
    on_both(|database| {
        let one = with(database, &[("hourly", HOURLY)]);
        let later = Timestamp(Timestamp::parse(MONDAY).unwrap().0 + 3_600_000);
        let two = TestApp::open_at(database, Limits::default(), later);
        one.advance("PT1H");
        std::thread::scope(|scope| {
            for app in [&one, &two, &one, &two] {
                scope.spawn(|| begin(app));
            }
        });
        assert_eq!(instances(&one, "hourly").len(), 1);
    });
}

#[test]
fn cron_begins_a_process_once_for_all_that_was_missed_and_says_how_many() {
    on_both(|database| {
        // It is Monday, eight o'clock in Shanghai.
        let app = with(database, &[("mornings", MORNINGS)]);
        app.advance("PT59M");
        assert_eq!(begin(&app), 0);
        app.advance("PT1M");
        assert_eq!(begin(&app), 1, "nine o'clock");
        app.advance("PT4H");
        assert_eq!(begin(&app), 1, "midnight in New York");
        assert_eq!(instances(&app, "mornings").len(), 2);

        // Down for a week: one morning happens for all five, and no midnight does.
        drop(app);
        let late = Timestamp::parse("2026-03-09T04:30:00Z").unwrap();
        let app = TestApp::open_at(database, Limits::default(), late);
        assert_eq!((begin(&app), begin(&app)), (2, 0));
        let all = instances(&app, "mornings");
        assert_eq!(all.len(), 3);
        let path = format!("/api/v1/process-instances/{}/history", all[2]["id"].as_str().unwrap());
        let history = app.by("alice").get(&path).ok(200);
        let happened = history["items"].as_array().unwrap().iter().find(|entry| entry["kind"] == "event_happened");
        assert_eq!(happened.unwrap()["data"]["payload"], json!({"missed": 4}));
        deploy(
            &app,
            &[("mornings", &MORNINGS.replace("0 9 * * 1-5", "0 9 * * 1-5, missed: all")), ("listener", LISTENER)],
        );
        app.advance("P2D");
        assert_eq!((begin(&app), begin(&app)), (3, 0), "the midnights are due too, and left out");
        assert_eq!(instances(&app, "mornings").len(), 5);
    });
}
