//! Cron expressions: what they mean, also where clocks are put forward and back, and what is refused with which sentence.

use super::nodes;
use kamflow::model::cron::Cron;
use kamflow::model::time::Timestamp;

/// The next times after an instant, each after the one before.
fn next(cron: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
    let cron = Cron::parse(cron, Some(zone)).unwrap();
    let after = Timestamp::parse(after).unwrap();
    let times = std::iter::successors(cron.next(after, "UTC"), |last| cron.next(*last, "UTC"));
    times.take(count).map(Timestamp::rfc3339).collect()
}

#[test]
fn it_goes_by_the_calendar_of_its_time_zone() {
    assert_eq!(
        next("0 9 * * 1-5", "Asia/Shanghai", "2026-01-01T08:00:00Z", 3),
        ["2026-01-02T01:00:00Z", "2026-01-05T01:00:00Z", "2026-01-06T01:00:00Z"]
    );
    assert_eq!(
        next("30 18 L * *", "Asia/Shanghai", "2026-11-30T10:30:00Z", 3),
        ["2026-12-31T10:30:00Z", "2027-01-31T10:30:00Z", "2027-02-28T10:30:00Z"],
        "the last day of December too; the very instant is not the next one"
    );
    assert_eq!(
        next("0 0 29 2 *", "UTC", "2096-03-01T00:00:00Z", 1),
        ["2104-02-29T00:00:00Z"],
        "a leap day may be eight years away"
    );
    assert_eq!(
        next("0 0 13 * FRI", "UTC", "2026-01-01T00:00:00Z", 2),
        ["2026-01-02T00:00:00Z", "2026-01-09T00:00:00Z"]
    );
    assert_eq!(next("0 0 13 * +FRI", "UTC", "2026-01-01T00:00:00Z", 1), ["2026-02-13T00:00:00Z"]);
    assert_eq!(next("* * * * *", "UTC", "2026-01-01T00:00:30Z", 1), ["2026-01-01T00:01:00Z"]);
    let plain = Cron::parse("0 9 * * *", None).unwrap();
    let from = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    assert_eq!(plain.next(from, "Asia/Shanghai").unwrap().rfc3339(), "2026-01-01T01:00:00Z", "where the business is");
}

#[test]
fn a_time_that_does_not_exist_is_that_after_the_gap_and_one_that_exists_twice_is_met_once() {
    // New York: on March 8th 2026 two o'clock becomes three, on November 1st two o'clock becomes one.
    let zone = "America/New_York";
    assert_eq!(
        next("30 2 * * *", zone, "2026-03-07T00:00:00Z", 3),
        ["2026-03-07T07:30:00Z", "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"]
    );
    assert_eq!(next("30 1 * * *", zone, "2026-11-01T00:00:00Z", 2), ["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"]);
    assert_eq!(next("0 */2 8 3 *", zone, "2026-03-08T05:00:00Z", 2), ["2026-03-08T08:00:00Z", "2026-03-08T10:00:00Z"]);
    assert_eq!(next("*/30 1 1 11 *", zone, "2026-11-01T00:00:00Z", 4).len(), 4);
    assert_eq!(
        next("*/30 1 1 11 *", zone, "2026-11-01T00:00:00Z", 4),
        ["2026-11-01T05:00:00Z", "2026-11-01T05:30:00Z", "2026-11-01T06:00:00Z", "2026-11-01T06:30:00Z"]
    );
}

#[test]
fn what_can_never_fire_or_is_not_cron_is_refused_with_a_sentence() {
    let wrong = |timer: &str| {
        let said = nodes(&format!("\n  - {{id: a, type: intermediateCatchEvent, timer: {{{timer}}}}}\n"));
        said.into_iter().map(|one| one.replace("processes/p.yaml:4:", "")).collect::<Vec<_>>()
    };
    for (timer, sentence) in [
        (
            "cron: 0 9 * *",
            "57: \"0 9 * *\" has 4 fields; cron has five, minute, hour, day of the month, month and day of the week: 0 9 * * 1-5",
        ),
        (
            "cron: 0 0 9 * * 1",
            "57: \"0 0 9 * * 1\" has 6 fields; cron has five, minute, hour, day of the month, month and day of the week: 0 9 * * 1-5",
        ),
        (
            "cron: '@daily'",
            "57: \"@daily\" has 1 fields; cron has five, minute, hour, day of the month, month and day of the week: 0 9 * * 1-5",
        ),
        ("cron: 60 9 * * *", "57: \"60\" in \"60 9 * * *\" is no minute, 0 to 59"),
        ("cron: 0 24 * * *", "57: \"24\" in \"0 24 * * *\" is no hour, 0 to 23"),
        ("cron: 0 MON * * *", "57: \"MON\" in \"0 MON * * *\" is no hour, 0 to 23"),
        ("cron: 0 9 0 * *", "57: \"0\" in \"0 9 0 * *\" is no day of the month, 1 to 31"),
        ("cron: 0 9 ? * *", "57: \"?\" in \"0 9 ? * *\" is no day of the month, 1 to 31"),
        ("cron: 0 9 * 13 *", "57: \"13\" in \"0 9 * 13 *\" is no month, 1 to 12 or JAN to DEC"),
        ("cron: 0 9 * * MAY", "57: \"MAY\" in \"0 9 * * MAY\" is no day of the week, 0 to 7 or SUN to SAT"),
        ("cron: 0 9 * * 5-1", "57: \"5-1\" in \"0 9 * * 5-1\" is no day of the week, 0 to 7 or SUN to SAT"),
        ("cron: '*/0 * * * *'", "57: \"*/0\" in \"*/0 * * * *\" is no minute, 0 to 59"),
        ("cron: 0 9 31 2 *", "57: \"0 9 31 2 *\" never fires: there is no such day"),
        ("cron: 0 9 30 FEB *, zone: UTC", "57: \"0 9 30 FEB *\" never fires: there is no such day"),
        ("cron: 0 9 * * *, zone: Asia/Peking", "74: \"Asia/Peking\" is not an IANA time zone such as Asia/Shanghai"),
        ("cron: 0 9 * * *, zone: asia/shanghai", "74: \"asia/shanghai\" is written Asia/Shanghai"),
        ("cycle: R/P1D, zone: UTC", "65: only cron goes by a calendar; take \"zone\" away"),
        ("date: '\"x\"', missed: skip", "64: only a cycle or cron can miss more than one; take \"missed\" away"),
        ("cron: 0 9 * * *, cycle: R/P1D", "43: a timer has one of \"duration\", \"date\", \"cycle\" and \"cron\""),
    ] {
        assert_eq!(wrong(timer), [sentence], "{timer}");
    }
    assert_eq!(wrong("cron: '* * * * *', missed: all"), Vec::<String>::new(), "every minute is not too often");
}
