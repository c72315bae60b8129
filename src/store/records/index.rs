//! The index of records: values of declared fields and candidate keys that records are found by.

use super::condition::below;
use super::lenses::{also_under, stands_as};
use crate::model::ids::{BusinessId, RecordId};
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::schema::record::RecordIndexRow;
use crate::store::schema::{Cell, Column, Kind};
use crate::store::set::{self, Taken};
use crate::store::statement::Statement;
use diesel::sql_types::Text;
use std::collections::BTreeSet;

/// What was found, and whether it was cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The records, by id.
    pub ids: Vec<RecordId>,
    /// Whether there are more than were asked for.
    pub cut: bool,
}

/// The entries of a record that has none yet.
pub fn index_insert(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    record: &RecordId,
    entries: Vec<(String, String)>,
) -> Result<(), StoreError> {
    let records = also_under(conn, business, record_type, &[(record, entries)])?;
    set::insert(conn, &rows(business, record_type, &records), Taken::Skip)
}

/// Sets the index entries (field, value) of records of a type, in place of those they had; those that stay are not
/// touched.
pub fn index_replace(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    records: &[(&RecordId, Vec<(String, String)>)],
) -> Result<(), StoreError> {
    let records = also_under(conn, business, record_type, records)?;
    let entries: BTreeSet<(&RecordId, &(String, String))> =
        records.iter().flat_map(|(record, entries)| entries.iter().map(move |entry| (*record, entry))).collect();
    let columns = ["record", "field", "value"].map(|name| Column { name, kind: Kind::Text });
    let cell = |text| Cell::Text(Some(text));
    let cells = entries.iter().map(|(record, (field, value))| vec![cell(record.as_str()), cell(field), cell(value)]);
    let owners: Vec<&str> = records.iter().map(|(record, _)| record.as_str()).collect();
    let mut statement = Statement::new("DELETE FROM record_index WHERE business = ");
    statement.text(business.as_str()).sql(" AND record_type = ").text(record_type);
    statement.sql(" AND record").any_of(&owners).sql(" AND (record, field, value) NOT IN (");
    set::source(&mut statement, conn, &columns, cells.collect())?;
    statement.sql(")").execute(conn)?;
    set::insert(conn, &rows(business, record_type, &records), Taken::Skip)
}

/// The rows of entries, each once and in the order of the table.
fn rows(
    business: &BusinessId,
    record_type: &str,
    records: &[(&RecordId, Vec<(String, String)>)],
) -> Vec<RecordIndexRow> {
    let each = records.iter().flat_map(|(record, entries)| entries.iter().map(move |entry| (entry, *record)));
    let sorted: BTreeSet<(&(String, String), &RecordId)> = each.collect();
    let row = |((field, value), record): (&(String, String), &RecordId)| RecordIndexRow {
        business: business.0.clone(),
        record_type: record_type.to_owned(),
        field: field.clone(),
        value: value.clone(),
        record: record.0.clone(),
    };
    sorted.into_iter().map(row).collect()
}

/// A record and everything below it by parents, by id, at most `most`.
pub fn subtree(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    root: &RecordId,
    most: i64,
) -> Result<Found, StoreError> {
    let mut statement = Statement::default();
    below(&mut statement, business.as_str(), record_type, root.as_str());
    statement.sql(" ORDER BY tree.id LIMIT ").int(most.saturating_add(1));
    cut(conn, &statement, most)
}

/// Records that have one of these values in an indexed field, at most `most`.
pub fn by_index(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    field: &str,
    values: &[String],
    most: i64,
) -> Result<Found, StoreError> {
    let mut statement = Statement::new("SELECT DISTINCT record FROM record_index WHERE business = ");
    statement.text(business.as_str()).sql(" AND record_type = ").text(record_type);
    stands_as(statement.sql(" AND field = "), business.as_str(), record_type, field);
    statement.sql(" AND value").any_of(values);
    statement.sql(" ORDER BY record LIMIT ").int(most.saturating_add(1));
    cut(conn, &statement, most)
}

fn cut(conn: &mut Connection, statement: &Statement, most: i64) -> Result<Found, StoreError> {
    let mut ids: Vec<RecordId> = statement.load::<Text, String>(conn)?.into_iter().map(RecordId).collect();
    let most = usize::try_from(most).unwrap_or(0);
    let cut = ids.len() > most;
    ids.truncate(most);
    Ok(Found { ids, cut })
}
