//! Business records: one, many, pages; written with a guarded version. Keys, index and history stand beside.
//!
//! What a type declares (unique rules, derived keys, access) is computed above; this floor stores what comes of it.

mod aggregate;
mod changes;
mod condition;
mod derived;
mod index;
mod keys;
mod lead;
mod lenses;
mod loads;
mod locks;
pub mod merges;
mod naming;
mod numbers;
mod past;
mod periods;
mod query;
mod redirects;
mod settle;
mod sight;
mod similar;
mod term;
mod tree;
mod walk;

pub use aggregate::{AggregateQuery, Figure, Group, aggregate};
pub use changes::{Hidden, changes_insert, history, history_count};
pub(in crate::store) use condition::{between, one_of};
pub use derived::{Reached, changed_since, due, every, is_behind, kept, lock_types, lock_types_shared, number};
pub use index::{Found, by_index, index_insert, index_replace, subtree};
pub use keys::{
    KeyConflict, KeyOf, key_holder, keys_clear, keys_delete, keys_insert, keys_insert_free, lock_keys, lock_look,
};
pub use lead::FEW;
pub use lenses::{
    Alias, AliasKind, UNSTAMPED, aliases, aliases_replace, lenses, lenses_replace, names_became, renames,
    renames_insert, sweep, with_lenses,
};
pub use loads::{Load, loads, sum_up as sum_up_loads};
pub use locks::{hold, lock, lock_for_deletion, lock_many, there};
pub use naming::{Spot, count_naming, holders, spots_naming};
pub use numbers::numbers_take;
pub use past::{Past, past};
pub use periods::{period_begin, period_end, period_first};
pub use query::{After, Asked, By, Order, RecordPage, RecordQuery, count, explain, ids, search, search_and_count};
pub use redirects::winner_of;
pub use settle::{Settled, columns_of, settle};
pub use sight::{Of, Place, Sight, Tie, find_seen, seen};
pub use similar::{piece_counts, piece_holders};
pub use term::{Bounds, Slot, Term, Value};
pub use tree::{Step, TreeQuery, Way, steps_up, tree, tree_count};

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::schema::Row;
use super::schema::record::RecordRow;
use super::set::{self, Taken};
use super::statement::Statement;
use crate::model::ids::{BusinessId, RecordId};
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

/// Replaces records, each when it is at the version before its `version`; the ids of those that were.
pub fn update(conn: &mut Connection, records: &[(&Record, Columns)]) -> Result<Vec<RecordId>, StoreError> {
    let rows = records.iter().map(|(record, columns)| row(record, columns)).collect::<Result<Vec<_>, _>>()?;
    let done = set::update_guarded(conn, &rows)?;
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
        merged_into: record.merged_into.as_ref().map(|winner| winner.0.clone()),
    })
}

/// A row as it is loaded: with its lens, when it has one.
type Loaded = (RecordRow, Option<String>);
/// The SQL types of that.
type LoadedTypes = (<RecordRow as Row>::Types, Nullable<Text>);

/// The columns of a record `t` as it is loaded; [`read`] makes a record of it.
fn listed() -> String {
    format!("{}, {}", RecordRow::list("t."), lenses::LENS)
}

/// The beginning of a statement that reads records `t`; goes on with `WHERE`, [`load`] ends it.
fn reading<'a>() -> Statement<'a> {
    Statement::new(format!("SELECT {} FROM records AS t", listed()))
}

/// The records that a statement begun with [`reading`] finds.
fn load(conn: &mut Connection, statement: &Statement<'_>) -> Result<Vec<Record>, StoreError> {
    statement.load::<LoadedTypes, Loaded>(conn)?.into_iter().map(read).collect()
}

/// A record as it reads now, by whatever rules it was kept.
fn read((row, lens): Loaded) -> Result<Record, StoreError> {
    let kept = json::read(&row.fields, &format!("{} {}", row.record_type, row.id))?;
    let fields = match lens {
        Some(lens) => lenses::read(&lens, &row.record_type)?.read(kept),
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
        merged_into: row.merged_into.map(RecordId),
    })
}
