//! Who names what: every reference and every file stands in the index under the path of its field.

use super::lenses::{stand_in, stands_as};
use super::sight::{Sight, seen_only};
use crate::model::ids::{BusinessId, RecordId};
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::schema::{Cell, Column, Kind};
use crate::store::set;
use crate::store::statement::Statement;
use diesel::sql_types::{BigInt, Text};

/// A field of a type, wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The type.
    pub record_type: String,
    /// The path of the field, `team.user`.
    pub path: String,
}

/// How many records name a value in one of these fields.
pub fn count_naming(
    conn: &mut Connection,
    business: &BusinessId,
    spots: &[Spot],
    value: &str,
) -> Result<i64, StoreError> {
    let mut statement = Statement::new("SELECT COUNT(*) FROM (SELECT DISTINCT t.record_type, t.record");
    naming(&mut statement, conn, business, spots, value)?;
    Ok(statement.sql(") AS found").load::<BigInt, i64>(conn)?.into_iter().next().unwrap_or(0))
}

/// Those of these fields in which a record names a value.
pub fn spots_naming(
    conn: &mut Connection,
    business: &BusinessId,
    spots: &[Spot],
    value: &str,
) -> Result<Vec<Spot>, StoreError> {
    if spots.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("SELECT DISTINCT i.record_type, i.field");
    naming(&mut statement, conn, business, spots, value)?;
    let rows = statement.sql(" ORDER BY i.record_type, i.field").load::<(Text, Text), (String, String)>(conn)?;
    Ok(rows.into_iter().map(|(record_type, path)| Spot { record_type, path }).collect())
}

/// The records that name a value in one field and are seen, by id, at most `most`.
pub fn holders(
    conn: &mut Connection,
    business: &BusinessId,
    spot: &Spot,
    value: &str,
    sight: &Sight,
    most: i64,
) -> Result<Vec<RecordId>, StoreError> {
    let Spot { record_type, path } = spot;
    let mut statement = Statement::new("SELECT t.id FROM record_index AS x JOIN records AS t ON t.id = x.record");
    statement.sql(" WHERE x.business = ").text(business.as_str()).sql(" AND x.record_type = ").text(record_type);
    stands_as(statement.sql(" AND x.field = "), business.as_str(), record_type, path);
    statement.sql(" AND x.value = ").text(value);
    statement.sql(" AND t.business = ").text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    seen_only(&mut statement, "t", business, record_type, sight);
    statement.sql(" ORDER BY t.id LIMIT ").int(most);
    Ok(statement.load::<Text, String>(conn)?.into_iter().map(RecordId).collect())
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
    statement.sql(") AS i JOIN record_index AS t ON t.record_type = i.record_type AND t.field = ");
    stand_in(statement, business.as_str(), "i.record_type", "i.field");
    statement.sql(" WHERE t.business = ").text(business.as_str()).sql(" AND t.value = ").text(value);
    Ok(())
}
