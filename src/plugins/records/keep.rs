//! The rows of a write, for many records of one type at once: the records, their unique keys, their index, their
//! periods and history. What may be written is decided before.

use super::{bound, derive, entries};
use crate::model::ids::RecordId;
use crate::model::json::{Json, JsonMap};
use crate::model::merge::{self, Changed};
use crate::model::record::{FieldChange, Record};
use crate::model::record_type::RecordType;
use crate::model::refusal::{FieldError, Refusal, RefusalKind};
use crate::plugins::desk::{Desk, Stop};
use crate::store::records::{self, Columns, KeyConflict, KeyOf};
use std::collections::BTreeSet;

/// A record that takes the place of another version of itself.
pub struct Replaced {
    /// As it was.
    pub before: Record,
    /// As it is now.
    pub after: Record,
}

/// Writes a new record.
pub fn created(desk: &mut Desk, record_type: &RecordType, record: &Record) -> Result<(), Stop> {
    let keys = unique_keys(desk, record_type, &record.id, &record.fields)?;
    if !keys.is_empty() {
        refuse(record_type, &records::keys_insert_free(desk.conn, desk.business, &record_type.name, &keys)?)?;
    }
    records::insert(desk.conn, record, &entries::columns(record_type, &record.fields))?;
    let index = entries::index(record_type, &record.fields);
    if !index.is_empty() {
        records::index_insert(desk.conn, desk.business, &record_type.name, &record.id, index)?;
    }
    if record_type.history {
        let first = [(&record.id, timed(record_type, &record.fields))];
        records::period_first(desk.conn, desk.business, &record_type.name, &first, desk.now)?;
    }
    let none = JsonMap::new();
    history(desk, record_type, &[Told { id: &record.id, version: 1, before: &none, after: &record.fields }], None)
}

/// Writes records in place of what they were; nothing is written when somebody else was faster with one of them.
pub fn changed(
    desk: &mut Desk,
    record_type: &RecordType,
    replaced: &[Replaced],
    reason: Option<String>,
) -> Result<(), Stop> {
    Ok(refuse(record_type, &written(desk, record_type, replaced, reason)?)?)
}

/// The same; keys that other records hold come back, and the caller refuses. A record that was merged holds no keys and
/// stands in no index, and the time of its columns is over.
pub fn written(
    desk: &mut Desk,
    record_type: &RecordType,
    replaced: &[Replaced],
    reason: Option<String>,
) -> Result<Vec<KeyConflict>, Stop> {
    let rows: Vec<_> =
        replaced.iter().map(|one| (&one.after, entries::columns(record_type, &one.after.fields))).collect();
    let written: BTreeSet<RecordId> = records::update(desk.conn, &rows)?.into_iter().collect();
    if let Some(Replaced { after, .. }) = replaced.iter().find(|one| !written.contains(&one.after.id)) {
        let sentence = format!("{} {} was changed by somebody else in the meantime", after.record_type, after.id);
        return Err(Refusal::new(RefusalKind::Stale, "stale_record", sentence).into());
    }
    let moved: Vec<_> = replaced.iter().map(|one| (&one.before, Some(&one.after))).collect();
    bound::moved(desk, record_type, &moved)?;
    // Keys and entries of what was kept by earlier rules may stand under other names: all of them are written anew.
    let is_behind = |one: &Replaced| one.before.derived.as_deref() != Some(record_type.stamp.as_str());
    let behind: Vec<&RecordId> = replaced.iter().filter(|one| is_behind(one)).map(|one| &one.after.id).collect();
    records::keys_clear(desk.conn, desk.business, &record_type.name, &behind)?;
    let (mut held, mut needed, mut index, mut moved) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut over = Vec::new();
    for one in replaced {
        let Replaced { before, after } = one;
        let (was, is) = (standing(desk, record_type, before)?, standing(desk, record_type, after)?);
        match (was.columns == is.columns, is.columns) {
            (true, _) => {}
            (false, Some(columns)) => moved.push((&after.id, columns)),
            (false, None) => over.push(after.id.clone()),
        }
        if is_behind(one) || was.index != is.index {
            index.push((&after.id, is.index));
        }
        held.extend(was.keys);
        needed.extend(is.keys);
    }
    let gone: Vec<KeyOf> = held.into_iter().filter(|key| !needed.contains(key)).collect();
    records::keys_delete(desk.conn, desk.business, &record_type.name, &gone)?;
    let conflicts = records::keys_insert(desk.conn, desk.business, &record_type.name, &needed)?;
    if !conflicts.is_empty() {
        return Ok(conflicts);
    }
    if !index.is_empty() {
        records::index_replace(desk.conn, desk.business, &record_type.name, &index)?;
    }
    periods(desk, record_type, moved)?;
    if !over.is_empty() {
        records::period_end(desk.conn, desk.business, &record_type.name, &over, desk.now)?;
    }
    let told: Vec<Told> = replaced
        .iter()
        .map(|Replaced { before, after }| Told {
            id: &after.id,
            version: after.version,
            before: &before.fields,
            after: &after.fields,
        })
        .collect();
    history(desk, record_type, &told, reason)?;
    Ok(Vec::new())
}

