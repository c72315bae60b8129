//! Writing many records that are derived anew, one statement a table: rows, keys, index and history.

use super::changes::changes_insert_many;
use super::keys::{KeyConflict, held};
use super::{Columns, row};
use crate::model::ids::{BusinessId, RecordId};
use crate::model::record::{FieldChange, Record};
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::schema::record::{RecordIndexRow, RecordKeyRow};
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
    /// The keys (rule, value) that it needs.
    pub keys: Vec<(String, String)>,
    /// Its index entries (field, value).
    pub index: Vec<(String, String)>,
    /// What changed.
    pub changes: Vec<FieldChange>,
}

/// Keeps records of one type with what they are found by now, in place of what they were found by. Keys that another
/// record holds, or one before it in the list, are not taken: they come back, each with the record that lacks it.
pub fn settle(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    settled: &[Settled],
) -> Result<Vec<(RecordId, KeyConflict)>, StoreError> {
    let rows = settled.iter().map(|one| row(&one.record, &one.columns)).collect::<Result<Vec<_>, _>>()?;
    set::update(conn, &rows)?;
    indexed(conn, business, record_type, settled)?;
    let changes: Vec<(&RecordId, &FieldChange)> =
        settled.iter().flat_map(|one| one.changes.iter().map(|change| (&one.record.id, change))).collect();
    changes_insert_many(conn, business, record_type, &changes)?;
    keyed(conn, business, record_type, settled)
}

/// An entry of the keys or of the index: name, value, record.
type Entry = (String, String, String);

fn indexed(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    settled: &[Settled],
) -> Result<(), StoreError> {
    let entries = settled.iter().flat_map(|one| one.index.iter().map(|(field, value)| entry(field, value, &one.record)));
    let needed: BTreeSet<Entry> = entries.collect();
    let present = entries_of(conn, business, record_type, settled, ["record_index", "field"])?;
    let gone: Vec<&Entry> = present.difference(&needed).collect();
    delete(conn, business, record_type, ["record_index", "field"], &gone)?;
    let new = needed.difference(&present).cloned().map(|(field, value, record)| RecordIndexRow {
        business: business.0.clone(),
        record_type: record_type.to_owned(),
        field,
        value,
        record,
    });
    set::insert(conn, &new.collect::<Vec<_>>(), Taken::Fail)
}

fn keyed(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    settled: &[Settled],
) -> Result<Vec<(RecordId, KeyConflict)>, StoreError> {
    let present = entries_of(conn, business, record_type, settled, ["record_keys", "rule"])?;
    let wanted = || settled.iter().flat_map(|one| one.keys.iter().map(move |(rule, value)| (rule, value, &one.record)));
    // Who holds a key keeps it; else the first in the list takes it.
    let mut takers: BTreeMap<(&str, &str), &RecordId> = BTreeMap::new();
    let holding = wanted().filter(|(rule, value, record)| present.contains(&entry(rule, value, record)));
    for (rule, value, record) in holding.chain(wanted()) {
        takers.entry((rule, value)).or_insert(&record.id);
    }
    let needed: BTreeSet<Entry> = takers
        .iter()
        .map(|((rule, value), record)| ((*rule).to_owned(), (*value).to_owned(), record.0.clone()))
        .collect();
    let gone: Vec<&Entry> = present.difference(&needed).collect();
    delete(conn, business, record_type, ["record_keys", "rule"], &gone)?;
    let new = needed.difference(&present).cloned().map(|(rule, value, record)| RecordKeyRow {
        business: business.0.clone(),
        record_type: record_type.to_owned(),
        rule,
        value,
        record,
    });
    set::insert(conn, &new.collect::<Vec<_>>(), Taken::Skip)?;
    let asked: Vec<(&str, &str)> = takers.keys().copied().collect();
    let held = held(conn, business, record_type, &asked)?;
    let mut conflicts = Vec::new();
    for (rule, value, record) in wanted() {
        let other = held.iter().find(|held| held.rule == *rule && held.value == *value && held.holder != record.id);
        conflicts.extend(other.map(|other| (record.id.clone(), other.clone())));
    }
    // One that took its key although another holds it under an earlier name of the rule gives it back.
    let back: Vec<Entry> =
        conflicts.iter().map(|(record, key)| (key.rule.clone(), key.value.clone(), record.0.clone())).collect();
    delete(conn, business, record_type, ["record_keys", "rule"], &back.iter().collect::<Vec<_>>())?;
    Ok(conflicts)
}

fn entry(name: &str, value: &str, record: &Record) -> Entry {
    (name.to_owned(), value.to_owned(), record.id.0.clone())
}

/// The entries that these records have in a table, whose column of names has this name.
fn entries_of(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    settled: &[Settled],
    [table, name]: [&'static str; 2],
) -> Result<BTreeSet<Entry>, StoreError> {
    let ids: Vec<&str> = settled.iter().map(|one| one.record.id.as_str()).collect();
    let mut statement = Statement::new(format!("SELECT t.{name}, t.value, t.record FROM {table} AS t WHERE t.business = "));
    statement.text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND t.record").any_of(&ids);
    Ok(statement.load::<(Text, Text, Text), Entry>(conn)?.into_iter().collect())
}

fn delete(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    [table, name]: [&'static str; 2],
    entries: &[&Entry],
) -> Result<(), StoreError> {
    let columns = ["business", "record_type", name, "value", "record"];
    let values: Vec<Vec<&str>> = entries
        .iter()
        .map(|(name, value, record)| vec![business.as_str(), record_type, name.as_str(), value.as_str(), record.as_str()])
        .collect();
    set::delete(conn, table, &columns, &values)
}
