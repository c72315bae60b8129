//! Summing up: against a naive evaluation, exact at the edges, and refused where it makes no sense.

use super::naive::{self, Key};
use super::random::fill;
use super::{Place, acme, money, refusal, with_deals};
use crate::support::random::Random;
use kamflow::model::aggregate::{Aggregate, Summary};
use kamflow::model::filter;
use kamflow::model::json::Json;
use kamflow::model::page::order;
use kamflow::model::record::Record;
use kamflow::model::record_type::RecordType;
use kamflow::model::refusal::Refusal;
use kamflow::plugins::records::{Asking, summaries};
use kamflow::store::records::{FEW, Sight};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::json;
use std::collections::BTreeMap;

/// What `{group, measures, filter, sort, limit, asOf}` gives.
pub fn sum(place: &mut Place, asked: Json, few: i64) -> Result<Vec<Summary>, Refusal> {
    let list = |name: &str| asked[name].as_array().cloned().unwrap_or_default();
    let filter = asked["filter"].as_object().cloned().unwrap_or_default();
    let measures = asked["measures"].as_object().unwrap().clone();
    let aggregate = Aggregate {
        group: list("group").into_iter().map(|group| group.try_into().unwrap()).collect(),
        measures: measures.into_iter().map(|(name, measure)| (name, measure.try_into().unwrap())).collect(),
        filter: filter::parse(filter, "/filter").unwrap(),
        sort: list("sort").iter().map(|sort| order(sort.as_str().unwrap()).unwrap()).collect(),
        limit: asked["limit"].as_u64().unwrap_or(1_000) as usize,
        as_of: asked["asOf"].as_str().map(|text| text.parse().unwrap()),
    };
    let definitions = &place.library.definitions;
    let asking = Asking {
        definitions,
        record_type: &definitions.records["deal"],
        readable: &|field| field != "raw",
        me: None,
        past: false,
        few,
    };
    summaries(place.conn, asking, &acme(), Sight::All, &aggregate).map_err(refusal)
}

/// The rows as one JSON.
pub fn rows(place: &mut Place, asked: Json) -> Json {
    let rows = sum(place, asked, FEW).unwrap();
    let row = |row: Summary| match row.currency {
        Some(currency) => json!([row.group, currency, row.measures]),
        None => json!([row.group, row.measures]),
    };
    rows.into_iter().map(row).collect()
}

#[test]
fn every_summary_is_what_a_naive_evaluation_gives() {
    with_deals(|place| {
        let mut random = Random::new(31);
        let all = fill(place, &mut random, 60);
        let groups = ["status", "stage", "owner", "close", "createdAt", "createdBy", "parent", "name"];
        let others = ["region", "industry", "size", "rate", "seen", "listed", "due", "area", "score"];
        for round in 0..250 {
            let names: Vec<&str> = if round % 2 == 0 { groups.to_vec() } else { [&groups[..], &others[..]].concat() };
            let mut group: Vec<Json> = Vec::new();
            for _ in 0..random.below(3) {
                let field = *random.one_of(&names).unwrap();
                let by = *random.one_of(&["day", "month", "quarter", "year"]).unwrap();
                let one = match field {
                    "close" | "due" | "createdAt" => json!({"field": field, "by": by}),
                    field => field.into(),
                };
                let same = |other: &Json| other.as_str().or(other["field"].as_str()) == Some(field);
                if !group.iter().any(same) {
                    group.push(one);
                }
            }
            let summed =
                if round % 2 == 0 { "amount" } else { ["amount", "price", "size", "rate", "score"][random.below(5)] };
            let mut measures =
                json!({"n": "count", "mean": {"average": summed}, "least": {"min": summed}, "most": {"max": summed}});
            // The tiniest rate and a large one have no sum of 28 digits.
            if summed != "rate" {
                measures["total"] = json!({"sum": summed});
            }
            let filter = [json!({}), json!({"status": {"$neq": "won"}}), json!({"name": {"$like": "华%"}})]
                [random.below(3)]
            .clone();
            let asked = json!({"group": group, "measures": measures, "filter": filter});
            let got = rows(place, asked.clone());
            assert_eq!(got, expected(place.record_type(), &all, &asked, summed), "round {round}: {asked}");
        }
    });
}