/// What a record holds outside of its own row.
#[derive(Default)]
struct Standing {
    keys: Vec<KeyOf>,
    index: Vec<(String, String)>,
    /// None for a redirect, which is nothing at any time.
    columns: Option<Columns>,
}

fn standing(desk: &Desk, record_type: &RecordType, record: &Record) -> Result<Standing, Refusal> {
    if record.merged_into.is_some() {
        return Ok(Standing::default());
    }
    Ok(Standing {
        keys: unique_keys(desk, record_type, &record.id, &record.fields)?,
        index: entries::index(record_type, &record.fields),
        columns: Some(timed(record_type, &record.fields)),
    })
}

/// Takes records away; their last change clears every field.
pub fn deleted(desk: &mut Desk, record_type: &RecordType, gone: &[Record], reason: Option<String>) -> Result<(), Stop> {
    let ids: Vec<RecordId> = gone.iter().map(|record| record.id.clone()).collect();
    let moved: Vec<_> = gone.iter().map(|record| (record, None)).collect();
    bound::moved(desk, record_type, &moved)?;
    records::delete(desk.conn, desk.business, &record_type.name, &ids)?;
    records::period_end(desk.conn, desk.business, &record_type.name, &ids, desk.now)?;
    let none = JsonMap::new();
    let told: Vec<Told> = gone
        .iter()
        .map(|record| Told { id: &record.id, version: record.version + 1, before: &record.fields, after: &none })
        .collect();
    history(desk, record_type, &told, reason)
}

/// The keys that a record with these fields holds.
pub fn unique_keys(
    desk: &Desk,
    record_type: &RecordType,
    id: &RecordId,
    fields: &JsonMap,
) -> Result<Vec<KeyOf>, Refusal> {
    let mut keys = Vec::new();
    for rule in &record_type.unique {
        let holds = derive::holds(record_type, rule, desk.scripts, fields);
        if holds.map_err(|failure| Refusal::invalid(&failure.code, failure.message))? {
            let key = entries::unique_key(rule, fields);
            keys.extend(key.map(|(rule, value)| KeyOf { rule, value, record: id.clone() }));
        }
    }
    Ok(keys)
}

fn refuse(record_type: &RecordType, conflicts: &[KeyConflict]) -> Result<(), Refusal> {
    if conflicts.is_empty() {
        return Ok(());
    }
    let errors = conflicts.iter().map(|conflict| FieldError {
        pointer: format!("/fields/{}", conflict.rule.split(',').next().unwrap_or_default()),
        code: "not_unique".into(),
        detail: format!("another {} already has this {}", record_type.name, conflict.rule),
    });
    let sentence = format!("this {} is already there", record_type.name);
    Err(Refusal::conflict("not_unique", sentence).with_errors(errors.collect()))
}

/// The columns whose past is kept.
fn timed(record_type: &RecordType, fields: &JsonMap) -> Columns {
    Columns { name: None, ..entries::columns(record_type, fields) }
}

/// From now on these records have these columns.
pub(super) fn periods(desk: &mut Desk, record_type: &RecordType, moved: Vec<(&RecordId, Columns)>) -> Result<(), Stop> {
    if record_type.history && !moved.is_empty() {
        records::period_begin(desk.conn, desk.business, &record_type.name, &moved, desk.now)?;
    }
    Ok(())
}

/// What a version changed.
pub(super) struct Told<'a> {
    /// Of this record.
    pub id: &'a RecordId,
    /// The version that it has now.
    pub version: i64,
    /// Its fields before.
    pub before: &'a JsonMap,
    /// Its fields after.
    pub after: &'a JsonMap,
}

/// Keeps what changed, where the type keeps a history.
pub(super) fn history(
    desk: &mut Desk,
    record_type: &RecordType,
    told: &[Told],
    reason: Option<String>,
) -> Result<(), Stop> {
    if !record_type.history {
        return Ok(());
    }
    let mut changes = Vec::new();
    for Told { id, version, before, after } in told {
        for (field, Changed { old, new }) in merge::changed(before, after) {
            changes.push((*id, change(desk, *version, field, old, new, reason.clone())));
        }
    }
    records::changes_insert(desk.conn, desk.business, &record_type.name, &changes)?;
    Ok(())
}

/// A change that a version made, by whoever is at the desk.
pub fn change(desk: &Desk, version: i64, field: String, old: Json, new: Json, reason: Option<String>) -> FieldChange {
    let instance = desk.instance.map(|instance| instance.0.clone());
    let reason = reason.or_else(|| desk.reason.map(str::to_owned));
    let (by, through) = (desk.actor.clone(), desk.through.map(str::to_owned));
    FieldChange { version, field, old, new, by, through, at: desk.now, reason, instance }
}
