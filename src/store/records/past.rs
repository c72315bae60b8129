//! What a record was at an instant, as its history tells.

use super::changes::{of, read};
use crate::model::record::{FieldChange, Record};
use crate::model::time::Timestamp;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::schema::Row;
use crate::store::schema::record::ChangeRow;
use crate::store::statement::Statement;
use diesel::sql_types::{BigInt, Nullable};

/// A record at an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// Its version then.
    pub version: i64,
    /// The last change of each field until then, by version and field.
    pub last: Vec<FieldChange>,
    /// Whether the history tells of every version that the record ever had; else the rest may be wrong.
    pub whole: bool,
}

/// What the history tells of a record at an instant after it was created.
pub fn past(conn: &mut Connection, present: &Record, at: Timestamp) -> Result<Past, StoreError> {
    let Record { business, record_type, id, .. } = present;
    let mut told = Statement::new("SELECT COUNT(DISTINCT h.version), MIN(h.version)");
    of(&mut told, business, record_type, id);
    let told = told.load::<(BigInt, Nullable<BigInt>), (i64, Option<i64>)>(conn)?.pop();
    let mut latest = Statement::new("SELECT MAX(h.version)");
    of(&mut latest, business, record_type, id);
    latest.sql(" AND h.at <= ").int(at.0);
    let latest = latest.load::<Nullable<BigInt>, Option<i64>>(conn)?.pop().flatten();
    // A record may be born empty: then no change tells of its first version.
    let whole = match told {
        Some((number, Some(1))) => number == present.version,
        Some((number, Some(2))) => {
            number == present.version - 1
                && outermost(conn, present, present.version, "MIN")?.iter().all(|change| change.old.is_null())
        }
        Some((_, Some(_))) => false,
        Some((_, None)) | None => present.version == 1 && present.fields.is_empty(),
    };
    let version = latest.unwrap_or(1);
    Ok(Past { version, last: outermost(conn, present, version, "MAX")?, whole })
}

/// The first or the last change of each field until a version.
fn outermost(
    conn: &mut Connection,
    present: &Record,
    until: i64,
    which: &'static str,
) -> Result<Vec<FieldChange>, StoreError> {
    let Record { business, record_type, id, .. } = present;
    let mut statement = Statement::new(format!("SELECT {}", ChangeRow::list("h.")));
    of(&mut statement, business, record_type, id);
    statement.sql(format!(" AND (h.field, h.version) IN (SELECT h.field, {which}(h.version)"));
    of(&mut statement, business, record_type, id);
    statement.sql(" AND h.version <= ").int(until).sql(" GROUP BY h.field) ORDER BY h.version, h.field");
    statement.load::<<ChangeRow as Row>::Types, ChangeRow>(conn)?.into_iter().map(read).collect()
}
