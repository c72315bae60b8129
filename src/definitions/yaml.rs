//! One YAML file as data with positions. Two readers look at it: the event parser says where everything stands, and
//! `serde_yaml` says what it is; where they disagree the file is refused, so nobody has to know who was right.

use super::events;
use super::guard;
use super::spot::{At, Spot, Typed};
use crate::model::finding::Finding;
use crate::model::json::Json;
use serde_json::Number;
use std::sync::Arc;

/// A file that was read.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its path in the project.
    pub file: Arc<str>,
    /// What it holds; numbers as they were typed.
    pub value: Json,
    /// Where that stands.
    pub spot: Spot,
}

impl Document {
    /// The whole file as a place.
    pub fn at(&self) -> At<'_> {
        At::root(&self.file, &self.spot)
    }
}

/// Reads a file; none when it cannot be read.
pub fn read(file: &Arc<str>, bytes: &[u8], findings: &mut Vec<Finding>) -> Option<Document> {
    let text = match guard::text(file, bytes).and_then(|text| guard::tab(file, text).map_or(Ok(text), Err)) {
        Ok(text) => text,
        Err(finding) => {
            findings.push(finding);
            return None;
        }
    };
    let index = events::index(file, text);
    findings.extend(index.findings);
    let spot = index.root.filter(|_| index.readable)?;
    let mut value = match serde_yaml::from_str::<Json>(text) {
        Ok(value) => value,
        Err(wrong) => {
            findings.push(Finding::error(At::root(file, &spot).place(), format!("this is not YAML: {wrong}")));
            return None;
        }
    };
    let alike = compare(&mut value, At::root(file, &spot), findings);
    alike.then(|| Document { file: Arc::clone(file), value, spot })
}

/// Whether both readers saw the same; gives numbers the digits that were typed.
fn compare(value: &mut Json, at: At, findings: &mut Vec<Finding>) -> bool {
    let alike = match (value, at.typed()) {
        (Json::Object(fields), Typed::Map(entries)) => {
            let mut alike = entries.len() == fields.len();
            for (key, field) in fields {
                alike &= entries.get(key).is_some() && compare(field, at.key(key), findings);
            }
            return alike || disagree(at, findings);
        }
        (Json::Array(items), Typed::List(spots)) => {
            let mut alike = items.len() == spots.len();
            for (position, item) in items.iter_mut().enumerate() {
                alike &= compare(item, at.item(position), findings);
            }
            return alike || disagree(at, findings);
        }
        (value, Typed::Scalar(typed)) => {
            if typed.plain && leading_zero(&typed.text) {
                let sentence = format!(
                    "{0} begins with a zero, and readers of YAML differ on what it is; write \"{0}\" with quotes",
                    typed.text
                );
                findings.push(Finding::error(at.place(), sentence));
                return true;
            }
            one_scalar(value, &typed.text, typed.plain).unwrap_or_else(|sentence| {
                findings.push(Finding::error(at.place(), sentence));
                true
            })
        }
        _ => false,
    };
    alike || disagree(at, findings)
}

/// Whether a scalar is what was typed, or why it should be typed otherwise.
fn one_scalar(value: &mut Json, typed: &str, plain: bool) -> Result<bool, String> {
    let word = typed.to_lowercase();
    Ok(match value {
        Json::String(text) => text == typed,
        Json::Bool(truth) => plain && word == truth.to_string(),
        Json::Number(number) => {
            *number = exact(number, typed)?;
            plain
        }
        Json::Null if plain && [".inf", "+.inf", "-.inf", ".nan"].contains(&word.as_str()) => {
            return Err(format!("{typed} is not a number that can be kept; write a decimal number"));
        }
        Json::Null => plain && ["", "~", "null"].contains(&word.as_str()),
        Json::Array(_) | Json::Object(_) => false,
    })
}

/// The number with every digit that was typed. Only plain decimal spelling is taken.
fn exact(number: &Number, typed: &str) -> Result<Number, String> {
    if typed.contains(['e', 'E']) && !typed.starts_with("0x") {
        return Err(format!("{typed} is written with an exponent; write all digits"));
    }
    typed.parse::<Number>().map_err(|_| format!("{typed} is not a plain decimal number; write {number}"))
}

/// Says once that the two readers differ.
fn disagree(at: At, findings: &mut Vec<Finding>) -> bool {
    let sentence = "readers of YAML differ on what this is; write it in quotes";
    if findings.last().is_none_or(|last| last.sentence != sentence) {
        findings.push(Finding::error(at.place(), sentence));
    }
    false
}

/// `007`, `-01.5`: text to one reader of YAML, an octal or decimal number to another.
fn leading_zero(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    digits.len() > 1
        && digits.starts_with('0')
        && digits.as_bytes()[1].is_ascii_digit()
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.matches('.').count() < 2
}
