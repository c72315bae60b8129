//! Values as text that sorts, and pages that stay right while records come and go.

use super::{Search, money, with_deals};
use crate::support::random::Random;
use kamflow::model::field::FieldKind;
use kamflow::model::json::Json;
use kamflow::plugins::records::sortable;
use serde_json::json;
use std::collections::BTreeSet;

fn number(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

/// Values of one kind from the least to the greatest; neighbours in a list are equal.
fn ascending(kind: FieldKind, values: Vec<Vec<Json>>) {
    let texts: Vec<Vec<String>> = values
        .iter()
        .map(|equal| equal.iter().map(|value| sortable::text(&kind, value, sortable::ROOM).unwrap()).collect())
        .collect();
    for equal in &texts {
        assert!(equal.iter().all(|text| *text == equal[0]), "{kind:?}: {equal:?}");
    }
    for (place, pair) in texts.windows(2).enumerate() {
        assert!(pair[0][0] < pair[1][0], "{kind:?}: {:?} {:?}", values[place], values[place + 1]);
    }
}

#[test]
fn texts_sort_as_their_values_do() {
    let one = |values: &[Json]| values.iter().map(|value| vec![value.clone()]).collect::<Vec<_>>();
    ascending(
        FieldKind::Int,
        one(&[json!(i64::MIN), json!(-10), json!(-9), json!(0), json!(9), json!(10), json!(i64::MAX)]),
    );
    let decimals = [
        vec!["-79228162514264337593543950335"],
        vec!["-10.01"],
        vec!["-10", "-10.0", "-1e1"],
        vec!["-9.99"],
        vec!["-0.011"],
        vec!["-0.01"],
        vec!["-0.0000000000000000000000000001"],
        vec!["0", "0.00", "-0.0"],
        vec!["0.0000000000000000000000000001"],
        vec!["0.01"],
        vec!["0.011"],
        vec!["9.99"],
        vec!["10", "10.00"],
        vec!["10.01"],
        vec!["79228162514264337593543950335"],
    ];
    let decimals = decimals.map(|equal| equal.into_iter().map(number).collect());
    ascending(FieldKind::Decimal, decimals.to_vec());
    let amounts =
        [("-0.01", "CNY"), ("0.00", "CNY"), ("9.99", "CNY"), ("10.00", "CNY"), ("1", "JPY"), ("-5.00", "USD")];
    ascending(FieldKind::Money, one(&amounts.map(|(amount, currency)| money(amount, currency))));
    ascending(FieldKind::Bool, one(&[json!(false), json!(true)]));
    let days =
        ["-009999-01-01", "-000002-12-31", "-000001-01-01", "0000-01-01", "0999-12-31", "2026-01-31", "9999-12-31"];
    ascending(FieldKind::Date, one(&days.map(Json::from)));
    ascending(
        FieldKind::Datetime,
        vec![
            vec![json!("1969-12-31T23:59:59.999Z")],
            vec![json!("2026-01-31T08:00:00Z"), json!("2026-01-31T16:00:00+08:00"), json!("2026-01-31T08:00:00.000Z")],
            vec![json!("2026-01-31T08:00:00.5Z"), json!("2026-01-31T08:00:00.500Z")],
            vec![json!("2026-01-31T08:00:01Z")],
        ],
    );
    let long = |end: &str| json!(format!("{}{end}", "长".repeat(300)));
    ascending(FieldKind::String { max: 500 }, one(&[json!(""), json!("a"), json!("b"), long(""), json!("😀")]));
    let (one, other) = (long("a"), long("b"));
    let text = |value: &Json| sortable::text(&FieldKind::String { max: 500 }, value, sortable::ROOM).unwrap();
    assert!(text(&one) != text(&other) && text(&one).len() < 800, "long texts stay apart");
}

#[test]
fn random_numbers_sort_as_texts_too() {
    let mut random = Random::new(7);
    let mut numbers: Vec<rust_decimal::Decimal> = (0..3_000)
        .map(|_| {
            let digits = 1 + u32::try_from(random.below(17)).unwrap();
            let whole = i64::try_from(random.below(10_usize.pow(digits))).unwrap();
            let scale = u32::try_from(random.below(29)).unwrap();
            rust_decimal::Decimal::new(if random.below(2) == 0 { whole } else { -whole }, scale)
        })
        .collect();
    numbers.sort();
    let text = |number: &rust_decimal::Decimal| {
        sortable::text(&FieldKind::Decimal, &super::orders::number(&number.to_string()), sortable::ROOM).unwrap()
    };
    for pair in numbers.windows(2) {
        assert_eq!(text(&pair[0]).cmp(&text(&pair[1])), pair[0].cmp(&pair[1]), "{} {}", pair[0], pair[1]);
    }
}

#[test]
fn several_values_in_one_text_sort_by_the_first_that_differs() {
    let mut all: Vec<[String; 2]> = Vec::new();
    for one in ["", "a", "a\u{1}", "a\u{1}\u{1}", "a\u{1}\u{2}", "a\u{2}", "ab", "长"] {
        for other in ["", "\u{1}", "z", "\u{10FFFF}"] {
            all.push([one.to_owned(), other.to_owned()]);
        }
    }
    all.sort();
    let texts: Vec<String> = all.iter().map(|pair| sortable::several(pair)).collect();
    assert!(texts.windows(2).all(|pair| pair[0] < pair[1]), "{texts:?}");
    for (pair, text) in all.iter().zip(&texts) {
        for first in all.iter().map(|pair| &pair[0]) {
            let (begin, end) = sortable::beginning(std::slice::from_ref(first));
            assert_eq!((begin..end).contains(text), pair[0] == *first, "{pair:?} {first:?}");
        }
    }
    assert_eq!(sortable::behind("a\u{10FFFF}"), Some("b".to_owned()));
    assert_eq!(sortable::behind("\u{D7FF}"), Some("\u{E000}".to_owned()));
    assert_eq!(sortable::behind(""), None);
}

#[test]
fn pages_stay_right_while_records_come_and_go() {
    with_deals(|place| {
        for (sort, few) in
            [("-close", 10_000), ("close", 0), ("-size", 0), ("region", 10_000), ("score", 10_000), ("-amount", 0)]
        {
            let put = |place: &mut super::Place, number: usize| {
                let day = format!("2026-01-{:02}", 1 + number % 9);
                let amount = money(&format!("{}.00", number % 5), ["CNY", "USD"][number % 2]);
                let all = json!({"name": "x", "close": day, "size": number % 7, "region": format!("r{}", number % 3),
                    "score": number % 4, "amount": amount});
                let some = json!({"name": "without"});
                place.put(if number.is_multiple_of(3) { some } else { all }).id.0
            };
            let old: BTreeSet<String> = (0..40).map(|number| put(place, number)).collect();
            let search = Search { limit: 7, few, ..Search::by(json!({"status": {"$exists": false}}), sort) };
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let (items, next, _) = place.page(&search, after).unwrap();
                seen.extend(items.into_iter().map(|record| record.id.0));
                let Some(next) = next else { break };
                after = Some(next);
                put(place, seen.len() * 2);
                put(place, seen.len() * 2 + 1);
            }
            let unique: BTreeSet<String> = seen.iter().cloned().collect();
            assert_eq!(unique.len(), seen.len(), "{sort}: nothing twice");
            assert!(old.is_subset(&unique), "{sort}: nothing left out");
            // The next order begins with none of these.
            for id in place.ids(json!({"status": {"$exists": false}})) {
                let record = place.page(&Search::of(json!({ "id": id })), None).unwrap().0.remove(0);
                place.change(&record, json!({"status": "lost"}));
            }
        }
    });
}

