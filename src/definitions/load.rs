//! Bytes to the shape of a file, with all problems at once. Mistyped names are read as what they most likely mean, so
//! that one wrong letter does not hide what else is wrong.

use super::explain::{Change, Mend, Problem, explain};
use super::schema::Kind;
use super::spot::{At, Typed};
use super::yaml::{self, Document};
use crate::model::finding::Finding;
use crate::model::json::Json;
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// A file as its author typed it.
pub struct Loaded<T> {
    /// Its shape.
    pub shape: T,
    document: Document,
}

impl<T> Loaded<T> {
    /// The whole file as a place.
    pub fn at(&self) -> At<'_> {
        self.document.at()
    }

    /// Its path.
    pub fn file(&self) -> &Arc<str> {
        &self.document.file
    }
}

/// How often mistyped names are mended before the file is given up.
const ROUNDS: usize = 8;

/// Loads a file; none when it cannot be understood even with its typing mistakes mended.
pub fn load<T: DeserializeOwned>(
    kind: Kind,
    file: &Arc<str>,
    bytes: &[u8],
    findings: &mut Vec<Finding>,
) -> Option<Loaded<T>> {
    let mut document = yaml::read(file, bytes, findings)?;
    // A mended node type brings the keys of that node into view, so a mend can be followed by another.
    let mut rest = check(kind, &document);
    for _ in 0..ROUNDS {
        let mends: Vec<Mend> = rest.iter().filter_map(|problem| problem.mend.clone()).collect();
        if mends.is_empty() {
            break;
        }
        findings.extend(rest.into_iter().filter(|problem| problem.mend.is_some()).map(|problem| problem.finding));
        mends.iter().for_each(|mend| apply(&mut document, mend));
        rest = check(kind, &document);
    }
    let whole = rest.is_empty();
    findings.extend(rest.into_iter().map(|problem| problem.finding));
    if !whole {
        return None;
    }
    match serde_path_to_error::deserialize(document.value.clone()) {
        Ok(shape) => Some(Loaded { shape, document }),
        Err(wrong) => {
            let place = wrong.path().iter().fold(document.at(), |at, step| at.step(&step.to_string())).place();
            findings.push(Finding::error(place, wrong.into_inner().to_string()));
            None
        }
    }
}

fn check(kind: Kind, document: &Document) -> Vec<Problem> {
    let mut problems = Vec::new();
    let checked = kind.checked();
    for error in checked.validator.iter_errors(&document.value) {
        explain(&error, &checked.schema, document.at(), &mut problems);
    }
    problems
}

fn apply(document: &mut Document, mend: &Mend) {
    let pointer: String =
        mend.path.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect();
    let Some(value) = document.value.pointer_mut(&pointer) else { return };
    match (&mend.change, value) {
        (Change::Rename(from, to), Json::Object(fields)) => {
            if let Some(field) = fields.remove(from) {
                fields.insert(to.clone(), field);
            }
            if let Some(Typed::Map(entries)) = document.spot.find_mut(&mend.path).map(|spot| &mut spot.typed) {
                entries.rename(from, to);
            }
        }
        (Change::Drop(key), Json::Object(fields)) => {
            fields.remove(key);
        }
        (Change::Replace(text), value) => *value = Json::String(text.clone()),
        _ => {}
    }
}
