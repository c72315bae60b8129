//! What a search cannot answer, and what it says then.

use super::{Place, Search, money, with_deals};
use kamflow::model::filter;
use kamflow::model::json::Json;
use serde_json::json;

fn refused(place: &mut Place, search: Search) -> (String, String, String) {
    let refusal = place.find(&search).unwrap_err();
    assert_eq!(refusal.errors.len(), 1, "{refusal:?}");
    (refusal.code, refusal.errors[0].pointer.clone(), refusal.detail)
}

#[test]
fn values_that_do_not_fit_their_field_are_refused_with_their_place() {
    with_deals(|place| {
        for (filter, pointer, word) in [
            (json!({"size": "many"}), "/filter/size", "whole number"),
            (json!({"size": {"$gte": 1.5}}), "/filter/size/$gte", "whole number"),
            (json!({"size": [1, 2]}), "/filter/size", "a list"),
            (json!({"size": null}), "/filter/size", "$exists"),
            (json!({"listed": 1}), "/filter/listed", "true or false"),
            (json!({"close": {"$lt": "2026-02-30"}}), "/filter/close/$lt", "date"),
            (json!({"seen": "soon"}), "/filter/seen", "instant"),
            (json!({"industry": {"$in": ["bank", "farm"]}}), "/filter/industry/$in", "expected one of"),
            (json!({"industry": {"$gt": "bank"}}), "/filter/industry/$gt", "no order"),
            (json!({"amount": 100}), "/filter/amount", "CNY"),
            (json!({"amount": {"$gte": "100"}}), "/filter/amount/$gte", "CNY"),
            (
                json!({"amount": {"$gte": money("1.00", "CNY"), "$lt": money("2.00", "USD")}}),
                "/filter/amount/$lt",
                "two currencies",
            ),
            (
                json!({"price": {"$gte": money("1.00", "CNY"), "$lt": money("2.00", "USD")}}),
                "/filter/price/$lt",
                "two currencies",
            ),
            (json!({"amount": {"$gte": money("1.001", "CNY")}}), "/filter/amount/$gte", "digits"),
            (json!({"raw": 1}), "/filter/raw", "$exists"),
            (json!({"note": "x"}), "/filter/note", "$exists"),
            (json!({"tags": {"$gt": "a"}}), "/filter/tags/$gt", "no order"),
            (json!({"name": {"$like": "%x"}}), "/filter/name/$like", "prefix"),
            (json!({"size": {"$like": "1%"}}), "/filter/size/$like", "no $like"),
            (json!({"owner": {"$under": "ann"}}), "/filter/owner/$under", "$under"),
            (json!({"nmae": "x"}), "/filter/nmae", "did you mean \"name\""),
            (json!({"team.share.x": 1}), "/filter/team.share.x", "not a field"),
            (json!({"$or": [{"size": 1}, {"size": "x"}]}), "/filter/$or/1/size", "whole number"),
            (json!({"$text": "，"}), "/filter/$text", "words"),
        ] {
            let (code, at, detail) = refused(place, Search::of(filter.clone()));
            assert_eq!((code.as_str(), at.as_str()), ("wrong_filter", pointer), "{filter}: {detail}");
            assert!(detail.contains(word), "{filter}: {detail}");
        }
        for (sort, word) in [("raw", "no order"), ("tags", "no order"), ("team.user", "no order"), ("nmae", "name")] {
            let (code, at, detail) = refused(place, Search::by(json!({}), sort));
            assert_eq!((code.as_str(), at.as_str()), ("wrong_sort", "/sort/0"), "{sort}");
            assert!(detail.contains(word), "{detail}");
        }
    });
}

