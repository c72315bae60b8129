//! The index of records: values of declared fields and candidate keys that records are found by.

use super::condition::below;
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

/// Sets the index entries (field, value) of a record, in place of those it had; those that stay are not touched.
pub fn index_replace(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    record: &RecordId,
    entries: &[(String, String)],
) -> Result<(), StoreError> {
    let entries: BTreeSet<&(String, String)> = entries.iter().collect();
    let columns = ["field", "value"].map(|name| Column { name, kind: Kind::Text });
    let cells = entries.iter().map(|(field, value)| vec![Cell::Text(Some(field)), Cell::Text(Some(value))]).collect();
    let mut statement = Statement::new("DELETE FROM record_index WHERE business = ");
    statement.text(business.as_str()).sql(" AND record_type = ").text(record_type);
    statement.sql(" AND record = ").text(record.as_str()).sql(" AND (field, value) NOT IN (");
    set::source(&mut statement, conn, &columns, cells)?;
    statement.sql(")").execute(conn)?;
    let rows: Vec<RecordIndexRow> = entries
        .into_iter()
        .map(|(field, value)| RecordIndexRow {
            business: business.0.clone(),
            record_type: record_type.to_owned(),
            field: field.clone(),
            value: value.clone(),
            record: record.0.clone(),
        })
        .collect();
    set::insert(conn, &rows, Taken::Skip)
}

/// A record and everything below it by parents, by id, at most `most`.
pub fn tree(
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
    statement.sql(" AND field = ").text(field).sql(" AND value").any_of(values);
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
