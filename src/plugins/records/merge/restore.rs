//! What the records of a merge would be without it, and what was changed since and stands in the way.
//!
//! Of the winner every field counts, since what was written there since was meant for both. Of a record that only
//! referred to the loser the fields count that the merge changed. What is computed counts nowhere: it is computed anew.
//! The journal has the fields under the names that they had then.

use super::apply::{self, Rewrite};
use super::conflict::Conflict;
use super::repoint::about;
use crate::model::field::FieldKind;
use crate::model::ids::{MergeId, RecordId};
use crate::model::json::{Json, JsonMap};
use crate::model::lens::{Rename, carried, name_now};
use crate::model::merge::{Changed, Merge, Part, Written, changed};
use crate::model::record::Record;
use crate::model::time::Timestamp;
use crate::plugins::desk::{Desk, Stop};
use crate::plugins::records::leaves::leaves;
use crate::plugins::records::{closed, write};
use crate::store::StoreError;
use crate::store::page::Cursor;
use crate::store::records::{self, KeyConflict, merges};
use std::collections::{BTreeMap, BTreeSet};

/// Changes of one record looked through for who changed a field.
const LOOKED: i64 = 1_000;

/// The records as they were, the winner first, then the loser; and what stands in the way.
pub struct Restored {
    /// What would be written.
    pub rewrites: Vec<Rewrite>,
    /// What was changed since.
    pub conflicts: Vec<Conflict>,
}

/// Computes both. A record that was deleted since has nothing left to put back.
pub fn restore(desk: &mut Desk, merge: &Merge, written: &[Written], present: &[Record]) -> Result<Restored, Stop> {
    let mut order: Vec<&Written> = written.iter().collect();
    order.sort_by_key(|written| match written.part {
        Part::Winner => 0,
        Part::Loser => 1,
        Part::Repointed => 2,
    });
    let mut restored = Restored { rewrites: Vec::new(), conflicts: Vec::new() };
    let mut renames: BTreeMap<&str, Vec<Rename>> = BTreeMap::new();
    for of in written.iter().map(|written| written.record_type.as_str()).collect::<BTreeSet<_>>() {
        renames.insert(of, records::renames(desk.conn, desk.business, of)?);
    }
    for written in order {
        let is = |record: &&Record| record.record_type == written.record_type && record.id == written.record;
        match (present.iter().find(is), written.part) {
            (Some(record), _) => {
                let since = renames.get(written.record_type.as_str()).map_or(&[][..], Vec::as_slice);
                one(desk, merge, written, record, since, &mut restored)?;
            }
            (None, Part::Repointed) => {}
            (None, Part::Winner | Part::Loser) => restored.conflicts.push(Conflict {
                record_type: written.record_type.clone(),
                record: written.record.clone(),
                field: None,
                by: None,
                at: None,
            }),
        }
    }
    Ok(restored)
}

fn one(
    desk: &mut Desk,
    merge: &Merge,
    written: &Written,
    present: &Record,
    renames: &[Rename],
    restored: &mut Restored,
) -> Result<(), Stop> {
    let changes = now(&written.changes, merge.at, renames);
    // All of its fields as they were before and after the merge, or of the present ones those that the merge changed.
    let (before, expected) = match &written.before {
        Some(before) => {
            let after = with(before, &written.changes, |changed| &changed.new);
            (carried(before.clone(), merge.at, renames), carried(after, merge.at, renames))
        }
        None => {
            let put = |take| with(&present.fields, &changes, take);
            (put(|changed: &Changed| &changed.old), put(|changed: &Changed| &changed.new))
        }
    };
    let redirected = (written.part == Part::Loser).then(|| merge.winner.clone());
    let declared = desk.record_type(&written.record_type)?;
    let is_computed = |name: &String| declared.derive.iter().any(|rule| rule.field == *name);
    let touched = changed(&expected, &present.fields).into_keys().filter(|name| !is_computed(name)).collect();
    restored.conflicts.extend(since(desk, written, present, touched, renames)?);
    if present.merged_into != redirected {
        restored.conflicts.push(Conflict::of(present, Some("merged_into".to_owned())));
    }
    let after = Record { fields: before, merged_into: None, ..apply::next(desk, present) };
    let after = match closed::is_closed(&declared, desk.scripts, &after).unwrap_or(true) {
        true => after,
        false => {
            let fields = write::computed(desk, &declared, after.fields.clone()).map_err(|stop| about(present, stop))?;
            Record { fields, derived: Some(declared.stamp.clone()), ..after }
        }
    };
    if written.part == Part::Loser {
        // Nobody asked it while its type was changed.
        write::fits(desk, &declared, &after.fields).map_err(|refusal| about(present, refusal.into()))?;
    }
    restored.rewrites.push(Rewrite { declared, before: present.clone(), after });
    Ok(())
}