#[test]
fn a_field_without_an_index_is_answered_while_few_are_left_and_then_names_the_index() {
    with_deals(|place| {
        for number in 0..12 {
            let status = if number < 5 { "open" } else { "won" };
            place.put(json!({"name": "x", "status": status, "score": number, "area": "n", "tags": ["a"]}));
        }
        let search = |filter: Json, sort: &str| Search { few: 5, ..Search::by(filter, sort) };
        let found = place.find(&search(json!({"status": "open", "score": {"$gte": 2}}), "-score")).unwrap();
        assert_eq!(found.0, ["r00005", "r00004", "r00003"], "the column leaves five");
        let missing = [
            (json!({"score": 7}), "", "/filter/score", "[[score]]"),
            (json!({"status": "won", "score": 7, "area": "n"}), "", "/filter/area", "[[area, score]]"),
            (json!({"area": "n"}), "due", "/filter/area", "[[area, due]]"),
            (json!({"status": "won"}), "score", "/sort/0", "[[score]]"),
            (json!({"$or": [{"score": 1}, {"area": "x"}]}), "", "/filter/score", "[[score], [area]]"),
        ];
        for (filter, sort, pointer, index) in missing {
            let search = if sort.is_empty() {
                Search { few: 5, ..Search::of(filter.clone()) }
            } else {
                search(filter.clone(), sort)
            };
            let (code, at, detail) = refused(place, search);
            assert_eq!((code.as_str(), at.as_str()), ("no_index", pointer), "{filter}: {detail}");
            assert!(detail.contains(&format!("add \"indexes: {index}\" to its type")), "{filter}: {detail}");
            assert!(detail.starts_with("more than 5 of deal are left"), "{detail}");
        }
        let (code, _, detail) = refused(place, Search { few: 5, ..Search::of(json!({"raw": {"$exists": true}})) });
        assert_eq!(code, "no_index");
        assert!(detail.contains("\"raw\" can have no index"), "{detail}");
        let keyed = Search { few: 5, ..Search::of(json!({"tags": "a"})) };
        assert_eq!(place.find(&keyed).unwrap().0.len(), 12, "a key needs no other index");
    });
}

#[test]
fn a_field_that_may_not_be_read_is_no_use_anywhere() {
    with_deals(|place| {
        place.put(json!({"name": "x", "size": 7, "team": [{"user": "bob"}]}));
        let hidden = |search: Search| Search { hidden: vec!["size", "team"], ..search };
        for search in [
            hidden(Search::of(json!({"size": 7}))),
            hidden(Search::of(json!({"size": {"$exists": false}}))),
            hidden(Search::of(json!({"$or": [{"name": "x"}, {"size": 8}]}))),
            hidden(Search::of(json!({"team.user": "bob"}))),
            hidden(Search::by(json!({}), "-size")),
        ] {
            let (code, _, detail) = refused(place, search);
            assert_eq!(code, "field_not_readable");
            assert!(!detail.contains('7') && !detail.contains('8'), "{detail}");
        }
        assert_eq!(place.find(&hidden(Search::of(json!({"name": "x"})))).unwrap().0, ["r00001"]);
    });
}

#[test]
fn filters_that_cannot_be_read_are_told_apart() {
    let read = |filter: Json| {
        let Json::Object(map) = filter else { panic!() };
        let error = filter::parse(map, "/filter").unwrap_err();
        (error.code, error.pointer)
    };
    let one = |code: &str, pointer: &str| (code.to_owned(), pointer.to_owned());
    assert_eq!(read(json!({"a": {"$near": 1}})), one("unknown_operator", "/filter/a/$near"));
    assert_eq!(read(json!({"a": {"$gt": 1, "b": 1}})), one("unknown_operator", "/filter/a/b"));
    assert_eq!(read(json!({"$and": []})), one("unknown_operator", "/filter/$and"));
    assert_eq!(read(json!({"a": {"$nin": 1}})), one("invalid_operand", "/filter/a/$nin"));
    assert_eq!(read(json!({"a": {"$exists": 1}})), one("invalid_operand", "/filter/a/$exists"));
    assert_eq!(read(json!({"$text": 1})), one("invalid_operand", "/filter/$text"));
    for wrong in [json!({"$or": {}}), json!({"$or": []})] {
        assert_eq!(read(wrong), one("invalid_operand", "/filter/$or"));
    }
    assert_eq!(read(json!({"$or": [{"a": 1}, {}]})), one("invalid_operand", "/filter/$or/1"));
    let many: Vec<Json> = (0..101).map(|number| json!({"a": number})).collect();
    assert_eq!(read(json!({"$or": many})).0, "filter_too_large");
    let values: Vec<i32> = (0..501).collect();
    assert_eq!(read(json!({"a": {"$in": values}})).0, "invalid_operand");
    let deep = (0..5).fold(json!({"a": 1}), |inner, _| json!({"$or": [inner]}));
    assert_eq!(read(deep).0, "filter_too_large");
}
