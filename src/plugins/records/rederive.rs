//! Bringing records that were kept under earlier rules of their type to those of now: names, defaults, derived fields,
//! keys, index and columns. A redirect has no keys and stands in no index. Only what derived fields come out as is a change that somebody sees: it has a new version and
//! stands in the history.

use super::keep::{self, Told, unique_keys};
use super::{bound, closed, entries, fit};
use crate::model::ids::RecordId;
use crate::model::impact::Trouble;
use crate::model::json::JsonMap;
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::plugins::desk::{Desk, Stop};
use crate::store::records::{self, Columns, KeyConflict, KeyOf, Settled};

/// Brings these records, which the caller has locked, to the rules of `revision`. What cannot be done for a record is
/// given back: it stays as it was, or goes without the key that another record holds.
pub fn rederive(
    desk: &mut Desk,
    record_type: &RecordType,
    found: Vec<Record>,
    revision: i64,
) -> Result<Vec<Trouble>, Stop> {
    let (mut settled, mut before, mut troubles) = (Vec::new(), Vec::new(), Vec::new());
    let now = desk.now;
    let trouble = |record: RecordId, version: i64, code: &str, field: String, sentence: String| Trouble {
        record,
        code: code.to_owned(),
        field,
        sentence,
        version,
        revision,
        at: now,
    };
    for record in found {
        let mut fields = record.fields.clone();
        if record.merged_into.is_some() {
            // What is computed of a redirect is computed when its merge is undone.
            settled.push(settle(desk, record_type, &record, fields, Vec::new()));
            before.push(record);
            continue;
        }
        if let Some(misfit) = fit::derived(record_type, desk.scripts, &mut fields) {
            let field = misfit.field.unwrap_or_default();
            troubles.push(trouble(record.id, record.version, misfit.code, field, misfit.sentence));
            continue;
        }
        if closed::is_closed(record_type, desk.scripts, &record).unwrap_or(true) {
            keep_unless_key(record_type, &record.fields, &mut fields);
        }
        match unique_keys(desk, record_type, &record.id, &fields) {
            Ok(keys) => {
                settled.push(settle(desk, record_type, &record, fields, keys));
                before.push(record);
            }
            Err(refusal) => {
                troubles.push(trouble(record.id, record.version, "derive_failed", String::new(), refusal.detail));
            }
        }
    }
    moved(desk, record_type, &settled)?;
    let conflicts = records::settle(desk.conn, desk.business, &record_type.name, &settled)?;
    let moved: Vec<_> = before.iter().zip(&settled).map(|(before, now)| (before, Some(&now.record))).collect();
    bound::rederived(desk, record_type, &moved)?;
    let told: Vec<Told> = settled
        .iter()
        .zip(&before)
        .map(|(Settled { record, .. }, before)| Told {
            id: &record.id,
            version: record.version,
            before: &before.fields,
            after: &record.fields,
        })
        .collect();
    keep::history(desk, record_type, &told, Some(format!("rederived by revision {revision}")))?;
    for (record, KeyConflict { rule, holder, .. }) in conflicts {
        let version = settled.iter().find(|one| one.record.id == record).map_or(0, |one| one.record.version);
        let sentence = format!("{} {holder} already has this {rule}: change one of the two", record_type.name);
        troubles.push(trouble(record, version, "not_unique", rule, sentence));
    }
    Ok(troubles)
}

fn settle(desk: &Desk, record_type: &RecordType, before: &Record, fields: JsonMap, keys: Vec<KeyOf>) -> Settled {
    let mut record = Record { fields, derived: Some(record_type.stamp.clone()), ..before.clone() };
    if record.fields != before.fields {
        record.version += 1;
        record.updated_at = desk.now;
        record.updated_by = desk.actor.clone();
    }
    Settled {
        columns: entries::columns(record_type, &record.fields),
        index: if record.merged_into.is_none() { entries::index(record_type, &record.fields) } else { Vec::new() },
        keys,
        record,
    }
}

/// A closed record is a snapshot: what was computed for it stays, but for the keys that it is found by.
fn keep_unless_key(record_type: &RecordType, before: &JsonMap, fields: &mut JsonMap) {
    for rule in record_type.derive.iter().filter(|rule| !record_type.keys.contains(&rule.field)) {
        match before.get(&rule.field) {
            Some(value) => fields.insert(rule.field.clone(), value.clone()),
            None => fields.remove(&rule.field),
        };
    }
}

/// Columns that hold something else from now on begin another period.
fn moved(desk: &mut Desk, record_type: &RecordType, settled: &[Settled]) -> Result<(), Stop> {
    let settled: Vec<&Settled> = settled.iter().filter(|one| one.record.merged_into.is_none()).collect();
    let ids: Vec<&RecordId> = settled.iter().map(|one| &one.record.id).collect();
    let present = records::columns_of(desk.conn, desk.business, &record_type.name, &ids)?;
    let timed = |columns: &Columns| Columns { name: None, ..columns.clone() };
    let other = |one: &&&Settled| present.get(&one.record.id).is_none_or(|held| timed(held) != timed(&one.columns));
    let moved = settled.iter().filter(other).map(|one| (&one.record.id, timed(&one.columns)));
    keep::periods(desk, record_type, moved.collect())
}
