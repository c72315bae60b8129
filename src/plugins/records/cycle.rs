//! `acyclic: true`: following a reference never leads back to the record itself. Looked at after the record was
//! written, under a lock that everybody takes who moves a record in the same hierarchy, so that two moves at once do
//! not make a circle together.

use super::keep::Replaced;
use super::relations;
use crate::model::ids::RecordId;
use crate::model::record_type::RecordType;
use crate::model::refusal::{FieldError, Refusal};
use crate::plugins::desk::{Desk, Stop};
use crate::store::records::{self, Step};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Steps up that are followed at most.
pub const DEEPEST: i64 = 1_000;

/// A record on the way of a circle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its type; none when it may not be told.
    #[serde(rename = "type")]
    pub record_type: Option<String>,
    /// Its id; none when it may not be told.
    pub id: Option<RecordId>,
    /// What people call it.
    pub name: Option<String>,
}

/// Refuses a change that put a record above itself. A new record is above nobody, so it is never in a circle.
pub fn refuse(desk: &mut Desk, record_type: &RecordType, moved: &Replaced) -> Result<(), Stop> {
    for (path, _) in relations::references(record_type).into_iter().filter(|(_, reference)| reference.acyclic) {
        let top = path.split('.').next().unwrap_or(&path);
        if moved.before.fields.get(top) == moved.after.fields.get(top) || !moved.after.fields.contains_key(top) {
            continue;
        }
        let types = hierarchy(desk, record_type, &path);
        let types: Vec<&str> = types.iter().map(String::as_str).collect();
        // Without a type, as the hierarchy may be of several.
        records::lock_keys(desk.conn, desk.business, "", &[format!("acyclic:{path}")])?;
        let steps = records::steps_up(desk.conn, desk.business, &types, &path, &moved.after.id, DEEPEST)?;
        if let Some(way) = circle(&steps, &moved.after.id) {
            return Err(in_a_circle(&path, &named(desk, &types, &way)?).into());
        }
        if steps.iter().any(|step| step.depth >= DEEPEST) {
            let sentence = format!("\"{top}\" leads further than {DEEPEST} records up, or in a circle");
            return Err(Refusal::invalid("hierarchy_too_deep", sentence).into());
        }
    }
    Ok(())
}

/// The types that a reference leads through by its name: from a type to the one it refers to, and on from there.
fn hierarchy(desk: &Desk, record_type: &RecordType, path: &str) -> BTreeSet<String> {
    let (mut types, mut next) = (BTreeSet::new(), Some(record_type.name.clone()));
    while let Some(name) = next.take() {
        let declared = desk.definitions.records.get(&name);
        let reference = declared.and_then(|declared| {
            let found = relations::references(declared).into_iter().find(|(other, _)| other == path);
            found.map(|(_, reference)| reference.record.clone())
        });
        if types.insert(name) {
            next = reference;
        }
    }
    types
}

/// The records of a circle, from the one that was moved back to it.
fn circle(steps: &[Step], moved: &RecordId) -> Option<Vec<RecordId>> {
    let mut step = steps.iter().find(|step| step.above == *moved)?;
    let mut way = vec![moved.clone(), step.below.clone()];
    while step.below != *moved {
        step = steps.iter().find(|other| other.above == step.below && other.depth == step.depth - 1)?;
        way.push(step.below.clone());
    }
    way.reverse();
    Some(way)
}

fn named(desk: &mut Desk, types: &[&str], way: &[RecordId]) -> Result<Vec<Link>, Stop> {
    let found = records::names(desk.conn, desk.business, types, way)?;
    let known: BTreeMap<_, _> = found.into_iter().map(|(record_type, id, name)| (id, (record_type, name))).collect();
    let link = |id: &RecordId| {
        let (record_type, name) = known.get(id).cloned().unzip();
        Link { record_type, id: Some(id.clone()), name: name.flatten() }
    };
    Ok(way.iter().map(link).collect())
}

/// The refusal of a circle by a field; its `present` has the links of `way`, for whoever may not tell all of them.
pub fn in_a_circle(path: &str, way: &[Link]) -> Refusal {
    let word = |link: &Link| match (&link.name, &link.id) {
        (Some(name), _) => name.clone(),
        (None, Some(id)) => id.0.clone(),
        (None, None) => "…".to_owned(),
    };
    let words: Vec<String> = way.iter().map(word).collect();
    let detail = format!("the record would stand above itself: {}", words.join(" > "));
    let pointer = format!("/fields/{}", path.split('.').next().unwrap_or(path));
    let error = FieldError { pointer, code: "cycle".into(), detail: detail.clone() };
    let present = json!({ "field": path, "path": way });
    Refusal::invalid("cycle", detail).with_errors(vec![error]).with_present(present)
}