#[test]
fn an_index_of_several_fields_answers_conditions_and_order_together() {
    with_deals(|place| {
        for (number, (industry, size)) in
            [("steel", Some(5)), ("steel", Some(-1)), ("bank", Some(5)), ("steel", None), ("steel", Some(9))]
                .iter()
                .enumerate()
        {
            let close = format!("2026-02-{:02}", 20 - number);
            place.put(json!({"name": "x", "industry": industry, "size": size, "status": "open", "close": close}));
        }
        let find = |place: &mut super::Place, filter: Json, sort: &str| {
            let all = [10_000, 0].map(|few| place.find(&Search { few, ..Search::by(filter.clone(), sort) }).unwrap().0);
            assert_eq!(all[0], all[1]);
            all[0].clone()
        };
        let steel = json!({"industry": "steel"});
        assert_eq!(find(place, steel.clone(), "size"), ["r00002", "r00001", "r00005", "r00004"]);
        assert_eq!(
            find(place, steel, "-size"),
            ["r00005", "r00001", "r00002", "r00004"],
            "what is not there comes last"
        );
        assert_eq!(find(place, json!({"industry": "steel", "size": 5}), "id"), ["r00001"]);
        assert_eq!(find(place, json!({"industry": "steel", "size": {"$gte": 0}}), "id"), ["r00001", "r00005"]);
        let range = json!({"industry": "steel", "size": {"$gte": -1, "$lt": 9}});
        assert_eq!(find(place, range, "-id"), ["r00002", "r00001"]);
        let open = json!({"status": "open", "close": {"$lte": "2026-02-18"}});
        assert_eq!(find(place, open, "close"), ["r00005", "r00004", "r00003"]);
    });
}