/// The same by hand.
fn expected(record_type: &RecordType, all: &[Record], asked: &Json, summed: &str) -> Json {
    type Keys = Vec<(bool, Option<Key>)>;
    let is_money = ["amount", "price"].contains(&summed);
    let filter = asked["filter"].as_object().unwrap();
    type Group<'r> = (Json, Vec<&'r Record>);
    let mut groups: BTreeMap<(Keys, Option<(bool, String)>), Group> = BTreeMap::new();
    let grouping = asked["group"].as_array().unwrap();
    if grouping.is_empty() && !is_money {
        groups.insert((Vec::new(), None), (json!({}), Vec::new()));
    }
    for record in all.iter().filter(|record| naive::meets(record_type, all, record, filter)) {
        let (mut keys, mut shown) = (Vec::new(), json!({}));
        for group in grouping {
            let field = group.as_str().unwrap_or_else(|| group["field"].as_str().unwrap());
            let value = naive::values(record, field).into_iter().next();
            let (key, value) = match (value, group["by"].as_str()) {
                (None, _) => (None, Json::Null),
                (Some(value), Some(by)) => {
                    let part = naive::part(&value.as_str().unwrap()[..10], by);
                    (Some(Key::Text(part.clone())), part.into())
                }
                (Some(value), None) => {
                    let key = naive::key(&naive::kind(record_type, field), &value);
                    let value = match &key {
                        Key::Number(number) => serde_json::from_str(&number.normalize().to_string()).unwrap(),
                        _ => value,
                    };
                    (Some(key), value)
                }
            };
            keys.push((key.is_none(), key));
            shown[field] = value;
        }
        let currency = is_money.then(|| match naive::values(record, summed).first() {
            Some(amount) => (false, amount["currency"].as_str().unwrap().to_owned()),
            None => (true, String::new()),
        });
        groups.entry((keys, currency)).or_insert((shown, Vec::new())).1.push(record);
    }
    let rows = groups.into_iter().map(|((_, currency), (shown, records))| {
        let numbers: Vec<Decimal> = records
            .iter()
            .flat_map(|record| naive::values(record, summed))
            .map(|value| if is_money { value["amount"].as_str().unwrap().to_owned() } else { value.to_string() })
            .map(|text| text.parse().unwrap())
            .collect();
        let code = currency.as_ref().map(|(_, code)| code.as_str());
        let digits = match code {
            Some("JPY") => 0,
            Some(_) => 2,
            None => 6,
        };
        let show = |number: Decimal| -> Json {
            match code {
                Some(code) => money(&format!("{number:.*}", digits as usize), code),
                None => serde_json::from_str(&number.normalize().to_string()).unwrap(),
            }
        };
        let of = |number: Option<Decimal>| number.map_or(Json::Null, show);
        let sum: Option<Decimal> = (!numbers.is_empty()).then(|| numbers.iter().sum());
        let count = Decimal::from(numbers.len().max(1));
        let mean = sum.map(|sum| (sum / count).round_dp_with_strategy(digits, RoundingStrategy::MidpointNearestEven));
        let mut measures = json!({
            "n": records.len(),
            "mean": of(mean),
            "least": of(numbers.iter().min().copied()),
            "most": of(numbers.iter().max().copied()),
        });
        if asked["measures"].get("total").is_some() {
            measures["total"] = of(sum);
        }
        match &currency {
            Some((none, code)) => json!([shown, if *none { Json::Null } else { code.as_str().into() }, measures]),
            None => json!([shown, measures]),
        }
    });
    rows.collect()
}

#[test]
fn sums_of_money_are_exact_and_never_mix_currencies() {
    with_deals(|place| {
        let most = "92233720368547758.07";
        for (amount, currency) in
            [(most, "CNY"), (most, "CNY"), ("0.01", "CNY"), ("-0.05", "USD"), ("0.02", "USD"), ("3", "JPY")]
        {
            place.put(json!({"name": "x", "amount": money(amount, currency)}));
        }
        place.put(json!({"name": "without"}));
        let asked = json!({"measures": {"n": "count", "total": {"sum": "amount"}, "mean": {"average": "amount"}}});
        let expected = json!([
            [{}, "CNY", {"n": 3, "total": money("184467440737095516.15", "CNY"), "mean": money("61489146912365172.05", "CNY")}],
            [{}, "JPY", {"n": 1, "total": money("3", "JPY"), "mean": money("3", "JPY")}],
            [{}, "USD", {"n": 2, "total": money("-0.03", "USD"), "mean": money("-0.02", "USD")}],
            [{}, null, {"n": 1, "total": null, "mean": null}],
        ]);
        assert_eq!(rows(place, asked.clone()), expected, "-1.5 cents are rounded to the even -2");
        let mut scanned = asked;
        scanned["filter"] = json!({"score": {"$exists": false}});
        assert_eq!(rows(place, scanned), expected, "the records themselves come to the same");
    });
}

#[test]
fn a_sum_that_cannot_be_told_exactly_is_refused_and_an_average_is_rounded_once() {
    with_deals(|place| {
        for rate in ["123456", "0.0000000000000000000000000001", "0.0000045"] {
            let rate: Json = serde_json::from_str(rate).unwrap();
            place.put(json!({"name": "x", "rate": rate}));
        }
        let refused = sum(place, json!({"measures": {"x": {"sum": "rate"}}}), FEW).unwrap_err();
        assert_eq!(refused.code, "too_large");
        let asked = |filter: Json| json!({"measures": {"x": {"average": "rate"}}, "filter": filter});
        assert_eq!(rows(place, asked(json!({})))[0][1]["x"].to_string(), "41152.000002", "a little more than half");
        let half = rows(place, asked(json!({"rate": 0.0000045})))[0][1]["x"].to_string();
        assert_eq!(half, "0.000004", "half to even");
    });
}

