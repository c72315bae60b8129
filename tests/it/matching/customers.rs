//! Names of Chinese and other companies, as they stand in lists of sales operations: tests/data/matching.

use super::{Tally, app, asking, create, root, verdict};
use crate::support::{TestDatabase, databases};
use kamflow::model::json::Json;
use serde_json::json;

/// A pair: a customer of ours, what comes in, and what a person would say of them.
struct Pair {
    kind: String,
    known: Json,
    incoming: Json,
    expected: String,
}

#[test]
fn names_of_companies_are_recognised_and_none_is_taken_for_another() {
    for database in databases() {
        let tally = play(&database, "pairs.csv");
        let report = tally.report("pairs.csv");
        println!("{report}");
        check(&tally, &report);
    }
}

#[test]
fn names_that_the_rules_were_not_made_for_are_recognised_too() {
    for database in databases() {
        let tally = play(&database, "held-out.csv");
        let report = tally.report("held-out.csv");
        println!("{report}");
        check(&tally, &report);
    }
}

fn check(tally: &Tally, report: &str) {
    let falsely = tally.count(|expected, got| got == "same" && expected != "same" || got == "another");
    assert_eq!(falsely, 0, "names were taken for the same that are not\n{report}");
    assert!(tally.found() >= 980, "too many customers of ours were taken for new\n{report}");
}

/// Writes all that is known into one database, and asks for everything that comes in.
fn play(database: &TestDatabase, file: &str) -> Tally {
    let reads = ["name", "uscc", "source_channel", "source_ref", "region"];
    let app = app(database, &[asking("customer-match", "customer", &reads)]);
    let pairs = pairs(file);
    let ids: Vec<String> = pairs.iter().map(|pair| create(&app, "customer", &pair.known)).collect();
    let mut tally = Tally::default();
    for (pair, id) in pairs.iter().zip(&ids) {
        let verdict = verdict(&app, "customer", &pair.incoming);
        let got = got(&verdict, id);
        tally.add(&pair.expected, &got, || {
            let row = row(&verdict, id);
            format!(
                "{} {} / {} ({} {})",
                pair.kind, pair.known["name"], pair.incoming["name"], row["score"], row["reasons"]
            )
        });
    }
    tally
}

/// What was decided of one customer of ours.
fn got(verdict: &Json, id: &str) -> String {
    let row = row(verdict, id);
    let got = match verdict["decision"].as_str().unwrap() {
        "same" if verdict["best_id"] == id => "same",
        "same" => "another",
        _ if verdict["parent_id"] == id => "child",
        _ if row["band"] == "same" || row["band"] == "review" => "review",
        _ => "new",
    };
    got.to_owned()
}

fn row<'a>(verdict: &'a Json, id: &str) -> &'a Json {
    verdict["candidates"].as_array().unwrap().iter().find(|row| row["id"] == id).unwrap_or(&Json::Null)
}

/// The pairs of a file; what stands in their last column are fields of one side.
fn pairs(file: &str) -> Vec<Pair> {
    let text = std::fs::read_to_string(root().join("tests/data/matching").join(file)).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('|').collect();
            let [kind, known, incoming, expected, more] = cells[..] else { panic!("{file}: {line}") };
            let mut pair = Pair {
                kind: kind.to_owned(),
                known: json!({"name": unescaped(known), "pool": "list"}),
                incoming: json!({"name": unescaped(incoming)}),
                expected: expected.to_owned(),
            };
            let more = more.replace(" known.", "\nknown.").replace(" incoming.", "\nincoming.");
            for part in more.lines() {
                let (field, value) = part.split_once('=').unwrap();
                let (side, field) = field.split_once('.').unwrap();
                let side = if side == "known" { &mut pair.known } else { &mut pair.incoming };
                side[field] = value_of(field, value);
                if field == "source_ref" {
                    side["source_channel"] = json!("online_sales");
                }
            }
            pair
        })
        .collect()
}

fn value_of(field: &str, value: &str) -> Json {
    match field {
        "aliases" => json!(value.split(';').collect::<Vec<_>>()),
        "source_refs" => json!([value]),
        "other_names" => {
            let (kind, name) = value.split_once(':').unwrap();
            json!([{"kind": kind, "name": name}])
        }
        "uscc" if value.starts_with(['@', '!']) => json!(uscc(value)),
        _ => json!(value),
    }
}

/// `@n` is the valid code of company n, `!n` the same with another check character.
fn uscc(value: &str) -> String {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body = format!("91320500MA1{:0>6}", value[1..].to_owned());
    let place = |c: u8| ALPHABET.iter().position(|letter| *letter == c).unwrap();
    let sum: usize = body.bytes().enumerate().map(|(at, c)| place(c) * 3usize.pow(at as u32) % 31).sum();
    let check = (31 - sum % 31) % 31 + usize::from(value.starts_with('!'));
    format!("{body}{}", ALPHABET[check % 31] as char)
}

/// `\u200b` and the like stand written out, so that a reader sees them.
fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let (sign, length) = match after.as_bytes()[0] {
            b't' => ('\t', 1),
            _ => (char::from_u32(u32::from_str_radix(&after[1..5], 16).unwrap()).unwrap(), 5),
        };
        plain.push(sign);
        rest = &after[length..];
    }
    plain + rest
}
