//! Random records, filters and orders: every page must be what a naive evaluation in memory gives.

use super::naive::{self, meets};
use super::{Place, Search, money, with_deals};
use crate::support::random::Random;
use kamflow::model::json::{Json, JsonMap};
use kamflow::model::record::Record;
use kamflow::store::records::{Of, Sight, Tie};
use serde_json::json;

/// The finest part of the calendar.
pub const DAY_OF: &str = "day";

const NAMES: [&str; 8] =
    ["华新重工", "华新机械", "Huaxin line 4", "北方能源 Boreal", "line 4", "Boreal steel", "华", "ZETA line"];
const WORDS: [&str; 8] = ["华新", "line", "4", "能源", "boreal", "重", "zeta", "新机"];

/// A value for a field; two records often have the same.
pub fn value(random: &mut Random, field: &str) -> Json {
    let mut one = |texts: &[&str]| Json::from(*random.one_of(texts).unwrap());
    match field {
        "name" => one(&NAMES),
        "note" => one(&["line 4 of 华新", "steel and energy", "重工", "%", "a_b"]),
        "owner" | "team.user" => one(&["ann", "bob", "李"]),
        "status" => one(&["open", "won", "lost"]),
        "stage" => one(&["s1", "s2", "S3", "第一", "s1\u{1}", "😀"]),
        "region" | "area" => one(&["north", "north-east", "南", "", "n", "north\u{1}\u{1}x"]),
        "industry" => one(&["bank", "steel", "energy"]),
        "close" | "due" => one(&["2025-12-31", "2026-01-01", "2026-03-31", "2026-04-01", "2024-02-29", "0001-01-01"]),
        "seen" => one(&[
            "2026-01-31T08:00:00Z",
            "2026-01-31T08:00:00.5Z",
            "2026-01-31T08:00:01Z",
            "1969-12-31T23:59:59.999Z",
            "2026-01-31T07:59:59.999Z",
        ]),
        "createdAt" | "updatedAt" => Json::from(format!("1970-01-01T00:17:{:02}Z", random.below(60))),
        "createdBy" => "ann".into(),
        "id" | "parent" => format!("r{:05}", 1 + random.below(60)).into(),
        "size" | "score" => {
            json!([0, 1, -1, 7, 70, -70, i64::MAX, i64::MIN][random.below(8)])
        }
        "rate" => {
            let texts = ["0", "0.5", "0.50", "-0.5", "12.5", "-12.51", "0.0000000000000000000000000001", "7"];
            serde_json::from_str(texts[random.below(8)]).unwrap()
        }
        "listed" => json!(random.below(2) == 0),
        "amount" | "price" => {
            let amount = [
                ("0.00", "CNY"),
                ("1.50", "CNY"),
                ("-3.00", "CNY"),
                ("1.50", "USD"),
                ("100", "JPY"),
                ("99999.99", "CNY"),
            ];
            let (amount, currency) = amount[random.below(6)];
            money(amount, currency)
        }
        "tags" => json!(["a", "b", "长"][random.below(3)]),
        other => panic!("{other}"),
    }
}

const FIELDS: [&str; 20] = [
    "name", "note", "owner", "status", "stage", "amount", "close", "parent", "region", "industry", "size", "rate",
    "seen", "listed", "tags", "price", "score", "area", "due", "team",
];

/// Puts so many random deals in; half of their fields are there.
pub fn fill(place: &mut Place, random: &mut Random, number: usize) -> Vec<Record> {
    let mut all: Vec<Record> = Vec::new();
    for _ in 0..number {
        let mut fields = JsonMap::new();
        for field in FIELDS {
            if field != "name" && random.below(5) < 2 {
                continue;
            }
            let value = match field {
                "tags" => Json::Array((0..random.below(3)).map(|_| value(random, field)).collect()),
                "team" => {
                    let member = |random: &mut Random| json!({"user": value(random, "owner"), "share": 50});
                    Json::Array((0..random.below(3)).map(|_| member(random)).collect())
                }
                "parent" if all.is_empty() => continue,
                "parent" => all[random.below(all.len())].id.0.clone().into(),
                field => value(random, field),
            };
            fields.insert(field.to_owned(), value);
        }
        all.push(place.put(Json::Object(fields)));
    }
    all
}

