//! The past of the columns: what they were, and from when to when. Periods of one record never overlap.

use super::Columns;
use crate::model::ids::{BusinessId, RecordId};
use crate::model::time::Timestamp;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::schema::record::PeriodRow;
use crate::store::set::{self, Taken};
use crate::store::statement::Statement;

/// The end of a period that has not ended.
const OPEN: i64 = i64::MAX;

/// From now on the columns of these records are these; what they were ends here.
pub fn period_begin(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    records: &[(&RecordId, Columns)],
    now: Timestamp,
) -> Result<(), StoreError> {
    let ids: Vec<RecordId> = records.iter().map(|(id, _)| (*id).clone()).collect();
    period_end(conn, business, record_type, &ids, now)?;
    period_first(conn, business, record_type, records, now)
}

/// The same for records that were not there before.
pub fn period_first(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    records: &[(&RecordId, Columns)],
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = |(id, columns): &(&RecordId, Columns)| {
        let Columns { owner, status, parent, due, name: _, stage, amount, currency } = columns.clone();
        PeriodRow {
            business: business.0.clone(),
            record_type: record_type.to_owned(),
            id: id.0.clone(),
            valid_from: now.0,
            valid_to: OPEN,
            status,
            stage,
            owner,
            parent,
            due,
            amount,
            currency,
        }
    };
    set::insert(conn, &records.iter().map(row).collect::<Vec<_>>(), Taken::Fail)
}

/// From now on these records are not there any more, or have other columns. What they were before stays known.
pub fn period_end(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    ids: &[RecordId],
    now: Timestamp,
) -> Result<(), StoreError> {
    // What began at this very instant, or on a clock that was ahead, was never so.
    let mut gone = Statement::new("DELETE FROM record_periods");
    of(&mut gone, business, record_type, ids);
    gone.sql(" AND valid_from >= ").int(now.0).execute(conn)?;
    let mut over = Statement::new("UPDATE record_periods SET valid_to = ");
    over.int(now.0);
    of(&mut over, business, record_type, ids);
    over.sql(" AND valid_to > ").int(now.0).execute(conn)?;
    Ok(())
}

fn of<'a>(statement: &mut Statement<'a>, business: &'a BusinessId, record_type: &'a str, ids: &'a [RecordId]) {
    statement.sql(" WHERE business = ").text(business.as_str()).sql(" AND record_type = ").text(record_type);
    statement.sql(" AND id").any_of(ids.iter().map(|id| &id.0));
}
