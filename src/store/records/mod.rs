//! Business records: one, many, pages; written with a guarded version. Keys, index and history stand beside.
//!
//! What a type declares (unique rules, derived keys, access) is computed above; this floor stores what comes of it.

mod changes;
mod derived;
mod index;
mod keys;
mod lenses;
mod loads;
mod settle;
mod sight;

pub use changes::{changes_insert, history};
pub use derived::{Reached, changed_since, due, every, is_behind, lock_types, lock_types_shared, number};
pub use index::{Found, by_index, index_replace};
pub use keys::{KeyConflict, keys_clear, keys_delete, keys_insert, lock_keys};
pub use lenses::{
    Alias, AliasKind, UNSTAMPED, aliases, aliases_replace, lenses, lenses_replace, renames, renames_insert, with_lenses,
};
pub use loads::{Load, loads};
pub use settle::{Settled, settle};
pub use sight::{Of, Place, Sight, Tie, find_seen, seen};

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::page::{self, Count};
use super::schema::Row;
use super::schema::record::RecordRow;
use super::set::{self, Taken};
use super::statement::Statement;
use crate::model::ids::{BusinessId, RecordId, UserId};
use crate::model::record::Record;
use crate::model::time::Timestamp;
use diesel::sql_types::{Nullable, Text};

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

/// Which records are asked for, by id: in the order in which they were made.
#[derive(Debug, Clone)]
pub struct RecordQuery {
    /// Their business.
    pub business: BusinessId,
    /// Their type.
    pub record_type: String,
    /// Of those that are seen.
    pub sight: Sight,
    /// Of this owner.
    pub owner: Option<UserId>,
    /// In this state.
    pub status: Option<String>,
    /// Below this record.
    pub parent: Option<RecordId>,
    /// Whose name begins with this.
    pub name_prefix: Option<String>,
    /// Whose indexed fields have these values: field, value.
    pub indexed: Vec<(String, String)>,
    /// After this record.
    pub after: Option<RecordId>,
    /// At most so many.
    pub limit: i64,
}

/// A page of records.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordPage {
    /// What was found.
    pub items: Vec<Record>,
    /// The record after which the next page begins; none on the last one.
    pub next: Option<RecordId>,
}

/// A record.
pub fn find(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    id: &RecordId,
) -> Result<Option<Record>, StoreError> {
    let mut statement = reading();
    statement.sql(" WHERE t.business = ").text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND t.id = ").text(id.as_str());
    Ok(load(conn, &statement)?.into_iter().next())
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
    let mut statement = reading();
    statement.sql(" WHERE t.business = ").text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND t.id").any_of(&ids).sql(" ORDER BY t.id");
    load(conn, &statement)
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

/// A page of records.
pub fn search(conn: &mut Connection, query: &RecordQuery) -> Result<RecordPage, StoreError> {
    let mut statement = reading();
    filter(&mut statement, query);
    if let Some(after) = &query.after {
        statement.sql(" AND t.id > ").text(after.as_str());
    }
    statement.sql(" ORDER BY t.id LIMIT ").int(query.limit.saturating_add(1));
    let mut items = load(conn, &statement)?;
    let most = usize::try_from(query.limit).unwrap_or(0);
    let more = items.len() > most;
    items.truncate(most);
    let next = if more { items.last().map(|last| last.id.clone()) } else { None };
    Ok(RecordPage { items, next })
}

/// How many there are, whatever page is asked for.
pub fn count(conn: &mut Connection, query: &RecordQuery) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    statement.sql(" FROM records AS t");
    filter(&mut statement, query);
    page::count(conn, statement)
}

fn filter<'a>(statement: &mut Statement<'a>, query: &'a RecordQuery) {
    let (business, record_type) = (query.business.as_str(), query.record_type.as_str());
    statement.sql(" WHERE t.business = ").text(business);
    statement.sql(" AND t.record_type = ").text(record_type);
    let texts = [
        ("owner", query.owner.as_ref().map(UserId::as_str)),
        ("status", query.status.as_deref()),
        ("parent", query.parent.as_ref().map(RecordId::as_str)),
    ];
    for (column, value) in texts {
        if let Some(value) = value {
            statement.sql(format!(" AND t.{column} = ")).text(value);
        }
    }
    if let Some(prefix) = &query.name_prefix {
        // Both databases compare by code point, so the names with a prefix are a range of the index.
        statement.sql(" AND t.name >= ").text(prefix.as_str());
        statement.sql(" AND t.name < ").text(format!("{prefix}\u{10FFFF}"));
    }
    sight::seen_only(statement, "t", &query.business, &query.record_type, &query.sight);
    for (field, value) in &query.indexed {
        statement.sql(" AND t.id IN (SELECT x.record FROM record_index AS x WHERE x.business = ").text(business);
        statement.sql(" AND x.record_type = ").text(record_type).sql(" AND x.field");
        lenses::is_field(statement, &query.business, record_type, field);
        statement.sql(" AND x.value = ").text(value.as_str()).sql(")");
    }
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
        derived: record.derived.clone(),
    })
}

/// The beginning of a statement that reads records `t` as they read now; goes on with `WHERE`, [`load`] ends it.
fn reading<'a>() -> Statement<'a> {
    Statement::new(format!("SELECT {}, {} AS lens FROM records AS t", RecordRow::list("t."), lenses::LENS))
}

/// The records that a statement begun with [`reading`] finds.
fn load(conn: &mut Connection, statement: &Statement<'_>) -> Result<Vec<Record>, StoreError> {
    let rows = statement.load::<(<RecordRow as Row>::Types, Nullable<Text>), (RecordRow, Option<String>)>(conn)?;
    rows.into_iter().map(|(row, lens)| read(row, lens.as_deref())).collect()
}

fn read(row: RecordRow, lens: Option<&str>) -> Result<Record, StoreError> {
    let kept = json::read(&row.fields, &format!("{} {}", row.record_type, row.id))?;
    let fields = match lens {
        Some(lens) => lenses::read(lens, &row.record_type)?.read(kept),
        None => kept,
    };
    Ok(Record {
        fields,
        business: row.business.into(),
        record_type: row.record_type,
        id: row.id.into(),
        version: row.version,
        created_at: Timestamp(row.created_at),
        created_by: row.created_by.into(),
        updated_at: Timestamp(row.updated_at),
        updated_by: row.updated_by.into(),
        derived: row.derived,
    })
}
