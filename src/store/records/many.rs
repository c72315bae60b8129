//! Many records of any types at once: locked in one order, and written with guarded versions.

use super::{Columns, RecordRow, read, row};
use crate::model::ids::{BusinessId, RecordId};
use crate::model::record::Record;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::schema::{Cell, Column, Kind, Row};
use crate::store::set;
use crate::store::statement::Statement;
use diesel::sql_types::Text;

/// These records (type, id) by type and id, locked against every change and every new reference until the end of the
/// transaction; those that are not there are left out. On SQLite the one writer is lock enough.
pub fn lock_many(
    conn: &mut Connection,
    business: &BusinessId,
    which: &[(String, RecordId)],
) -> Result<Vec<Record>, StoreError> {
    if which.is_empty() {
        return Ok(Vec::new());
    }
    let columns = ["record_type", "id"].map(|name| Column { name, kind: Kind::Text });
    let cells = which.iter().map(|(of, id)| vec![Cell::Text(Some(of)), Cell::Text(Some(id.as_str()))]);
    let mut statement = Statement::new(format!("SELECT {} FROM (", RecordRow::list("t.")));
    set::source(&mut statement, conn, &columns, cells.collect())?;
    statement.sql(") AS i JOIN records AS t ON t.record_type = i.record_type AND t.id = i.id WHERE t.business = ");
    statement.text(business.as_str()).sql(" ORDER BY t.record_type, t.id");
    if matches!(conn, Connection::Postgres(_)) {
        statement.sql(" FOR UPDATE OF t");
    }
    statement.load::<<RecordRow as Row>::Types, RecordRow>(conn)?.into_iter().map(read).collect()
}

/// Replaces records that are at the version before theirs; how many were.
pub fn update_many(conn: &mut Connection, records: &[(&Record, Columns)]) -> Result<usize, StoreError> {
    if records.is_empty() {
        return Ok(0);
    }
    let rows = records.iter().map(|(record, columns)| row(record, columns)).collect::<Result<Vec<_>, _>>()?;
    Ok(set::update_guarded(conn, &rows, &["id"])?.load::<Text, String>(conn)?.len())
}
