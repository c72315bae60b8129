//! Locks on records for what is decided from them, until the end of the transaction. On SQLite the one writer is lock
//! enough; on PostgreSQL they are taken in the order of the ids, so that two writers do not wait for each other in a
//! circle.

use super::{load, reading};
use crate::model::ids::{BusinessId, RecordId};
use crate::model::record::Record;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::statement::Statement;
use diesel::sql_types::{Nullable, Text};

/// A record that is about to change; others may go on to refer to it.
pub fn lock(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    id: &RecordId,
) -> Result<Option<Record>, StoreError> {
    Ok(locked(conn, business, record_type, std::slice::from_ref(id), "FOR NO KEY UPDATE")?.pop())
}

/// Records that are about to change, by id; those that are not there are left out.
pub fn lock_many(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    ids: &[RecordId],
) -> Result<Vec<Record>, StoreError> {
    locked(conn, business, record_type, ids, "FOR NO KEY UPDATE")
}

/// Records that are about to be deleted or merged, by id: nobody else begins to refer to them.
pub fn lock_for_deletion(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    ids: &[RecordId],
) -> Result<Vec<Record>, StoreError> {
    locked(conn, business, record_type, ids, "FOR UPDATE")
}

/// Those of these records that are there, by id, each with what it was merged into: nobody deletes or merges them before
/// the transaction is over.
pub fn hold(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    ids: &[&str],
) -> Result<Vec<(RecordId, Option<RecordId>)>, StoreError> {
    present(conn, business, record_type, ids, "FOR KEY SHARE")
}

/// The same for who only looks: they may be gone a moment later.
pub fn there(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    ids: &[&str],
) -> Result<Vec<(RecordId, Option<RecordId>)>, StoreError> {
    present(conn, business, record_type, ids, "")
}

fn present(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    ids: &[&str],
    strength: &'static str,
) -> Result<Vec<(RecordId, Option<RecordId>)>, StoreError> {
    let mut statement = Statement::new("SELECT t.id, t.merged_into FROM records AS t");
    these(&mut statement, conn, business, record_type, ids, strength);
    let rows = statement.load::<(Text, Nullable<Text>), (String, Option<String>)>(conn)?;
    Ok(rows.into_iter().map(|(id, into)| (RecordId(id), into.map(RecordId))).collect())
}

fn locked(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    ids: &[RecordId],
    strength: &'static str,
) -> Result<Vec<Record>, StoreError> {
    let ids: Vec<&str> = ids.iter().map(RecordId::as_str).collect();
    let mut statement = reading();
    these(&mut statement, conn, business, record_type, &ids, strength);
    load(conn, &statement)
}

fn these<'a>(
    statement: &mut Statement<'a>,
    conn: &Connection,
    business: &'a BusinessId,
    record_type: &'a str,
    ids: &'a [&'a str],
    strength: &'static str,
) {
    statement.sql(" WHERE t.business = ").text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND t.id").any_of(ids).sql(" ORDER BY t.id ");
    if matches!(conn, Connection::Postgres(_)) {
        statement.sql(strength);
    }
}
