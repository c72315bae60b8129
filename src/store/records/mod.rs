//! Business records: one, many, pages; written with a guarded version. Keys, index and history stand beside.
//!
//! What a type declares (unique rules, derived keys, access) is computed above; this floor stores what comes of it.

mod changes;
mod index;
mod keys;
mod loads;
mod locks;
mod numbers;
mod past;
mod sight;
mod tree;

pub use changes::{changes_insert, history, history_count};
pub use index::{Found, by_index, index_replace};
pub use keys::{KeyConflict, KeyOf, keys_delete, keys_insert, lock_keys};
pub use loads::{Load, loads};
pub use locks::{hold, lock, lock_for_deletion, lock_many};
pub use numbers::numbers_take;
pub use past::{Past, past};
pub use sight::{Of, Place, Sight, Tie, find_seen, seen};
pub use tree::{Step, TreeQuery, Way, steps_up, tree, tree_count};

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::page::{self, Count};
use super::schema::Row;
use super::schema::record::{RecordRow, records};
use super::set::{self, Taken};
use super::statement::Statement;
use crate::model::ids::{BusinessId, RecordId, UserId};
use crate::model::record::Record;
use crate::model::time::Timestamp;
use diesel::prelude::*;
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
    let found =
        records::table.find((business.as_str(), record_type, id.as_str())).first::<RecordRow>(conn).optional()?;
    found.map(read).transpose()
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

/// Replaces records, each when it is at the version before its `version`; the ids of those that were.
pub fn update(conn: &mut Connection, records: &[(&Record, Columns)]) -> Result<Vec<RecordId>, StoreError> {
    let rows = records.iter().map(|(record, columns)| row(record, columns)).collect::<Result<Vec<_>, _>>()?;
    let done = set::update_guarded(conn, &rows, &["id"])?.load::<Text, String>(conn)?;
    Ok(done.into_iter().map(RecordId).collect())
}

/// Takes records away with their keys and their index; their history stays.
pub fn delete(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    ids: &[RecordId],
) -> Result<(), StoreError> {
    let values: Vec<Vec<&str>> = ids.iter().map(|id| vec![business.as_str(), record_type, id.as_str()]).collect();
    for table in ["record_keys", "record_index"] {
        set::delete(conn, table, &["business", "record_type", "record"], &values)?;
    }
    set::delete(conn, "records", &["business", "record_type", "id"], &values)
}

/// What people call these records of one of these types: type, id and name, by id.
pub fn names(
    conn: &mut Connection,
    business: &BusinessId,
    record_types: &[&str],
    ids: &[RecordId],
) -> Result<Vec<(String, RecordId, Option<String>)>, StoreError> {
    let ids: Vec<&str> = ids.iter().map(RecordId::as_str).collect();
    let mut statement = Statement::new("SELECT t.record_type, t.id, t.name FROM records AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.record_type").any_of(record_types);
    statement.sql(" AND t.id").any_of(&ids).sql(" ORDER BY t.id, t.record_type");
    let rows = statement.load::<(Text, Text, Nullable<Text>), (String, String, Option<String>)>(conn)?;
    Ok(rows.into_iter().map(|(record_type, id, name)| (record_type, RecordId(id), name)).collect())
}

/// A page of records.
pub fn search(conn: &mut Connection, query: &RecordQuery) -> Result<RecordPage, StoreError> {
    let mut statement = Statement::new(format!("SELECT {}", RecordRow::list("t.")));
    filter(&mut statement, query);
    if let Some(after) = &query.after {
        statement.sql(" AND t.id > ").text(after.as_str());
    }
    statement.sql(" ORDER BY t.id LIMIT ").int(query.limit.saturating_add(1));
    let mut rows = statement.load::<<RecordRow as Row>::Types, RecordRow>(conn)?;
    let most = usize::try_from(query.limit).unwrap_or(0);
    let more = rows.len() > most;
    rows.truncate(most);
    let items = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let next = if more { items.last().map(|last| last.id.clone()) } else { None };
    Ok(RecordPage { items, next })
}

/// How many there are, whatever page is asked for.
pub fn count(conn: &mut Connection, query: &RecordQuery) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    filter(&mut statement, query);
    page::count(conn, statement)
}

fn filter<'a>(statement: &mut Statement<'a>, query: &'a RecordQuery) {
    let (business, record_type) = (query.business.as_str(), query.record_type.as_str());
    statement.sql(" FROM records AS t WHERE t.business = ").text(business);
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
        statement.sql(" AND x.record_type = ").text(record_type).sql(" AND x.field = ").text(field.as_str());
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