/// The changes of a merge under the names that the fields have now; those of fields that are gone are left out.
fn now(changes: &BTreeMap<String, Changed>, at: Timestamp, renames: &[Rename]) -> BTreeMap<String, Changed> {
    let is_gone =
        |name: &str| renames.iter().any(|rename| rename.at >= at && rename.name.is_none() && rename.field == name);
    let named = changes.iter().map(|(field, change)| (name_now(field, at, renames).0, change.clone()));
    named.filter(|(name, _)| !is_gone(name)).collect()
}

fn with(fields: &JsonMap, changes: &BTreeMap<String, Changed>, take: fn(&Changed) -> &Json) -> JsonMap {
    let mut fields = fields.clone();
    for (name, change) in changes {
        match take(change) {
            Json::Null => drop(fields.remove(name)),
            value => drop(fields.insert(name.clone(), value.clone())),
        }
    }
    fields
}

/// The fields that were touched, each with who changed it last.
fn since(
    desk: &mut Desk,
    written: &Written,
    present: &Record,
    touched: Vec<String>,
    renames: &[Rename],
) -> Result<Vec<Conflict>, StoreError> {
    if touched.is_empty() {
        return Ok(Vec::new());
    }
    let of = &written.record_type;
    // After every field of that version.
    let after = Cursor { key: written.version, id: char::MAX.to_string() };
    let changes = records::history(desk.conn, desk.business, of, &present.id, &[], Some(&after), LOOKED)?.items;
    let conflict =
        |field: String| match changes.iter().rfind(|change| name_now(&change.field, change.at, renames).0 == field) {
            Some(change) => {
                let (by, at) = (Some(change.by.clone()), Some(change.at));
                Conflict { by, at, ..Conflict::of(present, Some(field)) }
            }
            None => Conflict::of(present, Some(field)),
        };
    Ok(touched.into_iter().map(conflict).collect())
}

/// What the restored records refer to and is not there any more.
pub struct Needed {
    /// The merges that took it away.
    pub merges: Vec<MergeId>,
    /// What was deleted.
    pub conflicts: Vec<Conflict>,
}

/// Looks for what winner and loser referred to before.
pub fn needed(desk: &mut Desk, merge: &Merge, rewrites: &[Rewrite]) -> Result<Needed, StoreError> {
    let mut needed = Needed { merges: Vec::new(), conflicts: Vec::new() };
    for rewrite in rewrites.iter().take(2) {
        let mut named: BTreeMap<&str, BTreeMap<RecordId, &str>> = BTreeMap::new();
        for (_, leaf) in leaves(&rewrite.declared.fields, &rewrite.after.fields, "") {
            if let FieldKind::Ref(reference) = leaf.kind {
                named.entry(&reference.record).or_default().insert(leaf.text.into(), &leaf.field.name);
            }
        }
        for (of, mut ids) in named {
            if of == merge.record_type {
                ids.remove(&merge.winner);
                ids.remove(&merge.loser);
            }
            let asked: Vec<&str> = ids.keys().map(RecordId::as_str).collect();
            let found: BTreeMap<_, _> = records::hold(desk.conn, desk.business, of, &asked)?.into_iter().collect();
            let merged: Vec<RecordId> =
                found.iter().filter(|(_, into)| into.is_some()).map(|(id, _)| id.clone()).collect();
            needed.merges.extend(merges::losing(desk.conn, desk.business, of, &merged)?);
            let missing: BTreeSet<&str> =
                ids.iter().filter(|(id, _)| !found.contains_key(id)).map(|(_, f)| *f).collect();
            let before = missing.into_iter().map(|field| Conflict::of(&rewrite.before, Some(field.to_owned())));
            needed.conflicts.extend(before);
        }
    }
    Ok(needed)
}

/// The records that hold keys which the restored ones need.
pub fn holders(desk: &mut Desk, held: &[(String, KeyConflict)]) -> Result<Vec<Conflict>, StoreError> {
    let mut conflicts = Vec::new();
    for (name, held) in held {
        let found = records::find(desk.conn, desk.business, name, &held.holder)?;
        let field = held.rule.split(',').next().map(str::to_owned);
        conflicts.extend(found.map(|record| Conflict::of(&record, field)));
    }
    Ok(conflicts)
}
