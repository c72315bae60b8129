//! Keys of records: values that a unique rule lets one record hold, and the locks for uniqueness that no index can hold.

use super::lenses::{Alias, AliasKind, aliases};
use crate::model::ids::{BusinessId, RecordId};
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::schema::record::RecordKeyRow;
use crate::store::schema::{Cell, Column, Kind};
use crate::store::set::{self, Taken};
use crate::store::statement::Statement;
use diesel::sql_types::Text;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

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

/// A key of a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyOf {
    /// The rule.
    pub rule: String,
    /// The value.
    pub value: String,
    /// Whose it is.
    pub record: RecordId,
}

/// Takes keys for records. Those that other records hold, or get here, come back; the caller then rolls back. A key
/// that the record holds already is no conflict.
pub fn keys_insert(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    keys: &[KeyOf],
) -> Result<Vec<KeyConflict>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    set::insert(conn, &rows(business, record_type, keys), Taken::Skip)?;
    holders(conn, business, record_type, keys)
}

/// The same for a record that holds none yet: who holds a key is asked only when one is not free, or when keys of the type
/// may stand under an earlier name.
pub fn keys_insert_free(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    keys: &[KeyOf],
) -> Result<Vec<KeyConflict>, StoreError> {
    let free = set::insert_free(conn, &rows(business, record_type, keys))?;
    let of_rule = |alias: &Alias| alias.kind == AliasKind::Rule;
    if free.iter().all(|is_free| *is_free) && !aliases(conn, business, record_type)?.iter().any(of_rule) {
        return Ok(Vec::new());
    }
    holders(conn, business, record_type, keys)
}

/// One order for everybody: two writers never wait for each other in a circle.
fn rows(business: &BusinessId, record_type: &str, keys: &[KeyOf]) -> Vec<RecordKeyRow> {
    let sorted: BTreeSet<&KeyOf> = keys.iter().collect();
    let row = |key: &KeyOf| RecordKeyRow {
        business: business.0.clone(),
        record_type: record_type.to_owned(),
        rule: key.rule.clone(),
        value: key.value.clone(),
        record: key.record.0.clone(),
    };
    sorted.into_iter().map(row).collect()
}

/// Gives every key of these records back, under whatever name it stands.
pub fn keys_clear(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    records: &[&RecordId],
) -> Result<(), StoreError> {
    let of: Vec<Vec<&str>> =
        records.iter().map(|record| vec![business.as_str(), record_type, record.as_str()]).collect();
    set::delete(conn, "record_keys", &["business", "record_type", "record"], &of)
}

/// Gives keys back; those of others stay.
pub fn keys_delete(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    keys: &[KeyOf],
) -> Result<(), StoreError> {
    let values: Vec<Vec<&str>> = keys
        .iter()
        .map(|key| vec![business.as_str(), record_type, &key.rule, &key.value, key.record.as_str()])
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

/// Whoever looks for what a new record of this type depends on, similar records or the loads of owners, looks alone until
/// the end of the transaction. One lock for a type: what is similar shares no key for sure, and two locks taken in turn by
/// the commands of two batches would end in a deadlock.
pub fn lock_look(conn: &mut Connection, business: &BusinessId, record_type: &str) -> Result<(), StoreError> {
    lock_keys(conn, business, record_type, &["look".to_owned()])
}

/// The same number on every server, whatever version it runs.
pub(super) fn lock_number(business: &BusinessId, record_type: &str, key: &str) -> i64 {
    let digest = Sha256::digest(format!("{business}\0{record_type}\0{key}"));
    digest.iter().take(8).fold(0, |number, byte| number << 8 | i64::from(*byte))
}

/// The record that holds a key.
pub fn key_holder(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    rule: String,
    value: String,
) -> Result<Option<RecordId>, StoreError> {
    // No record has an empty id.
    let key = KeyOf { rule, value, record: RecordId::from("") };
    Ok(holders(conn, business, record_type, &[key])?.pop().map(|held| held.holder))
}

/// Who holds these keys but for the records that ask.
pub(super) fn holders(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    keys: &[KeyOf],
) -> Result<Vec<KeyConflict>, StoreError> {
    let columns = ["rule", "value", "record"].map(|name| Column { name, kind: Kind::Text });
    let values = keys
        .iter()
        .map(|KeyOf { rule, value, record }| [rule, value, &record.0].map(|text| Cell::Text(Some(text))).to_vec())
        .collect();
    // Those of records that are kept under an earlier name of the rule count, too.
    let mut statement = Statement::new("WITH i AS (");
    set::source(&mut statement, conn, &columns, values)?;
    statement.sql("), e AS (SELECT i.rule, i.value, i.record, i.rule AS stored FROM i UNION ALL ");
    statement.sql("SELECT i.rule, i.value, i.record, a.stored FROM i JOIN record_aliases AS a ON a.name = i.rule ");
    statement.sql("WHERE a.kind = 'rule' AND a.business = ").text(business.as_str());
    statement.sql(" AND a.record_type = ").text(record_type);
    // One holder for each key, looked up by it: a join may be read from the other side, all keys of the type one by one.
    statement
        .sql("), h AS (SELECT e.rule, e.value, e.record, (SELECT t.record FROM record_keys AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND t.rule = e.stored AND t.value = e.value) AS holder FROM e) SELECT h.rule, h.value, h.holder ");
    statement.sql("FROM h WHERE h.holder <> h.record ORDER BY h.rule, h.value, h.holder");
    let rows = statement.load::<(Text, Text, Text), (String, String, String)>(conn)?;
    Ok(rows.into_iter().map(|(rule, value, holder)| KeyConflict { rule, value, holder: holder.into() }).collect())
}
