//! The text of a cell to a value of its kind, and back. Whether the value fits its field is asked later, of everybody
//! who writes; here only what a table must write in a way of its own is told of.

use crate::model::cell::CellKind;
use crate::model::json::{Json, JsonMap};
use crate::model::nearest::hint;
use crate::model::strict;
use rust_decimal::Decimal;
use serde_json::Number;

/// What stands between the entries of a list.
pub const SEPARATOR: char = '|';

/// How the cells of a column are written.
#[derive(Debug, Clone, Copy)]
pub struct Writing<'a> {
    /// Dates, in the letters of strftime; none: ISO 8601.
    pub format: Option<&'a str>,
    /// Between the entries of a list.
    pub separator: char,
    /// Where instants without an offset are.
    pub zone: &'a jiff::tz::TimeZone,
}

/// The value of a cell that is not empty, or a sentence about it.
pub fn read(kind: &CellKind, cell: &str, writing: Writing) -> Result<Json, String> {
    let text = cell.trim();
    match kind {
        CellKind::Text => Ok(Json::from(cell)),
        CellKind::Whole => match text.parse::<i64>() {
            Ok(number) => Ok(Json::from(number)),
            Err(_) => Err(format!("expected a whole number, found the text \"{}\"", short(cell))),
        },
        CellKind::Number => {
            number(text).ok_or_else(|| format!("expected a decimal number, found the text \"{}\"", short(cell)))
        }
        CellKind::Money => money(text).ok_or_else(|| {
            format!("expected an amount with its currency such as \"1234.50 CNY\", found the text \"{}\"", short(cell))
        }),
        CellKind::Bool => match text.to_ascii_lowercase().as_str() {
            "true" => Ok(Json::Bool(true)),
            "false" => Ok(Json::Bool(false)),
            _ => Err(format!(
                "expected true or false, found the text \"{}\"; name other words in a mapping",
                short(cell)
            )),
        },
        CellKind::Date => match writing.format {
            None => Ok(Json::from(text)),
            Some(format) => jiff::civil::Date::strptime(format, text)
                .map(|date| Json::from(date.to_string()))
                .map_err(|_| format!("expected a date written {format}, found the text \"{}\"", short(cell))),
        },
        CellKind::Datetime => match writing.format {
            None => Ok(Json::from(text)),
            Some(format) => instant(format, text, writing.zone)
                .map(|at| Json::from(at.to_string()))
                .ok_or_else(|| format!("expected an instant written {format}, found the text \"{}\"", short(cell))),
        },
        CellKind::OneOf(words) => match words.iter().find(|word| *word == text) {
            Some(word) => Ok(Json::from(word.as_str())),
            None => {
                let hint = hint(text, words.iter().map(String::as_str));
                Err(format!("\"{}\" is none of the values{hint}", short(cell)))
            }
        },
        CellKind::Stage(list) => list.meant(text).map(Json::from).ok_or_else(|| {
            let codes = list.codes().collect::<Vec<_>>().join(", ");
            format!("expected a stage of \"{}\": {codes}; found the text \"{}\"", list.name, short(cell))
        }),
        CellKind::List(_) if text.starts_with('[') => json(text),
        CellKind::List(of) => {
            let entries = split(cell, writing.separator);
            entries.iter().map(|entry| read(of, entry, writing)).collect::<Result<Vec<_>, _>>().map(Json::Array)
        }
        CellKind::Map(_) | CellKind::Json => json(text),
    }
}

/// The cell of a value; the same value comes back when it is read.
pub fn write(kind: &CellKind, value: &Json) -> String {
    match (kind, value) {
        (CellKind::Json, value) => value.to_string(),
        (_, Json::String(text)) => text.clone(),
        (CellKind::Money, Json::Object(parts)) => match (parts.get("amount"), parts.get("currency")) {
            (Some(Json::String(amount)), Some(Json::String(currency))) => format!("{amount} {currency}"),
            _ => value.to_string(),
        },
        (CellKind::List(of), Json::Array(items)) => list(of, items).unwrap_or_else(|| value.to_string()),
        (_, value) => value.to_string(),
    }
}

/// A list as `x|y`; none when only JSON can tell it.
fn list(of: &CellKind, items: &[Json]) -> Option<String> {
    if matches!(of, CellKind::List(_) | CellKind::Map(_) | CellKind::Json) {
        return None;
    }
    let entry = |item: &Json| write(of, item).replace('\\', "\\\\").replace(SEPARATOR, "\\|");
    let joined = items.iter().map(entry).collect::<Vec<_>>().join("|");
    let text = joined.trim_start();
    (!text.is_empty() && !text.starts_with('[')).then_some(joined)
}

/// The entries of a list; a backslash takes the meaning from the character after it.
fn split(cell: &str, separator: char) -> Vec<String> {
    let (mut entries, mut characters) = (vec![String::new()], cell.chars());
    while let Some(character) = characters.next() {
        let taken = match character {
            '\\' => characters.next().unwrap_or('\\'),
            other if other == separator => {
                entries.push(String::new());
                continue;
            }
            other => other,
        };
        if let Some(last) = entries.last_mut() {
            last.push(taken);
        }
    }
    entries
}

fn number(text: &str) -> Option<Json> {
    let exact = Decimal::from_str_exact(text).ok()?;
    exact.to_string().parse::<Number>().ok().map(Json::Number)
}

fn money(text: &str) -> Option<Json> {
    if text.starts_with('{') {
        return json(text).ok();
    }
    let mut words = text.split_whitespace();
    let (amount, currency) = (words.next()?, words.next()?);
    if words.next().is_some() {
        return None;
    }
    let parts = [("amount", amount), ("currency", currency)];
    Some(Json::Object(parts.into_iter().map(|(name, text)| (name.to_owned(), Json::from(text))).collect::<JsonMap>()))
}

/// With an offset of its own, or as a clock on the wall of the business shows it.
fn instant(format: &str, text: &str, zone: &jiff::tz::TimeZone) -> Option<jiff::Timestamp> {
    jiff::Timestamp::strptime(format, text).ok().or_else(|| {
        let wall = jiff::civil::DateTime::strptime(format, text).ok()?;
        wall.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp())
    })
}

fn json(text: &str) -> Result<Json, String> {
    strict::check(text).map_err(|trap| trap.detail)?;
    serde_json::from_str(text).map_err(|_| format!("expected JSON, found the text \"{}\"", short(text)))
}

/// A text as a sentence shows it.
fn short(text: &str) -> String {
    if text.chars().count() <= 60 {
        text.to_owned()
    } else {
        format!("{}…", text.chars().take(60).collect::<String>())
    }
}
