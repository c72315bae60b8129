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
    let before = findings.len();
    compare(&mut value, At::root(file, &spot), findings);
    (findings.len() == before).then(|| Document { file: Arc::clone(file), value, spot })
}

/// Checks that both readers saw the same, and gives numbers the digits that were typed.
fn compare(value: &mut Json, at: At, findings: &mut Vec<Finding>) {
    match value {
        Json::Object(fields) => {
            let keys = at.keys();
            if keys.len() != fields.len() || keys.iter().any(|key| !fields.contains_key(*key)) {
                findings.push(disagree(at));
                return;
            }
            for (key, field) in fields {
                compare(field, at.key(key), findings);
            }
        }
        Json::Array(items) => {
            if at.len() != Some(items.len()) {
                findings.push(disagree(at));
                return;
            }
            for (position, item) in items.iter_mut().enumerate() {
                compare(item, at.item(position), findings);
            }
        }
        scalar => match at.scalar() {
            None => findings.push(disagree(at)),
            Some(typed) => {
                if let Err(sentence) = one_scalar(scalar, &typed.text, typed.plain) {
                    findings.push(Finding::error(at.place(), sentence));
                }
            }
        },
    }
}

fn one_scalar(value: &mut Json, typed: &str, plain: bool) -> Result<(), String> {
    let agreed = match value {
        Json::String(text) => text == typed,
        Json::Bool(truth) => plain && typed.eq_ignore_ascii_case(if *truth { "true" } else { "false" }),
        Json::Number(number) => {
            *number = exact(number, typed)?;
            plain
        }
        Json::Null
            if typed.trim_start_matches(['+', '-']).eq_ignore_ascii_case(".inf")
                || typed.eq_ignore_ascii_case(".nan") =>
        {
            return Err(format!("{typed} is not a number that can be kept; write a decimal number"));
        }
        Json::Null => plain && matches!(typed, "" | "~" | "null" | "Null" | "NULL"),
        Json::Array(_) | Json::Object(_) => false,
    };
    if agreed { Ok(()) } else { Err(DISAGREE.to_owned()) }
}

/// The number with every digit that was typed. Only plain decimal spelling is taken.
fn exact(number: &Number, typed: &str) -> Result<Number, String> {
    if typed.contains(['e', 'E']) && !typed.starts_with("0x") {
        return Err(format!("{typed} is written with an exponent; write all digits"));
    }
    typed.parse::<Number>().map_err(|_| format!("{typed} is not a plain decimal number; write {number}"))
}

const DISAGREE: &str = "readers of YAML differ on what this is; write it in quotes";

fn disagree(at: At) -> Finding {
    Finding::error(at.place(), DISAGREE)
}

impl At<'_> {
    /// How many entries a list has.
    fn len(self) -> Option<usize> {
        match self.typed() {
            Typed::List(items) => Some(items.len()),
            _ => None,
        }
    }
}
