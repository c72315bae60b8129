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
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows: Vec<RecordKeyRow> = keys
        .iter()
        .map(|(rule, value)| RecordKeyRow {
            business: business.0.clone(),
            record_type: record_type.to_owned(),
            rule: rule.clone(),
            value: value.clone(),
            record: record.0.clone(),
        })
        .collect();
    // One order for everybody: two writers never wait for each other in a circle.
    rows.sort_by(|one, other| (&one.rule, &one.value).cmp(&(&other.rule, &other.value)));
    set::insert(conn, &rows, Taken::Skip)?;
    holders(conn, business, record_type, record, keys)
}

/// Gives every key of a record back, under whatever name it stands.
pub fn keys_clear(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    record: &RecordId,
) -> Result<(), StoreError> {
    let of = [vec![business.as_str(), record_type, record.as_str()]];
    set::delete(conn, "record_keys", &["business", "record_type", "record"], &of)
}

/// Gives keys (rule, value) of a record back.
pub fn keys_delete(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    record: &RecordId,
    keys: &[(String, String)],
) -> Result<(), StoreError> {
    let values: Vec<Vec<&str>> = keys
        .iter()
        .map(|(rule, value)| vec![business.as_str(), record_type, rule.as_str(), value.as_str(), record.as_str()])
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
    let mut locks: Vec<i64> = keys.iter().map(|key| lock_number(business, record_type, key)).collect();
    locks.sort_unstable();
    locks.dedup();
    let mut statement = Statement::new("SELECT pg_advisory_xact_lock(k) FROM (SELECT u.k FROM UNNEST(");
    statement.ints(locks.into_iter().map(Some).collect());
    // OFFSET 0 keeps the order: the locks are taken while the sorted rows come.
    statement.sql("::bigint[]) AS u(k) ORDER BY u.k OFFSET 0) AS s").execute(conn)?;
    Ok(())
}

/// The same number on every server, whatever version it runs.
pub(super) fn lock_number(business: &BusinessId, record_type: &str, key: &str) -> i64 {
    let digest = Sha256::digest(format!("{business}\0{record_type}\0{key}"));
    digest.iter().take(8).fold(0, |number, byte| number << 8 | i64::from(*byte))
}

fn holders(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    record: &RecordId,
    keys: &[(String, String)],
) -> Result<Vec<KeyConflict>, StoreError> {
    let keys: Vec<(&str, &str)> = keys.iter().map(|(rule, value)| (rule.as_str(), value.as_str())).collect();
    let held = held(conn, business, record_type, &keys)?;
    Ok(held.into_iter().filter(|held| held.holder != *record).collect())
}

/// Who holds these keys (rule, value), by rule and value; those of records that are kept under an earlier name of the
/// rule count, too.
pub(super) fn held(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    keys: &[(&str, &str)],
) -> Result<Vec<KeyConflict>, StoreError> {
    let columns = ["rule", "value"].map(|name| Column { name, kind: Kind::Text });
    let values = keys.iter().map(|(rule, value)| vec![Cell::Text(Some(rule)), Cell::Text(Some(value))]).collect();
    let mut statement = Statement::new("WITH i AS (");
    set::source(&mut statement, conn, &columns, values)?;
    statement.sql("), e AS (SELECT i.rule, i.value, i.rule AS stored FROM i UNION ALL SELECT i.rule, i.value, a.stored");
    statement.sql(" FROM i JOIN record_aliases AS a ON a.name = i.rule WHERE a.business = ").text(business.as_str());
    statement.sql(" AND a.record_type = ").text(record_type).sql(" AND a.kind = 'rule')");
    statement.sql(" SELECT e.rule, e.value, t.record FROM e JOIN record_keys AS t ON t.rule = e.stored");
    statement.sql(" AND t.value = e.value WHERE t.business = ").text(business.as_str());
    statement.sql(" AND t.record_type = ").text(record_type).sql(" ORDER BY e.rule, e.value, t.record");
    let rows = statement.load::<(Text, Text, Text), (String, String, String)>(conn)?;
    Ok(rows.into_iter().map(|(rule, value, holder)| KeyConflict { rule, value, holder: holder.into() }).collect())
}
