//! Texts that break careless software, in every kind of field that holds text: byte for byte back, or refused.

use crate::runtime::with;
use crate::support::app::JSON;
use crate::support::on_both;
use crate::support::threads::each;
use kamflow::model::json::Json;
use serde_json::json;
use std::path::Path;

/// The public list of naughty strings (MIT), when it lies beside the checkout.
const LIST: &str = "../shared/data/naughty-strings/blns.json";

const NOTE: &str = "\
record: note
title: {en: Note, zh: 便笺}
fields:
  string: {type: string, max: 2000, search: true}
  text:   {type: text}
  list:   {type: list, of: {type: string, max: 2000}}
  map:    {type: map, fields: {inner: {type: string, max: 2000}, deep: {type: list, of: {type: text}}}}
keys: [list]
indexes: [[string]]
check:
  - {rule: string == () || text == () || string == text, message: {en: They are the same., zh: 两者相同。}}
columns: {name: string}
access: {read: [role:clerk], create: [role:clerk], update: [role:clerk], delete: [role:clerk]}
";

const OWN: [&str; 8] =
    ["", "\u{0}", "a\u{0}b", "\u{feff}x", "\u{202e}gnorw", "'; DROP TABLE records; --", "\u{10ffff}", "\\u0000"];

#[test]
fn naughty_texts_come_back_byte_for_byte_or_are_refused() {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join(LIST);
    let listed: Vec<String> = match std::fs::read_to_string(&list) {
        Ok(text) => serde_json::from_str(&text).unwrap(),
        Err(_) => {
            eprintln!("{LIST} is not there: only the texts of this file are tried");
            Vec::new()
        }
    };
    let texts: Vec<String> = OWN.iter().map(|text| (*text).to_owned()).chain(listed).collect();
    on_both(|database| {
        let app = with(database, &[("records/note.yaml", NOTE)]);
        let taken = each(8, |n| {
            let ann = app.by("ann");
            let mine = texts.iter().skip(n).step_by(8);
            mine.filter(|text| {
                let fields = json!({"string": text, "text": text, "list": [text, "x", text],
                    "map": {"inner": text, "deep": [text]}});
                let answer = ann.post("/api/v1/records/note", json!({ "fields": fields }));
                if answer.status != 201 {
                    assert!((400..500).contains(&answer.status), "{text:?}: {} {}", answer.status, answer.text);
                    return false;
                }
                let path = answer.header("location");
                assert_eq!(ann.get(path).ok(200)["fields"], fields, "{text:?}");
                // Changed, found in the history and at an instant, cleared.
                let body = json!({"fields": {"string": null, "text": format!("{text}{text}")}}).to_string();
                let changed = ann.send("PATCH", path, &[JSON], &body).ok(200);
                assert_eq!(changed["fields"]["text"], format!("{text}{text}"));
                let history = ann.get(&format!("{path}/history?limit=500")).ok(200);
                let told = |one: &&Json| one["field"] == "string" && one["version"] == 2;
                assert_eq!(history["items"].as_array().unwrap().iter().find(told).unwrap()["old"], **text);
                true
            })
            .count()
        });
        let taken: usize = taken.into_iter().sum();
        // U+0000 alone cannot be kept.
        assert_eq!(taken, texts.iter().filter(|text| !text.contains('\0')).count());
    });
}
