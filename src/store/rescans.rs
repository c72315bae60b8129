//! How far looks at all records of a type for those that are there twice have come. A row moves on in the transaction of
//! what was found.

use super::connection::Connection;
use super::error::StoreError;
use super::schema::record::{RescanRow, record_rescans};
use super::set::{self, Taken};
use super::statement::Statement;
use crate::model::ids::{BusinessId, RecordId};
use crate::model::matching::Rescan;
use crate::model::time::Timestamp;
use diesel::prelude::*;

/// The last look at a type.
pub fn find(conn: &mut Connection, business: &BusinessId, record_type: &str) -> Result<Option<Rescan>, StoreError> {
    let found = record_rescans::table.find((business.as_str(), record_type)).first::<RescanRow>(conn).optional()?;
    Ok(found.map(read))
}

/// The same, locked until the end of the transaction. On SQLite the one writer is lock enough.
pub fn take(conn: &mut Connection, business: &BusinessId, record_type: &str) -> Result<Option<Rescan>, StoreError> {
    if matches!(conn, Connection::Postgres(_)) {
        let mut statement = Statement::new("SELECT 1 FROM record_rescans WHERE business = ");
        statement.text(business.as_str()).sql(" AND record_type = ").text(record_type).sql(" FOR UPDATE");
        statement.execute(conn)?;
    }
    find(conn, business, record_type)
}

/// Keeps how far it came.
pub fn put(conn: &mut Connection, business: &BusinessId, rescan: &Rescan) -> Result<(), StoreError> {
    let row = RescanRow {
        business: business.0.clone(),
        record_type: rescan.record_type.clone(),
        rules: rescan.rules.clone(),
        reached: rescan.reached.as_ref().map(|id| id.0.clone()),
        looked: rescan.looked,
        suspected: rescan.suspected,
        known: rescan.known,
        started_at: rescan.started_at.0,
        finished_at: rescan.finished_at.map(|at| at.0),
    };
    set::insert(conn, &[row], Taken::Replace)
}

fn read(row: RescanRow) -> Rescan {
    Rescan {
        record_type: row.record_type,
        rules: row.rules,
        reached: row.reached.map(RecordId),
        looked: row.looked,
        suspected: row.suspected,
        known: row.known,
        started_at: Timestamp(row.started_at),
        finished_at: row.finished_at.map(Timestamp),
    }
}
