//! Bringing records that were kept under earlier rules of their type to those of now: names, defaults, derived fields,
//! keys, index and columns. Only what derived fields come out as is a change that somebody sees: it has a new version and
//! stands in the history.

use super::write::{changes, unique_keys};
use super::{entries, fit};
use crate::model::impact::Trouble;
use crate::model::json::JsonMap;
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::plugins::desk::{Desk, Stop};
use crate::store::records::{self, KeyConflict, Settled};

/// Brings these records, which the caller has locked, to the rules of `revision`. What cannot be done for a record is
/// given back: it stays as it was, or goes without the key that another record holds.
pub fn rederive(
    desk: &mut Desk,
    record_type: &RecordType,
    found: Vec<Record>,
    revision: i64,
) -> Result<Vec<Trouble>, Stop> {
    let (mut settled, mut troubles) = (Vec::new(), Vec::new());
    for record in found {
        let trouble = |code: &str, field: String, sentence: String| Trouble {
            record: record.id.clone(),
            code: code.to_owned(),
            field,
            sentence,
            version: record.version,
            revision,
            at: desk.now,
        };
        let mut fields = record.fields.clone();
        if let Some(misfit) = fit::derived(record_type, desk.scripts, &mut fields) {
            troubles.push(trouble(misfit.code, misfit.field.unwrap_or_default(), misfit.sentence));
            continue;
        }
        match unique_keys(desk, record_type, &fields) {
            Ok(keys) => settled.push(settle(desk, record_type, record, fields, keys, revision)),
            Err(refusal) => troubles.push(trouble("derive_failed", String::new(), refusal.detail)),
        }
    }
    let conflicts = records::settle(desk.conn, desk.business, &record_type.name, &settled)?;
    for (record, KeyConflict { rule, holder, .. }) in conflicts {
        let version = settled.iter().find(|one| one.record.id == record).map_or(0, |one| one.record.version);
        let sentence = format!("{} {holder} already has this {rule}: change one of the two", record_type.name);
        let (code, at) = ("not_unique".to_owned(), desk.now);
        troubles.push(Trouble { record, code, field: rule, sentence, version, revision, at });
    }
    Ok(troubles)
}

fn settle(
    desk: &Desk,
    record_type: &RecordType,
    before: Record,
    fields: JsonMap,
    keys: Vec<(String, String)>,
    revision: i64,
) -> Settled {
    let derived = Some(record_type.stamp.clone());
    let mut record = Record { fields, derived, ..before.clone() };
    if record.fields != before.fields {
        record.version += 1;
        record.updated_at = desk.now;
        record.updated_by = desk.actor.clone();
    }
    let reason = Some(format!("rederived by revision {revision}"));
    Settled {
        columns: entries::columns(record_type, &record.fields),
        index: entries::index(record_type, &record.fields),
        changes: changes(desk, &record, &before.fields, reason),
        keys,
        record,
    }
}