#[test]
fn rows_come_in_the_order_that_is_asked_for() {
    with_deals(|place| {
        for (stage, amount) in [("s1", "5.00"), ("s2", "1.00"), ("s2", "2.00"), ("s3", "5.00")] {
            place.put(json!({"name": "x", "stage": stage, "amount": money(amount, "CNY")}));
        }
        place.put(json!({"name": "x", "stage": "s4"}));
        let mut stages = |sort: Json, limit: usize| -> Vec<String> {
            let asked = json!({"group": ["stage"], "measures": {"n": "count", "total": {"sum": "amount"}}, "sort": sort, "limit": limit});
            let rows = sum(place, asked, FEW).unwrap();
            rows.into_iter().map(|row| row.group["stage"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(stages(json!([]), 10), ["s1", "s2", "s3", "s4"]);
        assert_eq!(stages(json!(["-stage"]), 2), ["s4", "s3"]);
        assert_eq!(stages(json!(["-total"]), 10), ["s1", "s3", "s2", "s4"], "ties by the groups, none at the end");
        assert_eq!(stages(json!(["total"]), 10), ["s2", "s1", "s3", "s4"]);
        assert_eq!(stages(json!(["-n", "-stage"]), 3), ["s2", "s4", "s3"]);
        let none = json!({"measures": {"n": "count", "s": {"sum": "size"}}, "filter": {"stage": "s9"}});
        assert_eq!(rows(place, none), json!([[{}, {"n": 0, "s": null}]]), "nothing is one empty group");
    });
}

#[test]
fn what_cannot_be_summed_up_is_refused_with_its_place() {
    with_deals(|place| {
        for number in 0..12 {
            place.put(json!({"name": format!("n{number}"), "size": number, "rate": 0.5}));
        }
        let count = || json!({"n": "count"});
        for (asked, code, pointer) in [
            (json!({"measures": {}}), "wrong_aggregate", "/measures"),
            (json!({"measures": count(), "group": ["tags"]}), "wrong_aggregate", "/group/0"),
            (json!({"measures": count(), "group": ["amount"]}), "wrong_aggregate", "/group/0"),
            (json!({"measures": count(), "group": ["status", "status"]}), "wrong_aggregate", "/group/1"),
            (
                json!({"measures": count(), "group": [{"field": "status", "by": "month"}]}),
                "wrong_aggregate",
                "/group/0",
            ),
            (json!({"measures": count(), "group": ["nmae"]}), "wrong_aggregate", "/group/0"),
            (json!({"measures": count(), "group": ["raw"]}), "field_not_readable", "/group/0"),
            (json!({"measures": {"x": {"min": "raw"}}}), "field_not_readable", "/measures/x"),
            (json!({"measures": {"x": {"sum": "name"}}}), "wrong_aggregate", "/measures/x"),
            (json!({"measures": {"x": {"sum": "amount"}, "y": {"sum": "price"}}}), "wrong_aggregate", "/measures/y"),
            (json!({"measures": count(), "sort": ["m"]}), "wrong_sort", "/sort/0"),
            (json!({"measures": count(), "filter": {"size": "x"}}), "wrong_filter", "/filter/size"),
        ] {
            let refused = sum(place, asked.clone(), FEW).unwrap_err();
            assert_eq!(
                (refused.code.as_str(), refused.errors[0].pointer.as_str()),
                (code, pointer),
                "{asked}: {refused}"
            );
        }
        let refused = sum(place, json!({"measures": {"s": {"sum": "size"}}}), 5).unwrap_err();
        assert_eq!(refused.code, "no_index");
        assert!(refused.detail.contains("\"size\" has no column"), "{refused}");
        let narrow = json!({"measures": {"s": {"sum": "size"}}, "filter": {"size": {"$lt": 4}}});
        assert_eq!(sum(place, narrow, 5).unwrap()[0].measures["s"], 6);
    });
}

#[test]
fn more_groups_than_can_be_told_are_refused() {
    use diesel::connection::SimpleConnection;
    with_deals(|place| {
        let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1001) \
                    INSERT INTO records (business, record_type, id, fields, version, created_at, created_by, updated_at, \
                    updated_by, stage) SELECT 'acme', 'deal', 'x' || i, '{\"size\":' || i || '}', 1, 0, 'ann', 0, 'ann', 's' || i FROM n";
        place.conn.batch_execute(many).unwrap();
        for group in ["stage", "size"] {
            let refused = sum(place, json!({"group": [group], "measures": {"n": "count"}}), FEW).unwrap_err();
            assert_eq!((refused.code.as_str(), refused.errors[0].pointer.as_str()), ("too_many_groups", "/group"));
        }
        let some = json!({"group": ["stage"], "measures": {"n": "count"}, "filter": {"stage": {"$neq": "s7"}}});
        assert_eq!(sum(place, some, FEW).unwrap().len(), 1_000);
    });
}
