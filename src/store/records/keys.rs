//! Keys of records: values that a unique rule lets one record hold, and the locks for uniqueness that no index can hold.

use crate::model::ids::{BusinessId, RecordId};
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::schema::record::RecordKeyRow;
use crate::store::schema::{Cell, Column, Kind};
use crate::store::set::{self, Taken};
use crate::store::statement::Statement;
use diesel::sql_types::Text;
use sha2::{Digest, Sha256};

/// A key of a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The type of the record.
    pub record_type: String,
    /// The rule.
    pub rule: String,
    /// The value.
    pub value: String,
    /// The record.
    pub record: RecordId,
}

/// A key that another record holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyConflict {
    /// The rule.
    pub rule: String,
    /// The value.
    pub value: String,
    /// Who holds it.
    pub holder: RecordId,
}

/// Takes keys (rule, value) for a record. Those that other records hold come back; the caller then rolls back. A key
/// that the record holds already is no conflict.
pub fn keys_insert(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    record: &RecordId,
    keys: &[(String, String)],
) -> Result<Vec<KeyConflict>, StoreError> {
    let conflicts = keys_insert_many(conn, business, &of(record_type, record, keys))?;
    Ok(conflicts.into_iter().map(|(_, conflict)| conflict).collect())
}

/// The same for many records; each key that another record holds, with that record.
pub fn keys_insert_many(
    conn: &mut Connection,
    business: &BusinessId,
    keys: &[Key],
) -> Result<Vec<(Key, KeyConflict)>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let row = |key: &Key| {
        let Key { record_type, rule, value, record } = key.clone();
        RecordKeyRow { business: business.0.clone(), record_type, rule, value, record: record.0 }
    };
    let mut rows: Vec<RecordKeyRow> = keys.iter().map(row).collect();
    // One order for everybody: two writers never wait for each other in a circle.
    let order = |row: &RecordKeyRow| [&row.record_type, &row.rule, &row.value].map(String::clone);
    rows.sort_by_cached_key(order);
    set::insert(conn, &rows, Taken::Skip)?;
    holders(conn, business, keys)
}

/// Gives keys (rule, value) of a record back.
pub fn keys_delete(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    record: &RecordId,
    keys: &[(String, String)],
) -> Result<(), StoreError> {
    keys_delete_many(conn, business, &of(record_type, record, keys))
}

/// The same for many records.
pub fn keys_delete_many(conn: &mut Connection, business: &BusinessId, keys: &[Key]) -> Result<(), StoreError> {
    let values: Vec<Vec<&str>> = keys
        .iter()
        .map(|Key { record_type, rule, value, record }| {
            vec![business.as_str(), record_type.as_str(), rule.as_str(), value.as_str(), record.as_str()]
        })
        .collect();
    set::delete(conn, "record_keys", &["business", "record_type", "rule", "value", "record"], &values)
}

/// Locks these keys of a type until the end of the transaction, for a look that a write depends on. On SQLite the one
/// writer is lock enough.
pub fn lock_keys(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    keys: &[String],
) -> Result<(), StoreError> {
    if keys.is_empty() || matches!(conn, Connection::Sqlite(_)) {
        return Ok(());
    }
    let mut locks: Vec<i64> = keys.iter().map(|key| lock(business, record_type, key)).collect();
    locks.sort_unstable();
    locks.dedup();
    let mut statement = Statement::new("SELECT pg_advisory_xact_lock(k) FROM (SELECT u.k FROM UNNEST(");
    statement.ints(locks.into_iter().map(Some).collect());
    // OFFSET 0 keeps the order: the locks are taken while the sorted rows come.
    statement.sql("::bigint[]) AS u(k) ORDER BY u.k OFFSET 0) AS s").execute(conn)?;
    Ok(())
}

/// The same number on every server, whatever version it runs.
fn lock(business: &BusinessId, record_type: &str, key: &str) -> i64 {
    let digest = Sha256::digest(format!("{business}\0{record_type}\0{key}"));
    digest.iter().take(8).fold(0, |number, byte| number << 8 | i64::from(*byte))
}

fn of(record_type: &str, record: &RecordId, keys: &[(String, String)]) -> Vec<Key> {
    let key = |(rule, value): &(String, String)| Key {
        record_type: record_type.to_owned(),
        rule: rule.clone(),
        value: value.clone(),
        record: record.clone(),
    };
    keys.iter().map(key).collect()
}

fn holders(conn: &mut Connection, business: &BusinessId, keys: &[Key]) -> Result<Vec<(Key, KeyConflict)>, StoreError> {
    let columns = ["record_type", "rule", "value", "record"].map(|name| Column { name, kind: Kind::Text });
    let cells = |key: &'_ Key| -> Vec<String> {
        vec![key.record_type.clone(), key.rule.clone(), key.value.clone(), key.record.0.clone()]
    };
    let texts: Vec<Vec<String>> = keys.iter().map(cells).collect();
    let values = texts.iter().map(|row| row.iter().map(Cell::from).collect()).collect();
    let mut statement = Statement::new("SELECT t.record_type, t.rule, t.value, i.record, t.record FROM (");
    set::source(&mut statement, conn, &columns, values)?;
    statement.sql(
        ") AS i JOIN record_keys AS t \
         ON t.record_type = i.record_type AND t.rule = i.rule AND t.value = i.value WHERE t.business = ",
    );
    statement.text(business.as_str());
    statement.sql(" AND t.record <> i.record ORDER BY t.record_type, t.rule, t.value, i.record");
    let rows = statement.load::<(Text, Text, Text, Text, Text), (String, String, String, String, String)>(conn)?;
    let conflict = |(record_type, rule, value, record, holder): (String, String, String, String, String)| {
        let conflict = KeyConflict { rule: rule.clone(), value: value.clone(), holder: RecordId(holder) };
        (Key { record_type, rule, value, record: RecordId(record) }, conflict)
    };
    Ok(rows.into_iter().map(conflict).collect())
}
