//! How far the records of each type are brought to the rules of a revision, and those that could not be.

use super::connection::Connection;
use super::error::StoreError;
use super::records::Reached;
use super::schema::record::{DerivationRow, TroubleRow, record_derivations};
use super::set::{self, Taken};
use super::statement::Statement;
use crate::model::ids::{BusinessId, RecordId};
use crate::model::impact::Trouble;
use crate::model::time::Timestamp;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

/// Bringing the records of one type to the rules of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derivation {
    /// The business.
    pub business: BusinessId,
    /// The type.
    pub record_type: String,
    /// The revision.
    pub revision: i64,
    /// The stamp of the type in that revision.
    pub stamp: String,
    /// Records that were to be brought there when it began.
    pub total: i64,
    /// Those that were looked at.
    pub done: i64,
    /// The last one that was looked at.
    pub reached: Option<Reached>,
    /// When it began.
    pub started_at: Timestamp,
    /// When there were no more.
    pub finished_at: Option<Timestamp>,
}

/// Begins a derivation, or keeps how far it came.
pub fn put(conn: &mut Connection, derivation: &Derivation) -> Result<(), StoreError> {
    let row = DerivationRow {
        business: derivation.business.0.clone(),
        record_type: derivation.record_type.clone(),
        revision: derivation.revision,
        stamp: derivation.stamp.clone(),
        total: derivation.total,
        done: derivation.done,
        reached_stamp: derivation.reached.as_ref().and_then(|reached| reached.stamp.clone()),
        reached: derivation.reached.as_ref().map(|reached| reached.id.0.clone()),
        started_at: derivation.started_at.0,
        finished_at: derivation.finished_at.map(|at| at.0),
    };
    set::insert(conn, &[row], Taken::Replace)
}

/// The derivations of a business, by type.
pub fn list(conn: &mut Connection, business: &BusinessId) -> Result<Vec<Derivation>, StoreError> {
    let rows = record_derivations::table
        .filter(record_derivations::business.eq(business.as_str()))
        .order(record_derivations::record_type.asc())
        .load::<DerivationRow>(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// The last derivation of a type.
pub fn find(conn: &mut Connection, business: &BusinessId, record_type: &str) -> Result<Option<Derivation>, StoreError> {
    let found =
        record_derivations::table.find((business.as_str(), record_type)).first::<DerivationRow>(conn).optional()?;
    Ok(found.map(read))
}

/// The same, locked until the end of the transaction; none also when another node has it at this moment. On SQLite the
/// one writer is lock enough.
pub fn take(conn: &mut Connection, business: &BusinessId, record_type: &str) -> Result<Option<Derivation>, StoreError> {
    if matches!(conn, Connection::Postgres(_)) {
        let mut statement = Statement::new("SELECT d.record_type FROM record_derivations AS d WHERE d.business = ");
        statement.text(business.as_str()).sql(" AND d.record_type = ").text(record_type);
        statement.sql(" FOR UPDATE SKIP LOCKED");
        if statement.load::<Text, String>(conn)?.is_empty() {
            return Ok(None);
        }
    }
    find(conn, business, record_type)
}

/// Forgets the derivation of a type.
pub fn delete(conn: &mut Connection, business: &BusinessId, record_type: &str) -> Result<(), StoreError> {
    set::delete(conn, "record_derivations", &["business", "record_type"], &[vec![business.as_str(), record_type]])
}

/// Derivations of all businesses that are not at their end.
pub fn unfinished(conn: &mut Connection) -> Result<Vec<(BusinessId, String)>, StoreError> {
    let rows = record_derivations::table
        .filter(record_derivations::finished_at.is_null())
        .order((record_derivations::business.asc(), record_derivations::record_type.asc()))
        .select((record_derivations::business, record_derivations::record_type))
        .load::<(String, String)>(conn)?;
    Ok(rows.into_iter().map(|(business, record_type)| (business.into(), record_type)).collect())
}

/// Keeps what could not be done, in place of what was known of it.
pub fn troubles_put(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    troubles: &[Trouble],
) -> Result<(), StoreError> {
    let rows: Vec<TroubleRow> = troubles
        .iter()
        .map(|trouble| TroubleRow {
            business: business.0.clone(),
            record_type: record_type.to_owned(),
            record: trouble.record.0.clone(),
            code: trouble.code.clone(),
            field: trouble.field.clone(),
            sentence: trouble.sentence.clone(),
            revision: trouble.revision,
            version: trouble.version,
            at: trouble.at.0,
        })
        .collect();
    set::insert(conn, &rows, Taken::Replace)
}

/// Forgets what is known of all records of a type.
pub fn troubles_clear(conn: &mut Connection, business: &BusinessId, record_type: &str) -> Result<(), StoreError> {
    set::delete(conn, "record_troubles", &["business", "record_type"], &[vec![business.as_str(), record_type]])
}

/// What could not be done and was not mended since: records that changed are none any more. At most `limit`, by record.
pub fn troubles(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    limit: i64,
) -> Result<Vec<Trouble>, StoreError> {
    let mut statement = Statement::new("SELECT x.record, x.code, x.field, x.sentence, x.version, x.revision, x.at");
    open(&mut statement, business, record_type);
    statement.sql(" ORDER BY x.record, x.code, x.field LIMIT ").int(limit);
    type Types = (Text, Text, Text, Text, BigInt, BigInt, BigInt);
    type Columns = (String, String, String, String, i64, i64, i64);
    let trouble = |(record, code, field, sentence, version, revision, at): Columns| Trouble {
        record: RecordId(record),
        code,
        field,
        sentence,
        version,
        revision,
        at: Timestamp(at),
    };
    Ok(statement.load::<Types, Columns>(conn)?.into_iter().map(trouble).collect())
}

/// How many records have such a trouble.
pub fn troubled(conn: &mut Connection, business: &BusinessId, record_type: &str) -> Result<i64, StoreError> {
    let mut statement = Statement::new("SELECT COUNT(DISTINCT x.record)");
    open(&mut statement, business, record_type);
    Ok(statement.load::<BigInt, i64>(conn)?.into_iter().next().unwrap_or(0))
}

fn open<'a>(statement: &mut Statement<'a>, business: &'a BusinessId, record_type: &'a str) {
    statement.sql(" FROM record_troubles AS x JOIN records AS t ON t.business = x.business");
    statement.sql(" AND t.record_type = x.record_type AND t.id = x.record AND t.version = x.version");
    statement.sql(" WHERE x.business = ").text(business.as_str()).sql(" AND x.record_type = ").text(record_type);
}

fn read(row: DerivationRow) -> Derivation {
    Derivation {
        business: row.business.into(),
        record_type: row.record_type,
        revision: row.revision,
        stamp: row.stamp,
        total: row.total,
        done: row.done,
        reached: row.reached.map(|id| Reached { stamp: row.reached_stamp, id: RecordId(id) }),
        started_at: Timestamp(row.started_at),
        finished_at: row.finished_at.map(Timestamp),
    }
}
