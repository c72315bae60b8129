//! Business records: one, many, pages; written with a guarded version. Keys, index and history stand beside.
//!
//! What a type declares (unique rules, derived keys, access) is computed above; this floor stores what comes of it.

mod aggregate;
mod changes;
mod condition;
mod index;
mod keys;
mod lead;
mod loads;
mod periods;
mod query;
mod sight;
mod term;
mod walk;

pub use aggregate::{AggregateQuery, Figure, Group, aggregate};
pub use changes::{changes_insert, history};
pub use index::{Found, by_index, index_replace, tree};
pub use keys::{KeyConflict, keys_delete, keys_insert, lock_keys};
pub use lead::FEW;
pub use loads::{Load, loads};
pub use periods::{period_begin, period_end};
pub use query::{After, Asked, By, Order, RecordPage, RecordQuery, count, explain, search, search_and_count};
pub use sight::{Of, Place, Sight, Tie, find_seen, seen};
pub use term::{Bounds, Slot, Term, Value};

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::schema::Row;
use super::schema::record::{RecordRow, records};
use super::set::{self, Taken};
use super::statement::Statement;
use crate::model::ids::{BusinessId, RecordId};
use crate::model::record::Record;
use crate::model::time::Timestamp;
use diesel::prelude::*;
use diesel::sql_types::Text;

/// The values of a record's well-known columns, as its type maps them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// The primary owner.
    pub owner: Option<String>,
    /// The state.
    pub status: Option<String>,
    /// The record above it.
    pub parent: Option<String>,
    /// When it is due, as text that sorts: a date or RFC 3339.
    pub due: Option<String>,
    /// What people call it.
    pub name: Option<String>,
    /// The stage of a funnel.
    pub stage: Option<String>,
    /// What it is worth, in minor units of `currency`.
    pub amount: Option<i64>,
    /// ISO 4217 code of the amount.
    pub currency: Option<String>,
}

/// A record.
pub fn find(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    id: &RecordId,
) -> Result<Option<Record>, StoreError> {
    let found =
        records::table.find((business.as_str(), record_type, id.as_str())).first::<RecordRow>(conn).optional()?;
    found.map(read).transpose()
}

/// The same, locked until the end of the transaction: for a change that is computed from it. On SQLite the one writer
/// is lock enough.
pub fn lock(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    id: &RecordId,
) -> Result<Option<Record>, StoreError> {
    if matches!(conn, Connection::Postgres(_)) {
        let mut statement = Statement::new("SELECT t.id FROM records AS t WHERE t.business = ");
        statement.text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
        statement.sql(" AND t.id = ").text(id.as_str()).sql(" FOR UPDATE").execute(conn)?;
    }
    find(conn, business, record_type, id)
}

/// These records, in one statement, by id; those that are not there are left out.
pub fn find_many(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    ids: &[RecordId],
) -> Result<Vec<Record>, StoreError> {
    let ids: Vec<&str> = ids.iter().map(RecordId::as_str).collect();
    let mut statement = Statement::new(format!("SELECT {} FROM records AS t", RecordRow::list("t.")));
    statement.sql(" WHERE t.business = ").text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND t.id").any_of(&ids).sql(" ORDER BY t.id");
    statement.load::<<RecordRow as Row>::Types, RecordRow>(conn)?.into_iter().map(read).collect()
}

/// Adds a record; a unique violation when its id is taken.
pub fn insert(conn: &mut Connection, record: &Record, columns: &Columns) -> Result<(), StoreError> {
    set::insert(conn, &[row(record, columns)?], Taken::Fail)
}

/// Replaces a record that is at the version before `record.version`; whether it was.
pub fn update(conn: &mut Connection, record: &Record, columns: &Columns) -> Result<bool, StoreError> {
    let rows = [row(record, columns)?];
    let done = set::update_guarded(conn, &rows, &["id"])?.load::<Text, String>(conn)?;
    Ok(!done.is_empty())
}

fn row(record: &Record, columns: &Columns) -> Result<RecordRow, StoreError> {
    let Columns { owner, status, parent, due, name, stage, amount, currency } = columns.clone();
    Ok(RecordRow {
        business: record.business.0.clone(),
        record_type: record.record_type.clone(),
        id: record.id.0.clone(),
        fields: json::text(&record.fields)?,
        version: record.version,
        created_at: record.created_at.0,
        created_by: record.created_by.0.clone(),
        updated_at: record.updated_at.0,
        updated_by: record.updated_by.0.clone(),
        owner,
        status,
        parent,
        due,
        name,
        stage,
        amount,
        currency,
        derived: None,
    })
}

fn read(row: RecordRow) -> Result<Record, StoreError> {
    Ok(Record {
        fields: json::read(&row.fields, &format!("{} {}", row.record_type, row.id))?,
        business: row.business.into(),
        record_type: row.record_type,
        id: row.id.into(),
        version: row.version,
        created_at: Timestamp(row.created_at),
        created_by: row.created_by.into(),
        updated_at: Timestamp(row.updated_at),
        updated_by: row.updated_by.into(),
    })
}
