//! Pieces of records: how common each is, and who has it. Both reads are bounded, however common a piece is.

use crate::model::ids::{BusinessId, RecordId};
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::schema::{Cell, Column, Kind};
use crate::store::set;
use crate::store::statement::Statement;
use diesel::sql_types::{BigInt, Text};

/// How many records of a type have each of these pieces in a field, counted up to `most` and one more.
pub fn piece_counts(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    field: &str,
    pieces: &[&str],
    most: i64,
) -> Result<Vec<(String, i64)>, StoreError> {
    let mut statement = Statement::new("SELECT i.value, (SELECT COUNT(*) FROM (SELECT 1 FROM record_index AS t");
    statement.sql(" WHERE t.business = ").text(business.as_str());
    statement.sql(" AND t.record_type = ").text(record_type).sql(" AND t.field = ").text(field);
    statement.sql(" AND t.value = i.value LIMIT ").int(most.saturating_add(1)).sql(") AS few) FROM (");
    let column = [Column { name: "value", kind: Kind::Text }];
    set::source(&mut statement, conn, &column, pieces.iter().map(|piece| vec![Cell::Text(Some(piece))]).collect())?;
    statement.sql(") AS i ORDER BY i.value");
    statement.load::<(Text, BigInt), (String, i64)>(conn)
}

/// Who has one of these pieces in a field: record and piece. The caller knows by their counts how many there are.
pub fn piece_holders(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    field: &str,
    pieces: &[&str],
) -> Result<Vec<(RecordId, String)>, StoreError> {
    let mut statement = Statement::new("SELECT t.record, t.value FROM record_index AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND t.field = ").text(field).sql(" AND t.value").any_of(pieces);
    let rows = statement.load::<(Text, Text), (String, String)>(conn)?;
    Ok(rows.into_iter().map(|(record, piece)| (RecordId(record), piece)).collect())
}
