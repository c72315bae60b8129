//! What is shown of documents that processes leave behind (variables, decisions, incidents, history) to somebody who may
//! not read every record that their values come from.
//!
//! A document does not say which record a value is from. So the name decides: a field that is personal or has limited
//! readers is masked under its name wherever it stands, and so is every text that repeats its value in the document.

use super::sight;
use crate::model::actor::Actor;
use crate::model::definitions::Definitions;
use crate::model::field::Field;
use crate::model::json::{Json, JsonMap};
use crate::model::time::Timestamp;
use crate::store::records::Sight;
use std::collections::BTreeSet;

/// What stands in place of a masked value.
const STARS: &str = "***";
/// A shorter value is masked only where it is the whole text; as a part it would be found in every other word.
const PART_LEAST: usize = 4;

/// The names of fields that a caller sees masked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Masked(BTreeSet<String>);

/// The fields of a revision that are personal or have limited readers, and that the caller may not read on every record
/// there is. No role is above this: a process administrator, too, must be named in the rights of the field.
pub fn masked(actor: &Actor, definitions: &Definitions, at: Timestamp) -> Masked {
    let mut names = BTreeSet::new();
    for declared in definitions.records.values() {
        let everywhere = |relations: &Vec<_>| sight(actor, definitions, declared, relations, at) == Sight::All;
        let all = everywhere(&declared.access.read);
        for field in &declared.fields {
            let limits = declared.access.limits.iter().filter(|limit| limit.fields.contains(&field.name));
            let read: Vec<bool> = limits.map(|limit| everywhere(&limit.read)).collect();
            if all && read.iter().all(|read| *read) {
                continue;
            }
            if !read.is_empty() {
                names.extend([Some(field.name.clone()), field.was.clone()].into_iter().flatten());
            }
            personal(field, &mut names);
        }
    }
    Masked(names)
}

fn personal(field: &Field, names: &mut BTreeSet<String>) {
    if field.personal {
        names.extend([Some(field.name.clone()), field.was.clone()].into_iter().flatten());
    }
    field.kind.inner().iter().for_each(|inner| personal(inner, names));
}

impl Masked {
    /// Whether what stands under this name is masked.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// These names and those that what they stand for was called before; `became` has names and the next ones, in order.
    pub fn called_before(mut self, became: &[(String, String)]) -> Masked {
        for (before, after) in became.iter().rev() {
            if self.0.contains(after) {
                self.0.insert(before.clone());
            }
        }
        self
    }

    /// The same forwards: the names that what they stand for was called later.
    pub fn called_later(mut self, became: &[(String, String)]) -> Masked {
        for (before, after) in became {
            if self.0.contains(before) {
                self.0.insert(after.clone());
            }
        }
        self
    }

    /// These names and those.
    pub fn and(mut self, other: Masked) -> Masked {
        self.0.extend(other.0);
        self
    }
}

/// Masks a document: what stands under a masked name, and every text that repeats it elsewhere.
pub fn mask(document: &mut Json, masked: &Masked) {
    if masked.0.is_empty() {
        return;
    }
    let mut values = BTreeSet::new();
    under_names(document, masked, &mut values);
    if !values.is_empty() {
        // The longest first: a value that is a part of another one must not break it up.
        let mut values: Vec<String> = values.into_iter().collect();
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        repeated(document, &values);
    }
}

/// The same for named values.
pub fn mask_fields(fields: JsonMap, masked: &Masked) -> JsonMap {
    let mut document = Json::Object(fields);
    mask(&mut document, masked);
    if let Json::Object(fields) = document { fields } else { JsonMap::new() }
}

fn under_names(value: &mut Json, masked: &Masked, values: &mut BTreeSet<String>) {
    match value {
        Json::Object(fields) => {
            for (name, value) in fields {
                if masked.contains(name) {
                    collect(value, values);
                    *value = Json::from(STARS);
                } else {
                    under_names(value, masked, values);
                }
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| under_names(item, masked, values)),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// Every text in a masked value; a number as its digits.
fn collect(value: &Json, values: &mut BTreeSet<String>) {
    match value {
        Json::String(text) if text.is_empty() || text == STARS => {}
        Json::String(text) => drop(values.insert(text.clone())),
        Json::Number(number) => drop(values.insert(number.to_string())),
        Json::Array(items) => items.iter().for_each(|item| collect(item, values)),
        Json::Object(fields) => fields.values().for_each(|value| collect(value, values)),
        Json::Null | Json::Bool(_) => {}
    }
}

fn repeated(value: &mut Json, values: &[String]) {
    match value {
        Json::String(text) => {
            if let Some(without) = without(text, values) {
                *text = without;
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| repeated(item, values)),
        Json::Object(fields) => {
            fields.values_mut().for_each(|value| repeated(value, values));
            if fields.keys().any(|name| without(name, values).is_some()) {
                let kept: JsonMap = std::mem::take(fields);
                *fields =
                    kept.into_iter().map(|(name, value)| (without(&name, values).unwrap_or(name), value)).collect();
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// The text without these values; none when it has none of them.
fn without(text: &str, values: &[String]) -> Option<String> {
    if values.iter().any(|value| value == text) {
        return Some(STARS.to_owned());
    }
    let parts = values.iter().filter(|value| value.len() >= PART_LEAST);
    let masked = parts.fold(text.to_owned(), |text, value| text.replace(value.as_str(), STARS));
    (masked != text).then_some(masked)
}
