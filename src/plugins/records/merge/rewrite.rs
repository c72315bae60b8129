//! Writing many records at once, of any types: rows, unique keys, index and history, one statement a table.

use crate::model::ids::RecordId;
use crate::model::json::{Json, JsonMap};
use crate::model::record::{FieldChange, Record};
use crate::model::record_type::RecordType;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::plugins::desk::{Desk, Stop};
use crate::plugins::records::{entries, write};
use crate::store::records::{self, Entry, Key, KeyConflict};
use std::sync::Arc;

/// A record before and after. The one before is locked.
pub struct Rewrite {
    /// Its type.
    pub declared: Arc<RecordType>,
    /// As it is.
    pub before: Record,
    /// As it will be.
    pub after: Record,
}

impl Rewrite {
    /// A record with other fields, by whoever is at the desk.
    pub fn new(
        desk: &Desk,
        declared: &Arc<RecordType>,
        before: &Record,
        fields: JsonMap,
        merged_into: Option<RecordId>,
    ) -> Rewrite {
        let after = Record {
            fields,
            version: before.version + 1,
            updated_at: desk.now,
            updated_by: desk.actor.clone(),
            merged_into,
            ..before.clone()
        };
        Rewrite { declared: declared.clone(), before: before.clone(), after }
    }

    /// Its history: what changed in its fields, and whether it became a redirect or is one no more.
    fn changes(&self, desk: &Desk, reason: &str) -> Vec<FieldChange> {
        let mut changes = write::changes(desk, &self.after, &self.before.fields, Some(reason));
        if self.before.merged_into != self.after.merged_into {
            let into = |record: &Record| record.merged_into.as_ref().map_or(Json::Null, |id| Json::from(id.as_str()));
            changes.push(FieldChange {
                version: self.after.version,
                field: "merged_into".to_owned(),
                old: into(&self.before),
                new: into(&self.after),
                by: desk.actor.clone(),
                at: desk.now,
                reason: Some(reason.to_owned()),
                instance: desk.instance.map(|instance| instance.0.clone()),
            });
        }
        changes
    }
}

/// Writes them. Keys that other records hold come back; the caller then refuses, and nothing is kept. A redirect holds
/// no keys and stands in no index.
pub fn apply(desk: &mut Desk, rewrites: &[Rewrite], reason: &str) -> Result<Vec<(Key, KeyConflict)>, Stop> {
    let (mut gone_keys, mut new_keys) = (Vec::new(), Vec::new());
    let (mut gone_entries, mut new_entries) = (Vec::new(), Vec::new());
    for Rewrite { declared, before, after } in rewrites {
        differ(keys(desk, declared, before)?, keys(desk, declared, after)?, &mut gone_keys, &mut new_keys);
        differ(listed(declared, before), listed(declared, after), &mut gone_entries, &mut new_entries);
    }
    let rows: Vec<_> = rewrites
        .iter()
        .map(|rewrite| (&rewrite.after, entries::columns(&rewrite.declared, &rewrite.after.fields)))
        .collect();
    if records::update_many(desk.conn, &rows)? != rewrites.len() {
        let sentence = "a record was changed by somebody else in the meantime";
        return Err(Refusal::new(RefusalKind::Stale, "stale_record", sentence).into());
    }
    records::keys_delete_many(desk.conn, desk.business, &gone_keys)?;
    let conflicts = records::keys_insert_many(desk.conn, desk.business, &new_keys)?;
    if !conflicts.is_empty() {
        return Ok(conflicts);
    }
    records::index_delete_many(desk.conn, desk.business, &gone_entries)?;
    records::index_insert_many(desk.conn, desk.business, &new_entries)?;
    let changes: Vec<(&Rewrite, FieldChange)> = rewrites
        .iter()
        .flat_map(|rewrite| rewrite.changes(desk, reason).into_iter().map(move |change| (rewrite, change)))
        .collect();
    let changes: Vec<_> = changes
        .iter()
        .map(|(rewrite, change)| (rewrite.after.record_type.as_str(), &rewrite.after.id, change))
        .collect();
    records::changes_insert_many(desk.conn, desk.business, &changes)?;
    Ok(Vec::new())
}

fn differ<T: PartialEq>(before: Vec<T>, after: Vec<T>, gone: &mut Vec<T>, new: &mut Vec<T>) {
    let stays: Vec<bool> = before.iter().map(|one| after.contains(one)).collect();
    new.extend(after.into_iter().filter(|one| !before.contains(one)));
    gone.extend(before.into_iter().zip(stays).filter(|(_, stays)| !stays).map(|(one, _)| one));
}

fn keys(desk: &Desk, declared: &RecordType, record: &Record) -> Result<Vec<Key>, Refusal> {
    if record.merged_into.is_some() {
        return Ok(Vec::new());
    }
    let key = |(rule, value)| Key { record_type: declared.name.clone(), rule, value, record: record.id.clone() };
    Ok(write::unique_keys(desk, declared, &record.fields)?.into_iter().map(key).collect())
}

fn listed(declared: &RecordType, record: &Record) -> Vec<Entry> {
    if record.merged_into.is_some() {
        return Vec::new();
    }
    let entry = |(field, value)| Entry { record_type: declared.name.clone(), field, value, record: record.id.clone() };
    entries::index(declared, &record.fields).into_iter().map(entry).collect()
}
