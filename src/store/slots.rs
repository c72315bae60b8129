//! The eight slots of an instance or a task: the variables of its process's `search` list as text that sorts, so that
//! numbers, amounts and instants compare as what they are; and the words of a title.

use crate::model::json::{Json, JsonMap};
use crate::model::money::Money;
use crate::model::sortable;
use crate::model::text::Text;
use crate::model::time::Timestamp;
use crate::model::words;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// The values of the search variables, in the order of the process's list.
pub type Slots = [Option<String>; 8];

/// Begins what is no plain text; behind it stands one sign for the kind.
const KIND: char = '\u{2}';
/// The least text that is plain.
const PLAIN: &str = "\u{3}";

/// A filter on a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotFilter {
    /// Which slot, from 0: the place of the variable in the process's list.
    pub slot: usize,
    /// One of these values, as [`meant`] gives them.
    pub values: Vec<String>,
}

/// The slots for these variables, in the order of `names`; those past the eighth are not kept.
pub fn of(names: &[String], values: &JsonMap) -> Slots {
    let mut slots = Slots::default();
    for (slot, name) in slots.iter_mut().zip(names) {
        *slot = values.get(name).and_then(sorted);
    }
    slots
}

/// A value as canonical text: a text is itself, numbers and the rest are compact JSON; null is no value.
pub fn text(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// A value as text that sorts among values of its kind: texts by code point, numbers and amounts of one currency by
/// what they are, instants by time; null is no value.
pub fn sorted(value: &Json) -> Option<String> {
    let kind = |sign: char, text: String| format!("{KIND}{sign}{text}");
    Some(match value {
        Json::Null => return None,
        Json::Bool(truth) => kind('b', truth.to_string()),
        Json::String(text) => match Timestamp::parse(text).and_then(sortable::instant) {
            Some(instant) => instant,
            None if text.as_str() < PLAIN => kind('t', sortable::words(text, sortable::ROOM)),
            None => sortable::words(text, sortable::ROOM),
        },
        other => match (sortable::number(other), Money::from_json(other)) {
            (Some(number), _) => kind('n', sortable::decimal(number)),
            (None, Some(Ok(money))) => kind('m', sortable::money(&money)),
            (None, _) => kind('j', sortable::words(&other.to_string(), sortable::ROOM)),
        },
    })
}

/// What a value of a filter can mean: a text of a query may stand for a number, a truth value or an amount as well.
pub fn meant(value: &Json) -> Vec<String> {
    let read = value.as_str().and_then(|text| {
        let truth = text.parse::<bool>().ok().map(Json::from);
        truth.or_else(|| number(text)).or_else(|| amount(text))
    });
    [Some(value), read.as_ref()].into_iter().flatten().filter_map(sorted).collect()
}

/// The place of a value in a range, with the least text of its kind and the least one behind its kind; none when values
/// of its kind have no order.
pub fn ranged(value: &Json) -> Option<(String, String, Option<String>)> {
    let read = value.as_str().and_then(|text| number(text).or_else(|| amount(text)));
    let place = sorted(read.as_ref().unwrap_or(value))?;
    let mut signs = place.chars();
    let least = match (signs.next(), signs.next()) {
        (Some(KIND), Some('n')) => format!("{KIND}n"),
        (Some(KIND), Some('m')) => place.chars().take(5).collect(),
        (Some(KIND), _) => return None,
        _ => return Some((place, PLAIN.to_owned(), None)),
    };
    let behind = sortable::behind(&least);
    Some((place, least, behind))
}

/// The words of a title in both languages, each between spaces.
pub fn words(title: &Text) -> String {
    let words: BTreeSet<String> = words::kept(&title.en).into_iter().chain(words::kept(&title.zh)).collect();
    words.iter().fold(" ".to_owned(), |all, word| format!("{all}{word} "))
}

fn number(text: &str) -> Option<Json> {
    Decimal::from_str_exact(text).ok()?;
    serde_json::from_str::<serde_json::Number>(text).ok().map(Json::Number)
}

fn amount(text: &str) -> Option<Json> {
    let (amount, currency) = text.split_once(' ')?;
    let value = serde_json::json!({"amount": amount.trim(), "currency": currency.trim()});
    Money::from_json(&value)?.ok().map(|_| value)
}

/// The column of a slot; none past the eighth.
pub(super) fn column(slot: usize) -> Option<&'static str> {
    ["s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"].get(slot).copied()
}
