//! The index of records: values of declared fields and candidate keys that records are found by.

use super::lenses::is_field;
use crate::model::ids::{BusinessId, RecordId};
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::schema::record::RecordIndexRow;
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

/// Sets the index entries (field, value) of a record, in place of those it had.
pub fn index_replace(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    record: &RecordId,
    entries: &[(String, String)],
) -> Result<(), StoreError> {
    let owner = vec![business.as_str(), record_type, record.as_str()];
    set::delete(conn, "record_index", &["business", "record_type", "record"], &[owner])?;
    let entries: BTreeSet<&(String, String)> = entries.iter().collect();
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
    set::insert(conn, &rows, Taken::Fail)
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
    is_field(statement.sql(" AND field"), business, record_type, field);
    statement.sql(" AND value").any_of(values);
    statement.sql(" ORDER BY record LIMIT ").int(most.saturating_add(1));
    let mut ids: Vec<RecordId> = statement.load::<Text, String>(conn)?.into_iter().map(RecordId).collect();
    let most = usize::try_from(most).unwrap_or(0);
    let cut = ids.len() > most;
    ids.truncate(most);
    Ok(Found { ids, cut })
}
