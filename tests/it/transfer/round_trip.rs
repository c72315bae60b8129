//! Any record, exported and imported into an empty business, has the same fields: as CSV and as JSON lines.

use super::*;
use crate::support::on_both;
use serde_json::json;

/// Numbers from a seed: the same records in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn maybe(&mut self, value: impl FnOnce(&mut Dice) -> Json) -> Option<Json> {
        if self.roll(3) > 0 { Some(value(self)) } else { None }
    }

    /// Text out of everything that a table could stumble over.
    fn text(&mut self) -> String {
        let pieces = [
            "", "a", "B", " ", "  ", ",", ";", "\"", "'", "''", "|", "\\", "\\N", "\n", "\r\n", "\r", "\t", "=", "+",
            "-", "@", "＝", "华新", "😀", "[", "]", "{", "}", "***", "null", "true", "007", "1,5", "\u{feff}",
            "\u{a0}", "_id",
        ];
        (0..self.roll(4)).map(|_| pieces[self.roll(pieces.len())]).collect()
    }

    fn number(&mut self) -> String {
        let sign = ["", "-"][self.roll(2)];
        format!("{sign}{}.{:04}", self.roll(100_000), self.roll(10_000))
    }

    fn json(&mut self, deep: usize) -> Json {
        match self.roll(if deep == 0 { 4 } else { 6 }) {
            0 => Json::from(self.text()),
            1 => serde_json::from_str(&self.number()).unwrap(),
            2 => Json::Null,
            3 => Json::Bool(self.roll(2) == 0),
            4 => (0..self.roll(3)).map(|_| self.json(deep - 1)).collect(),
            _ => Json::Object((0..self.roll(3)).map(|_| (self.text(), self.json(deep - 1))).collect()),
        }
    }

    fn part(&mut self, row: usize) -> Json {
        let fields: [(&str, Option<Json>); 15] = [
            ("name", Some(Json::from(self.text()))),
            ("code", self.maybe(|dice| Json::from(format!("{}{row}", ["", "=", "'", "-"][dice.roll(4)])))),
            ("colour", self.maybe(|dice| Json::from(["red", "green", "blue"][dice.roll(3)]))),
            ("amount", self.maybe(|dice| Json::from(dice.roll(1_000) as i64 - 500))),
            ("price", self.maybe(|dice| json!({"amount": format!("-{}.50", dice.roll(900)), "currency": "CNY"}))),
            ("share", self.maybe(|dice| serde_json::from_str(&dice.number()).unwrap())),
            ("weight", self.maybe(|dice| serde_json::from_str(&dice.number()).unwrap())),
            ("fragile", self.maybe(|dice| Json::Bool(dice.roll(2) == 0))),
            ("made_on", self.maybe(|dice| Json::from(format!("2026-01-{:02}", 1 + dice.roll(28))))),
            ("seen_at", self.maybe(|dice| Json::from(format!("2026-01-31T08:00:{:02}Z", dice.roll(60))))),
            ("tags", self.maybe(|dice| (0..dice.roll(4)).map(|_| Json::from(dice.text())).collect())),
            ("sizes", self.maybe(|dice| (0..dice.roll(4)).map(|_| Json::from(dice.roll(9))).collect())),
            (
                "maker",
                // One part at least: a map without any is no value in a table.
                self.maybe(|dice| {
                    let mut maker = json!({"name": dice.text()});
                    if let Some(phones) =
                        dice.maybe(|dice| (0..dice.roll(3)).map(|_| Json::from(dice.text())).collect())
                    {
                        maker["phones"] = phones;
                    }
                    maker
                }),
            ),
            ("owner", self.maybe(|_| json!("ann"))),
            ("extra", self.maybe(|dice| dice.json(3)).filter(|extra| !extra.is_null())),
        ];
        // Null: no value, and no default either.
        let value = |(name, value): (&str, Option<Json>)| {
            Some((name.to_owned(), value.or((name == "colour").then_some(Json::Null))?))
        };
        Json::Object(fields.into_iter().filter_map(value).collect())
    }
}

#[test]
fn what_goes_out_comes_back_the_same() {
    on_both(|database| {
        let app = desk(database);
        let ann = app.by("ann");
        let mut dice = Dice(42);
        let lines: String = (0..400).map(|row| format!("{}\n", dice.part(row))).collect();
        let sent = imported(&ann.send("POST", &format!("{PARTS}/import"), &[LINES], &lines));
        assert_eq!(sent.counts(), [400, 0, 0, 0], "{:?}", sent.refused());
        let original = parts(&ann);
        assert!(original.iter().any(|part| part.get("colour").is_none()));
        assert!(original.iter().any(|part| part["name"] == ""));
        for (business, query, kind) in [("comma", "?bom=true", CSV), ("lines", "?format=jsonl", LINES)] {
            second_business(&app, business);
            let other = app.by_of(business, "ann");
            let file = ann.get(&format!("{PARTS}/export{query}")).text;
            let back = imported(&other.send("POST", &format!("{PARTS}/import"), &[kind], &file));
            assert_eq!(back.counts(), [400, 0, 0, 0], "{business}: {:?}", back.refused());
            for (row, (one, other)) in original.iter().zip(parts(&other)).enumerate() {
                assert_eq!(*one, other, "{business}, record {row}");
            }
            // And once more over itself nothing changes.
            let over = imported(&ann.send("POST", &format!("{PARTS}/import?updateBy=_id"), &[kind], &file));
            assert_eq!(over.counts(), [0, 0, 400, 0], "{business}: {:?}", over.refused());
        }
    });
}
