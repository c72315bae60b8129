//! The history of records: who changed which field from what to what, when and why.

use crate::model::ids::{BusinessId, RecordId};
use crate::model::record::FieldChange;
use crate::model::time::Timestamp;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::json;
use crate::store::schema::record::{ChangeRow, record_history};
use crate::store::set::{self, Taken};
use diesel::prelude::*;

/// Keeps changes of a record.
pub fn changes_insert(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    record: &RecordId,
    changes: &[FieldChange],
) -> Result<(), StoreError> {
    let changes: Vec<(&RecordId, &FieldChange)> = changes.iter().map(|change| (record, change)).collect();
    changes_insert_many(conn, business, record_type, &changes)
}

/// Keeps changes of many records.
pub(super) fn changes_insert_many(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    changes: &[(&RecordId, &FieldChange)],
) -> Result<(), StoreError> {
    let rows = changes.iter().map(|(record, change)| {
        let FieldChange { version, field, old, new, by, at, reason, instance } = *change;
        Ok(ChangeRow {
            business: business.0.clone(),
            record_type: record_type.to_owned(),
            record: record.0.clone(),
            version: *version,
            field: field.clone(),
            old: json::text(old)?,
            new: json::text(new)?,
            actor: by.0.clone(),
            at: at.0,
            reason: reason.clone(),
            instance: instance.clone(),
        })
    });
    set::insert(conn, &rows.collect::<Result<Vec<_>, StoreError>>()?, Taken::Fail)
}

/// The changes of a record after a version, the oldest first, at most `limit`.
pub fn history(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    record: &RecordId,
    after: i64,
    limit: i64,
) -> Result<Vec<FieldChange>, StoreError> {
    let rows = record_history::table
        .filter(record_history::business.eq(business.as_str()))
        .filter(record_history::record_type.eq(record_type))
        .filter(record_history::record.eq(record.as_str()))
        .filter(record_history::version.gt(after))
        .order((record_history::version.asc(), record_history::field.asc()))
        .limit(limit)
        .load::<ChangeRow>(conn)?;
    rows.into_iter().map(read).collect()
}

fn read(row: ChangeRow) -> Result<FieldChange, StoreError> {
    let what = format!("a change of {} {}", row.record_type, row.record);
    Ok(FieldChange {
        old: json::read(&row.old, &what)?,
        new: json::read(&row.new, &what)?,
        version: row.version,
        field: row.field,
        by: row.actor.into(),
        at: Timestamp(row.at),
        reason: row.reason,
        instance: row.instance,
    })
}
