//! By which rules records were last derived: those that are behind, in an order that can be gone on with, and the lock
//! that keeps writers and deployments of one business apart.

use super::keys::lock_number;
use super::{load, reading};
use crate::model::ids::{BusinessId, RecordId};
use crate::model::record::Record;
use crate::model::time::Timestamp;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::statement::Statement;
use diesel::sql_types::{BigInt, Text};

/// The last record that was looked at: its stamp, none for one without, and its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reached {
    /// The stamp.
    pub stamp: Option<String>,
    /// The id.
    pub id: RecordId,
}

/// Where records that are behind stand, in the order in which they are looked at. Each is one range of an index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Unstamped,
    Below,
    Above,
}

/// Records of a type with another stamp than this one after one of them, locked until the end of the transaction. At
/// most `limit`; fewer only when there are no more.
pub fn due(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    stamp: &str,
    after: Option<&Reached>,
    limit: i64,
) -> Result<Vec<Record>, StoreError> {
    let from = after.map_or(Part::Unstamped, |reached| match &reached.stamp {
        None => Part::Unstamped,
        Some(reached) if reached.as_str() < stamp => Part::Below,
        Some(_) => Part::Above,
    });
    let mut found: Vec<Record> = Vec::new();
    for part in [Part::Unstamped, Part::Below, Part::Above].into_iter().filter(|part| *part >= from) {
        let rest = limit - i64::try_from(found.len()).unwrap_or(limit);
        let mut statement = reading();
        statement.sql(" WHERE t.business = ").text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
        match part {
            Part::Unstamped => statement.sql(" AND t.derived IS NULL"),
            Part::Below => statement.sql(" AND t.derived < ").text(stamp),
            Part::Above => statement.sql(" AND t.derived > ").text(stamp),
        };
        if let Some(Reached { stamp, id }) = after.filter(|_| part == from) {
            match stamp {
                None => statement.sql(" AND t.id > ").text(id.as_str()),
                Some(stamp) => {
                    statement.sql(" AND (t.derived, t.id) > (").text(stamp.as_str());
                    statement.sql(", ").text(id.as_str()).sql(")")
                }
            };
        }
        statement.sql(" ORDER BY t.derived, t.id LIMIT ").int(rest);
        if matches!(conn, Connection::Postgres(_)) {
            statement.sql(" FOR UPDATE OF t");
        }
        found.extend(load(conn, &statement)?);
        if i64::try_from(found.len()).unwrap_or(i64::MAX) >= limit {
            break;
        }
    }
    Ok(found)
}

/// Whether a record of a type has no stamp, or one outside these two: the same text twice for one stamp, the ends of a
/// range for stamps that begin alike.
pub fn is_behind(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    least: &str,
    most: &str,
) -> Result<bool, StoreError> {
    let mut statement = Statement::default();
    // Three looks into one index, where one condition with OR would read all of it.
    for (name, compared, bound) in [("n", " IS NULL", None), ("l", " < ", Some(least)), ("m", " > ", Some(most))] {
        statement.sql(if name == "n" { "SELECT " } else { " UNION ALL SELECT " });
        statement.sql(format!("{name}.id FROM (SELECT t.id FROM records AS t WHERE t.business = "));
        statement.text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
        statement.sql(format!(" AND t.derived{compared}"));
        if let Some(bound) = bound {
            statement.text(bound);
        }
        statement.sql(format!(" LIMIT 1) AS {name}"));
    }
    Ok(!statement.load::<Text, String>(conn)?.is_empty())
}

/// Every record of a type that is no redirect, by id, after one of them.
pub fn every(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    after: Option<&RecordId>,
    limit: i64,
) -> Result<Vec<Record>, StoreError> {
    let mut statement = reading();
    statement.sql(" WHERE t.business = ").text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND t.id > ").text(after.map_or("", RecordId::as_str));
    statement.sql(" AND t.merged_into IS NULL ORDER BY t.id LIMIT ").int(limit);
    load(conn, &statement)
}

/// The records of a type that were changed at or after an instant and are no redirects, by id.
pub fn changed_since(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    since: Timestamp,
) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = Statement::new("SELECT t.id FROM records AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND t.updated_at >= ").int(since.0).sql(" AND t.merged_into IS NULL ORDER BY t.id");
    Ok(statement.load::<Text, String>(conn)?.into_iter().map(RecordId).collect())
}

/// How many records of a type there are that are no redirects, all of them counted.
pub fn number(conn: &mut Connection, business: &BusinessId, record_type: &str) -> Result<i64, StoreError> {
    let mut statement = Statement::new("SELECT COUNT(*) FROM records AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND t.merged_into IS NULL");
    Ok(statement.load::<BigInt, i64>(conn)?.into_iter().next().unwrap_or(0))
}

/// The same with redirects, which are brought to new rules, too.
pub fn kept(conn: &mut Connection, business: &BusinessId, record_type: &str) -> Result<i64, StoreError> {
    let mut statement = Statement::new("SELECT COUNT(*) FROM records AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    Ok(statement.load::<BigInt, i64>(conn)?.into_iter().next().unwrap_or(0))
}

/// Keeps the record types of a business as they are until the end of the transaction: for who writes records. On SQLite
/// the one writer is lock enough.
pub fn lock_types_shared(conn: &mut Connection, business: &BusinessId) -> Result<(), StoreError> {
    lock(conn, business, "SELECT pg_advisory_xact_lock_shared(")
}

/// Waits for everybody who writes records of a business and keeps others from it until the end of the transaction: for
/// who changes its record types.
pub fn lock_types(conn: &mut Connection, business: &BusinessId) -> Result<(), StoreError> {
    lock(conn, business, "SELECT pg_advisory_xact_lock(")
}

fn lock(conn: &mut Connection, business: &BusinessId, select: &'static str) -> Result<(), StoreError> {
    if matches!(conn, Connection::Postgres(_)) {
        Statement::new(select).int(lock_number(business, "", "record types")).sql(")").execute(conn)?;
    }
    Ok(())
}
