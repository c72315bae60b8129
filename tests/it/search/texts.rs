//! Text search: Chinese and English, and what a change of a record does to it.

use super::{Place, Search, with_deals};
use kamflow::plugins::records::words;
use serde_json::json;

fn found(place: &mut Place, text: &str) -> Vec<String> {
    place.ids(json!({ "$text": text }))
}

#[test]
fn words_of_both_scripts_are_found() {
    with_deals(|place| {
        place.put(json!({"name": "华新重工（北京）有限公司", "note": "Line 4, ready in May"}));
        place.put(json!({"name": "北京华为技术有限公司", "note": "华新 is a competitor"}));
        place.put(json!({"name": "HUAXIN Steel", "note": "ＬＩＮＥ４ étude"}));
        for (text, ids) in [
            ("华新", vec!["r00001", "r00002"]),
            ("华新重工", vec!["r00001"]),
            ("北京", vec!["r00001", "r00002"]),
            ("京北", vec![]),
            ("华", vec!["r00001", "r00002"]),
            ("华新 line", vec!["r00001"]),
            ("huaxin STEEL", vec!["r00003"]),
            ("huaxi", vec![]),
            ("line", vec!["r00001"]),
            ("line4", vec!["r00003"]),
            ("Étude", vec!["r00003"]),
            ("有限公司, 北京!", vec!["r00001", "r00002"]),
        ] {
            assert_eq!(found(place, text), ids, "{text}");
        }
        let by_name = Search { limit: 1, ..Search::by(json!({"$text": "北京"}), "-name") };
        assert_eq!(place.find(&by_name).unwrap().0, ["r00001", "r00002"]);
    });
}

#[test]
fn a_change_is_found_and_what_was_is_not() {
    with_deals(|place| {
        let record = place.put(json!({"name": "华新重工", "note": "line"}));
        place.put(json!({"name": "Boreal"}));
        let record = place.change(&record, json!({"name": "华新机械", "note": null}));
        assert_eq!(found(place, "机械"), ["r00001"]);
        assert_eq!(found(place, "重工"), [""; 0]);
        assert_eq!(found(place, "line"), [""; 0]);
        assert_eq!(found(place, "华新"), ["r00001"], "what stays is not lost");
        place.change(&record, json!({"note": "重工"}));
        assert_eq!(found(place, "重工 机械"), ["r00001"], "the words may stand in different fields");
    });
}

#[test]
fn fields_that_may_not_be_read_do_not_match() {
    with_deals(|place| {
        place.put(json!({"name": "Boreal", "note": "secret"}));
        let find = |place: &mut Place, text: &str, hidden: &[&'static str]| {
            place.find(&Search { hidden: hidden.to_vec(), ..Search::of(json!({ "$text": text })) }).unwrap().0
        };
        assert_eq!(find(place, "boreal secret", &[]), ["r00001"]);
        assert_eq!(find(place, "secret", &["note"]), [""; 0]);
        assert_eq!(find(place, "boreal", &["note"]), ["r00001"]);
        assert_eq!(find(place, "boreal", &["note", "name"]), [""; 0]);
    });
}

#[test]
fn long_texts_are_found_by_their_first_words_and_keep_writing_cheap() {
    with_deals(|place| {
        let note: String = (0..2_000).map(|number| format!("w{number} ")).collect();
        place.put(json!({"name": "long", "note": note}));
        assert_eq!(found(place, "w499"), ["r00001"]);
        assert_eq!(found(place, "w1999"), [""; 0]);
        assert_eq!(found(place, "long"), ["r00001"], "each field has its own limit");
        let endless = "x".repeat(5_000);
        place.put(json!({"name": "endless", "note": endless}));
        assert_eq!(found(place, &endless), ["r00002"], "a word is cut on both sides");
    });
    assert_eq!(words::wanted("华 新Line"), ["line", "华", "新"].map(str::to_owned).into());
    assert_eq!(words::kept("华新A"), ["a", "华", "华新", "新"].map(str::to_owned).into());
    assert!(words::wanted("，。!  ").is_empty());
}