/// A filter over these fields.
fn filter(random: &mut Random, fields: &[&str], deep: usize) -> JsonMap {
    let mut filter = JsonMap::new();
    for _ in 0..random.below(3) + usize::from(deep < 2) {
        let field = *random.one_of(fields).unwrap();
        let asked = match field {
            "tags" | "team.user" | "owner" | "industry" | "status" | "listed" | "createdBy" | "id" | "parent" => {
                match random.below(if field == "parent" { 7 } else { 6 }) {
                    0 | 1 => value(random, field),
                    2 => json!({"$neq": value(random, field)}),
                    3 => json!({"$in": [value(random, field), value(random, field)]}),
                    4 => json!({"$nin": [value(random, field)]}),
                    5 if ["id", "createdBy"].contains(&field) => json!({"$in": []}),
                    5 => json!({"$exists": random.below(2) == 0}),
                    _ => json!({"$under": value(random, field)}),
                }
            }
            "note" => json!({"$exists": random.below(2) == 0}),
            "amount" | "price" => match random.below(4) {
                0 => json!({"$gte": money("1.50", "CNY")}),
                1 => json!({"$gt": money("-3.00", "CNY"), "$lte": money("1.50", "CNY")}),
                2 => json!({"$in": [value(random, field), value(random, field)]}),
                _ => json!({"$neq": value(random, field)}),
            },
            field => match random.below(8) {
                0 | 1 => value(random, field),
                2 => json!({"$gte": value(random, field)}),
                3 => json!({"$lt": value(random, field), "$gt": value(random, field)}),
                4 => json!({"$lte": value(random, field), "$neq": value(random, field)}),
                5 if ["name", "region", "area", "stage"].contains(&field) => {
                    json!({"$like": (["n%", "华新%", "north%", "s%"][random.below(4)])})
                }
                5 => json!({"$in": [value(random, field), value(random, field), value(random, field)]}),
                6 => json!({"$nin": [value(random, field), value(random, field)]}),
                _ if field.ends_with("At") => value(random, field),
                _ => json!({"$exists": random.below(2) == 0}),
            },
        };
        filter.insert(field.to_owned(), asked);
    }
    if deep > 0 && random.below(3) == 0 {
        let branch = |random: &mut Random| {
            let branch = self::filter(random, fields, deep - 1);
            if branch.is_empty() { json!({"status": "open"}) } else { Json::Object(branch) }
        };
        let branches = (0..1 + random.below(3)).map(|_| branch(random)).collect();
        filter.insert("$or".into(), Json::Array(branches));
    }
    if random.below(6) == 0 {
        let words: Vec<&str> = (0..1 + random.below(2)).map(|_| *random.one_of(&WORDS).unwrap()).collect();
        filter.insert("$text".into(), words.join(" ").into());
    }
    filter
}

const INDEXED: [&str; 20] = [
    "name",
    "owner",
    "status",
    "stage",
    "amount",
    "close",
    "parent",
    "region",
    "industry",
    "size",
    "rate",
    "seen",
    "listed",
    "tags",
    "price",
    "team.user",
    "createdAt",
    "updatedAt",
    "createdBy",
    "id",
];
const ANY: [&str; 24] = [
    "name",
    "owner",
    "status",
    "stage",
    "amount",
    "close",
    "parent",
    "region",
    "industry",
    "size",
    "rate",
    "seen",
    "listed",
    "tags",
    "price",
    "team.user",
    "createdAt",
    "updatedAt",
    "createdBy",
    "id",
    "score",
    "area",
    "due",
    "note",
];
const SORTS: [&str; 20] = [
    "name",
    "owner",
    "status",
    "stage",
    "amount",
    "close",
    "parent",
    "region",
    "industry",
    "size",
    "rate",
    "seen",
    "listed",
    "price",
    "createdAt",
    "updatedAt",
    "createdBy",
    "id",
    "size",
    "close",
];
const OTHER_SORTS: [&str; 3] = ["score", "area", "due"];

#[test]
fn every_search_finds_what_a_naive_evaluation_finds() {
    with_deals(|place| {
        let mut random = Random::new(20_260_331);
        let all = fill(place, &mut random, 60);
        let (mut found_some, mut scanned) = (0, 0);
        for round in 0..700 {
            // Small limits of what is few lead through the whole type in order instead of by one condition.
            let (few, fields) =
                if round % 2 == 0 { (10_000, &ANY[..]) } else { (random.below(12) as i64, &INDEXED[..]) };
            let mut search = Search::of(Json::Object(filter(&mut random, fields, 2)));
            search.few = few;
            search.limit = 1 + random.below(20);
            search.sort = match random.below(4) {
                0 => None,
                1 if round % 2 == 0 => Some(((*random.one_of(&OTHER_SORTS).unwrap()).to_owned(), random.below(2) == 0)),
                _ => Some(((*random.one_of(&SORTS).unwrap()).to_owned(), random.below(2) == 0)),
            };
            let seen = match random.below(3) {
                0 => Some("bob"),
                _ => None,
            };
            if let Some(user) = seen {
                let tie = |place| Tie { place, of: Of::Person(user.into()) };
                let places = [
                    kamflow::store::records::Place::Owner,
                    kamflow::store::records::Place::Indexed("team.user".into()),
                ];
                search.sight = Sight::Any(places.map(tie).to_vec());
            }
            let filter = search.filter.as_object().unwrap();
            let sees = |record: &&Record| {
                seen.is_none_or(|user| {
                    ["owner", "team.user"].iter().any(|field| naive::values(record, field).contains(&user.into()))
                })
            };
            let record_type = place.record_type();
            let met = all.iter().filter(sees).filter(|record| meets(record_type, &all, record, filter)).collect();
            let expected = naive::ordered(record_type, met, search.sort.as_ref());
            let (ids, count) = place.find(&search).unwrap_or_else(|refusal| panic!("{search:?}: {refusal:?}"));
            assert_eq!(ids, expected, "round {round}: {search:?}");
            assert_eq!((count.number, count.more), (expected.len() as i64, false), "round {round}: {search:?}");
            found_some += usize::from(!ids.is_empty() && ids.len() < all.len());
            scanned += usize::from(round % 2 == 0);
        }
        assert!(found_some > 200 && scanned > 200, "{found_some} searches found some records; {scanned} could scan");
    });
}
