//! The past of columns: what the funnel was on a day.

use super::aggregates::{rows, sum};
use super::{DEAL, Place, acme, money, with_deals, with_type};
use kamflow::model::time::Timestamp;
use kamflow::store::records::{self, FEW};
use serde_json::{Value as Json, json};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn funnel(place: &mut Place, as_of: &str) -> Json {
    let asked = json!({"group": ["stage"], "measures": {"n": "count", "total": {"sum": "amount"}}, "asOf": as_of});
    rows(place, asked)
}

#[test]
fn the_funnel_of_a_day_is_what_it_was_then() {
    with_deals(|place| {
        place.now = at("2026-03-30T02:00:00Z");
        let one = place.put(json!({"name": "one", "stage": "s1", "amount": money("1.00", "CNY"), "owner": "ann"}));
        place.now = at("2026-03-31T02:00:00Z");
        let one = place.change(&one, json!({"stage": "s2"}));
        place.now = at("2026-03-31T17:00:00Z");
        place.put(json!({"name": "two", "stage": "s2", "amount": money("2.00", "CNY")}));
        let one = place.change(&one, json!({"amount": money("4.00", "CNY"), "note": "x"}));
        place.now = at("2026-04-02T02:00:00Z");
        place.change(&one, json!({"stage": null}));

        let row =
            |stage: Json, n: i64, total: &str| json!([{"stage": stage}, "CNY", {"n": n, "total": money(total, "CNY")}]);
        assert_eq!(funnel(place, "2026-03-29"), json!([]));
        assert_eq!(funnel(place, "2026-03-30"), json!([row(json!("s1"), 1, "1.00")]));
        assert_eq!(funnel(place, "2026-03-31T16:00:00Z"), json!([row(json!("s2"), 1, "1.00")]));
        assert_eq!(funnel(place, "2026-04-01"), json!([row(json!("s2"), 2, "6.00")]));
        let now = json!([row(json!("s2"), 1, "2.00"), row(json!(null), 1, "4.00")]);
        assert_eq!(funnel(place, "2026-04-03"), now);
        let present = json!({"group": ["stage"], "measures": {"n": "count", "total": {"sum": "amount"}}});
        assert_eq!(rows(place, present), now, "the last period is the present");
        let filtered = json!({"measures": {"n": "count"}, "filter": {"stage": "s1", "owner": {"$in": ["ann"]}}, "asOf": "2026-03-30"});
        assert_eq!(rows(place, filtered), json!([[{}, {"n": 1}]]));
    });
}

#[test]
fn periods_meet_and_never_overlap_even_when_a_clock_goes_back() {
    with_deals(|place| {
        place.now = Timestamp(10_000);
        // At 11,000.
        let record = place.put(json!({"name": "x", "stage": "a"}));
        let mut id = vec![record.id.clone()];
        let mut begin = |stage: &str, now: i64| {
            let columns = records::Columns { stage: Some(stage.to_owned()), ..Default::default() };
            let moved = [(&id[0], columns.clone())];
            records::period_begin(place.conn, &acme(), "deal", &moved, Timestamp(now)).unwrap();
        };
        begin("b", 11_000);
        begin("c", 20_000);
        begin("d", 20_000);
        begin("e", 15_000);
        id.push("gone".into());
        records::period_end(place.conn, &acme(), "deal", &id, Timestamp(30_000)).unwrap();
        for (now, stage) in [
            (10_999, None),
            (11_000, Some("b")),
            (14_999, Some("b")),
            (15_000, Some("e")),
            (29_999, Some("e")),
            (30_000, None),
        ] {
            let asked = json!({"group": ["stage"], "measures": {"n": "count"}, "asOf": Timestamp(now).rfc3339()});
            let got = sum(place, asked, FEW).unwrap();
            let stages: Vec<&str> = got.iter().map(|row| row.group["stage"].as_str().unwrap()).collect();
            assert_eq!(stages, stage.into_iter().collect::<Vec<_>>(), "at {now}");
        }
    });
}

#[test]
fn only_columns_and_kept_histories_have_a_past() {
    with_deals(|place| {
        place.put(json!({"name": "x", "size": 1}));
        for (asked, code) in [
            (json!({"measures": {"n": "count"}, "filter": {"size": 1}}), "past_not_kept"),
            (json!({"measures": {"n": "count"}, "filter": {"name": "x"}}), "past_not_kept"),
            (json!({"measures": {"n": "count"}, "group": ["createdAt"]}), "past_not_kept"),
            (json!({"measures": {"n": {"sum": "size"}}}), "past_not_kept"),
            (json!({"measures": {"n": "count"}, "filter": {"$text": "x"}}), "no_index"),
        ] {
            let mut asked = asked;
            asked["asOf"] = json!("2026-03-31");
            let refused = sum(place, asked.clone(), FEW).unwrap_err();
            assert_eq!(refused.code, code, "{asked}: {refused}");
            if code == "past_not_kept" {
                assert!(refused.detail.contains("status, stage, owner, parent, close, amount"), "{refused}");
            }
        }
    });
    with_type(&format!("{DEAL}history: false\n"), |place| {
        place.put(json!({"name": "x", "stage": "s1"}));
        let refused = sum(place, json!({"measures": {"n": "count"}, "asOf": "2026-03-31"}), FEW).unwrap_err();
        assert_eq!((refused.code.as_str(), refused.errors[0].pointer.as_str()), ("no_history", "/asOf"));
    });
}

#[test]
fn what_is_there_before_periods_are_kept_has_one_since_its_last_change() {
    use diesel::connection::SimpleConnection;
    with_deals(|place| {
        place.put(json!({"name": "x", "stage": "s1"}));
        // As the migration finds it, and what it does then.
        place.conn.batch_execute("DELETE FROM record_periods").unwrap();
        let up = std::fs::read_to_string("migrations/shared/2026-01-01-000080_search/up.sql").unwrap();
        let (_, insert) = up.split_once("INSERT INTO").unwrap();
        place.conn.batch_execute(&format!("INSERT INTO{insert}")).unwrap();
        assert_eq!(funnel(place, "2026-03-31")[0][0], json!({"stage": "s1"}));
        assert_eq!(funnel(place, "1970-01-01T00:00:00Z"), json!([]));
    });
}
