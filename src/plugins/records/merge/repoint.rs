//! Everything that refers to the loser refers to the winner: found by the index, locked, changed in memory.

use super::apply::Rewrite;
use super::closed::{self, Standing};
use super::conflict::Conflict;
use crate::model::definitions::Definitions;
use crate::model::field::FieldKind;
use crate::model::ids::RecordId;
use crate::model::json::{Json, JsonMap};
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::model::refusal::Refusal;
use crate::plugins::desk::{Desk, Stop};
use crate::plugins::records::leaves::replaced;
use crate::plugins::records::{referring, relations, write};
use crate::store::records::{self, Spot};
use std::collections::{BTreeMap, BTreeSet};

/// Records that refer to the loser at most: one transaction carries no more.
const MOST: usize = 10_000;

/// What refers to the loser.
pub struct Moved {
    /// As it is and as it will be.
    pub rewrites: Vec<Rewrite>,
    /// What is closed to the change.
    pub closed: Vec<Conflict>,
}

/// Every record that refers to `from`, referring to `to` instead; but for the two themselves.
pub fn repoint(desk: &mut Desk, of: &str, from: &RecordId, to: &RecordId, reason: &str) -> Result<Moved, Stop> {
    let mut moved = Moved { rewrites: Vec::new(), closed: Vec::new() };
    for (name, ids) in referring(desk, of, from, to)? {
        let declared = desk.record_type(&name)?;
        for before in records::lock_many(desk.conn, desk.business, &name, &ids)? {
            let fields = instead(&declared, &before.fields, of, from, to);
            // The index may be behind by a change that was committed while this waited for the lock.
            if fields == before.fields {
                continue;
            }
            let is_excepted = match closed::standing(desk, &declared, &before, &fields)? {
                Standing::Open => false,
                Standing::Excepted => true,
                Standing::Closed(field) => {
                    moved.closed.push(Conflict::of(&before, field));
                    continue;
                }
            };
            let after = write::altered(desk, &declared, &before, fields, Some(reason), is_excepted);
            if let Some(after) = after.map_err(|stop| about(&before, stop))? {
                moved.rewrites.push(Rewrite { declared: declared.clone(), before, after });
            }
        }
    }
    Ok(moved)
}

/// The ids of what refers to the loser, by type.
fn referring(
    desk: &mut Desk,
    of: &str,
    from: &RecordId,
    to: &RecordId,
) -> Result<BTreeMap<String, Vec<RecordId>>, Stop> {
    let mut found: BTreeMap<String, BTreeSet<RecordId>> = BTreeMap::new();
    for by in referring::to(desk, of, std::slice::from_ref(&from.0), MOST)? {
        found.entry(by.record_type).or_default().extend(by.ids);
    }
    if let Some(own) = found.get_mut(of) {
        own.retain(|id| id != from && id != to);
    }
    if found.values().map(BTreeSet::len).sum::<usize>() > MOST {
        let number = records::count_naming(desk.conn, desk.business, &spots(desk.definitions, of), from.as_str())?;
        let sentence = format!("{number} records refer to {of} {from}; at most {MOST} are moved in one merge");
        return Err(Refusal::conflict("merge_too_large", sentence).into());
    }
    Ok(found.into_iter().map(|(name, ids)| (name, ids.into_iter().collect())).collect())
}

fn spots(definitions: &Definitions, of: &str) -> Vec<Spot> {
    let of_type = |declared: &RecordType| -> Vec<Spot> {
        let all = relations::references(declared).into_iter().filter(|(_, reference)| reference.record == of);
        all.map(|(path, _)| Spot { record_type: declared.name.clone(), path }).collect()
    };
    definitions.records.values().flat_map(|declared| of_type(declared)).collect()
}

/// A refusal says which of the many records it is about.
pub fn about(record: &Record, stop: Stop) -> Stop {
    match stop {
        Stop::Refused(refusal) => {
            let detail = format!("{} {}: {}", record.record_type, record.id, refusal.detail);
            Refusal { detail, ..refusal }.into()
        }
        stop => stop,
    }
}

/// The fields with one reference in place of another. A list that named both names the one once.
fn instead(declared: &RecordType, fields: &JsonMap, of: &str, from: &RecordId, to: &RecordId) -> JsonMap {
    let refers = |kind: &FieldKind| matches!(kind, FieldKind::Ref(reference) if reference.record == of);
    let mut change = |kind: &FieldKind, text: &str| (refers(kind) && text == from.as_str()).then(|| to.0.clone());
    let mut moved = replaced(&declared.fields, fields, &mut change);
    let winner = Json::from(to.as_str());
    for field in &declared.fields {
        if let (FieldKind::List(kind), Some(Json::Array(items))) = (&field.kind, moved.get_mut(&field.name))
            && refers(kind)
            && fields.get(&field.name).and_then(Json::as_array) != Some(items)
        {
            let mut named = false;
            items.retain(|item| *item != winner || !std::mem::replace(&mut named, true));
        }
    }
    moved
}
