//! A lens: how the fields of a record that was kept under earlier rules of its type read by the rules of now.

use super::json::{Json, JsonMap};
use super::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Which fields have another name now, which are gone, and which have a value where none is kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Lens {
    /// The name of now, by the name that is kept.
    pub names: BTreeMap<String, String>,
    /// Names of now that the type no longer has.
    pub gone: BTreeSet<String>,
    /// Values of fields, by the name of now, that a record without one has.
    pub defaults: JsonMap,
}

impl Lens {
    /// Whether everything reads as it is kept.
    pub fn is_plain(&self) -> bool {
        *self == Lens::default()
    }

    /// The fields as they read now.
    pub fn read(&self, kept: JsonMap) -> JsonMap {
        let mut fields: JsonMap = kept
            .into_iter()
            .map(|(name, value)| (self.name(&name).to_owned(), value))
            .filter(|(name, _)| !self.gone.contains(name))
            .collect();
        for (name, value) in &self.defaults {
            fields.entry(name.clone()).or_insert_with(|| value.clone());
        }
        fields
    }

    /// The name of now of a kept name.
    pub fn name<'a>(&'a self, kept: &'a str) -> &'a str {
        self.names.get(kept).map_or(kept, String::as_str)
    }

    /// This lens and then another one, to a type that declares these fields. A value that is still kept of a field that
    /// was gone and is declared again is there again.
    pub fn then(&self, step: &Lens, declared: &BTreeSet<&str>) -> Lens {
        let mut names: BTreeMap<String, String> =
            self.names.iter().map(|(kept, name)| (kept.clone(), step.name(name).to_owned())).collect();
        let reached: BTreeSet<&String> = self.names.values().collect();
        for (before, after) in step.names.iter().filter(|(before, _)| !reached.contains(before)) {
            names.insert(before.clone(), after.clone());
        }
        names.retain(|kept, name| kept != name);
        let gone = self.gone.iter().map(|name| step.name(name).to_owned()).chain(step.gone.iter().cloned());
        let gone: BTreeSet<String> = gone.filter(|name| !declared.contains(name.as_str())).collect();
        let mut defaults: JsonMap = self
            .defaults
            .iter()
            .map(|(name, value)| (step.name(name).to_owned(), value.clone()))
            .filter(|(name, _)| declared.contains(name.as_str()))
            .collect();
        for (name, value) in &step.defaults {
            defaults.entry(name.clone()).or_insert_with(|| value.clone());
        }
        Lens { names, gone, defaults }
    }

    /// Kept names that mean another field now while a type that declares these fields means one of its own by them.
    pub fn clashes<'a>(&'a self, declared: &BTreeSet<&str>) -> Vec<&'a str> {
        self.names.keys().map(String::as_str).filter(|kept| declared.contains(kept)).collect()
    }

    /// The fields of now under the names that are kept, beside their own: for who knows only those.
    pub fn told(&self, fields: &JsonMap) -> JsonMap {
        let mut told = fields.clone();
        for (kept, name) in &self.names {
            if let Some(value) = fields.get(name) {
                told.insert(kept.clone(), value.clone());
            }
        }
        told
    }
}

/// What became of a field when a revision was activated: one entry of the names of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// The field.
    pub field: String,
    /// Its new name, or the one that it has; none: it was removed.
    pub name: Option<String>,
    /// The value that records without one have since.
    pub filled: Option<Json>,
    /// Removed with narrower rights to read it than the record: nobody reads it in the history.
    pub hidden: bool,
    /// When.
    pub at: Timestamp,
}

/// The names that a field had before, the latest first, by all that became of names.
pub fn names_before(field: &str, renames: &[Rename]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut present = field.to_owned();
    for rename in renames.iter().rev().filter(|rename| rename.filled.is_none()) {
        if rename.name.as_ref() == Some(&present) {
            present = rename.field.clone();
            names.push(present.clone());
        }
    }
    names
}

/// The name that a field has now whose value was kept under another one at an instant; and whether it was removed with
/// narrower rights to read it than the record.
pub fn name_now(kept: &str, at: Timestamp, renames: &[Rename]) -> (String, bool) {
    let (mut name, mut hidden) = (kept.to_owned(), false);
    for rename in renames.iter().filter(|rename| rename.at >= at) {
        if rename.field == name {
            name = rename.name.clone().unwrap_or(name);
            hidden |= rename.hidden;
        }
    }
    (name, hidden)
}

/// Fields that were kept at an instant as they would be now if nobody had changed them since.
pub fn carried(kept: JsonMap, at: Timestamp, renames: &[Rename]) -> JsonMap {
    renames.iter().filter(|rename| rename.at >= at).fold(kept, turned)
}

/// Fields after one of the things that became of the fields of their type; null is no value.
pub fn turned(mut fields: JsonMap, rename: &Rename) -> JsonMap {
    match (&rename.name, &rename.filled) {
        (Some(name), Some(value)) if fields.get(name).is_none_or(Json::is_null) => {
            fields.insert(name.clone(), value.clone());
        }
        (_, Some(_)) => {}
        (name, None) => {
            if let (Some(value), Some(name)) = (fields.remove(&rename.field), name) {
                fields.insert(name.clone(), value);
            }
        }
    }
    fields
}
