//! Who refers to whom: every reference stands in the index under the path of its field.

use crate::model::ids::{BusinessId, RecordId};
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::schema::{Cell, Column, Kind};
use crate::store::set;
use crate::store::statement::Statement;
use diesel::sql_types::{BigInt, Text};

/// Where references stand: a field of a type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The type of the records that refer.
    pub record_type: String,
    /// The path of the field, `team.user`.
    pub path: String,
}

/// The records that name a value in one of these fields, by type and id, at most `most`.
pub fn referring(
    conn: &mut Connection,
    business: &BusinessId,
    spots: &[Spot],
    value: &str,
    most: i64,
) -> Result<Vec<(String, RecordId)>, StoreError> {
    if spots.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("SELECT DISTINCT t.record_type, t.record");
    naming(&mut statement, conn, business, spots, value)?;
    statement.sql(" ORDER BY t.record_type, t.record LIMIT ").int(most);
    let rows = statement.load::<(Text, Text), (String, String)>(conn)?;
    Ok(rows.into_iter().map(|(record_type, record)| (record_type, RecordId(record))).collect())
}

/// How many that are.
pub fn count_referring(
    conn: &mut Connection,
    business: &BusinessId,
    spots: &[Spot],
    value: &str,
) -> Result<i64, StoreError> {
    let mut statement = Statement::new("SELECT COUNT(*) FROM (SELECT DISTINCT t.record_type, t.record");
    naming(&mut statement, conn, business, spots, value)?;
    Ok(statement.sql(") AS found").load::<BigInt, i64>(conn)?.into_iter().next().unwrap_or(0))
}

/// The records above one of its own type, following a field to its end; without the record itself, unless the field
/// leads back to it.
pub fn above(
    conn: &mut Connection,
    business: &BusinessId,
    spot: &Spot,
    id: &RecordId,
) -> Result<Vec<RecordId>, StoreError> {
    let mut statement =
        Statement::new("WITH RECURSIVE up(id) AS (SELECT t.value FROM record_index AS t WHERE t.record = ");
    statement.text(id.as_str());
    along(&mut statement, business, spot);
    // UNION, not UNION ALL: a circle that is there already ends.
    statement.sql(" UNION SELECT t.value FROM up JOIN record_index AS t ON t.record = up.id WHERE TRUE");
    along(&mut statement, business, spot);
    statement.sql(") SELECT id FROM up ORDER BY id");
    Ok(statement.load::<Text, String>(conn)?.into_iter().map(RecordId).collect())
}

fn along<'a>(statement: &mut Statement<'a>, business: &'a BusinessId, spot: &'a Spot) {
    statement.sql(" AND t.business = ").text(business.as_str());
    statement.sql(" AND t.record_type = ").text(spot.record_type.as_str());
    statement.sql(" AND t.field = ").text(spot.path.as_str());
}

fn naming<'a>(
    statement: &mut Statement<'a>,
    conn: &Connection,
    business: &'a BusinessId,
    spots: &'a [Spot],
    value: &'a str,
) -> Result<(), StoreError> {
    let columns = ["record_type", "field"].map(|name| Column { name, kind: Kind::Text });
    let cells = spots.iter().map(|spot| vec![Cell::Text(Some(&spot.record_type)), Cell::Text(Some(&spot.path))]);
    statement.sql(" FROM (");
    set::source(statement, conn, &columns, cells.collect())?;
    statement.sql(") AS i JOIN record_index AS t ON t.record_type = i.record_type AND t.field = i.field");
    statement.sql(" WHERE t.business = ").text(business.as_str()).sql(" AND t.value = ").text(value);
    Ok(())
}
