//! Writing many records that are derived anew, one statement a table: rows, index and keys.

use super::index::index_replace;
use super::keys::{KeyConflict, KeyOf, holders, keys_delete};
use super::{Columns, row};
use crate::model::ids::{BusinessId, RecordId};
use crate::model::record::Record;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::schema::Row;
use crate::store::schema::record::{RecordKeyRow, RecordRow};
use crate::store::set::{self, Taken};
use crate::store::statement::Statement;
use diesel::sql_types::Text;
use std::collections::{BTreeMap, BTreeSet};

/// A record as it is to be kept, with all that it is found by.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// The record; the caller holds its lock.
    pub record: Record,
    /// Its well-known columns.
    pub columns: Columns,
    /// The keys that it needs.
    pub keys: Vec<KeyOf>,
    /// Its index entries (field, value).
    pub index: Vec<(String, String)>,
}

/// Keeps records of one type with what they are found by now, in place of what they were found by. Keys that another
/// record holds, or one before it in the list, are not taken: they come back, each with the record that lacks it.
pub fn settle(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    settled: &[Settled],
) -> Result<Vec<(RecordId, KeyConflict)>, StoreError> {
    if settled.is_empty() {
        return Ok(Vec::new());
    }
    let rows = settled.iter().map(|one| row(&one.record, &one.columns)).collect::<Result<Vec<_>, _>>()?;
    set::update(conn, &rows)?;
    let index: Vec<_> = settled.iter().map(|one| (&one.record.id, one.index.clone())).collect();
    index_replace(conn, business, record_type, &index)?;
    let wanted: Vec<KeyOf> = settled.iter().flat_map(|one| one.keys.iter().cloned()).collect();
    let ids: Vec<&str> = settled.iter().map(|one| one.record.id.as_str()).collect();
    take(conn, business, record_type, &ids, wanted)
}

fn take(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    ids: &[&str],
    wanted: Vec<KeyOf>,
) -> Result<Vec<(RecordId, KeyConflict)>, StoreError> {
    let present = held(conn, business, record_type, ids)?;
    // Who holds a key keeps it; else the first in the list takes it.
    let mut takers: BTreeMap<(&str, &str), &KeyOf> = BTreeMap::new();
    for key in wanted.iter().filter(|key| present.contains(*key)).chain(&wanted) {
        takers.entry((&key.rule, &key.value)).or_insert(key);
    }
    let needed: BTreeSet<KeyOf> = takers.into_values().cloned().collect();
    let gone: Vec<KeyOf> = present.difference(&needed).cloned().collect();
    keys_delete(conn, business, record_type, &gone)?;
    let new = needed.difference(&present).map(|key| RecordKeyRow {
        business: business.0.clone(),
        record_type: record_type.to_owned(),
        rule: key.rule.clone(),
        value: key.value.clone(),
        record: key.record.0.clone(),
    });
    set::insert(conn, &new.collect::<Vec<_>>(), Taken::Skip)?;
    let others = holders(conn, business, record_type, &wanted)?;
    let (mut conflicts, mut back) = (Vec::new(), Vec::new());
    for key in wanted {
        let is_it =
            |other: &&KeyConflict| other.rule == key.rule && other.value == key.value && other.holder != key.record;
        if let Some(other) = others.iter().find(is_it) {
            conflicts.push((key.record.clone(), other.clone()));
            back.push(key);
        }
    }
    // One that took its key although another holds it under an earlier name of the rule gives it back.
    keys_delete(conn, business, record_type, &back)?;
    Ok(conflicts)
}

fn held(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    ids: &[&str],
) -> Result<BTreeSet<KeyOf>, StoreError> {
    let mut statement = Statement::new("SELECT t.rule, t.value, t.record FROM record_keys AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.record_type = ").text(record_type).sql(" AND t.record").any_of(ids);
    let rows = statement.load::<(Text, Text, Text), (String, String, String)>(conn)?;
    Ok(rows.into_iter().map(|(rule, value, record)| KeyOf { rule, value, record: RecordId(record) }).collect())
}

/// The well-known columns that these records have at present.
pub fn columns_of(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    ids: &[&RecordId],
) -> Result<BTreeMap<RecordId, Columns>, StoreError> {
    let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
    let mut statement =
        Statement::new(format!("SELECT {} FROM records AS t WHERE t.business = ", RecordRow::list("t.")));
    statement.text(business.as_str()).sql(" AND t.record_type = ").text(record_type).sql(" AND t.id").any_of(&ids);
    let rows = statement.load::<<RecordRow as Row>::Types, RecordRow>(conn)?;
    let columns = |row: RecordRow| {
        let RecordRow { owner, status, parent, due, name, stage, amount, currency, .. } = row;
        (RecordId(row.id), Columns { owner, status, parent, due, name, stage, amount, currency })
    };
    Ok(rows.into_iter().map(columns).collect())
}
