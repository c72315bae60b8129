//! Timers that wait: which are due, and when the next one is.

use super::connection::Connection;
use super::error::StoreError;
use super::schema::running::{TimerRow, timers};
use crate::model::ids::{BusinessId, InstanceId, TimerId};
use crate::model::time::Timestamp;
use diesel::prelude::*;

/// A timer with the instance it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueTimer {
    /// The business.
    pub business: BusinessId,
    /// The root instance.
    pub root: InstanceId,
    /// The timer.
    pub id: TimerId,
    /// When it fires.
    pub due: Timestamp,
}

/// Timers of all businesses that are due, the oldest first; those after a timer, when one is given.
pub fn due(
    conn: &mut Connection,
    now: Timestamp,
    after: Option<&DueTimer>,
    limit: i64,
) -> Result<Vec<DueTimer>, StoreError> {
    let (since, id) = after.map_or((i64::MIN, ""), |timer| (timer.due.0, timer.id.as_str()));
    let rows = timers::table
        .filter(timers::due.le(now.0))
        .filter(timers::due.gt(since).or(timers::due.eq(since).and(timers::id.gt(id))))
        .order((timers::due.asc(), timers::id.asc()))
        .limit(limit)
        .load::<TimerRow>(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// When the next timer is due; none when no timer waits.
pub fn next_due(conn: &mut Connection) -> Result<Option<Timestamp>, StoreError> {
    let first = timers::table.select(timers::due).order(timers::due.asc()).limit(1).load::<i64>(conn)?;
    Ok(first.first().map(|due| Timestamp(*due)))
}

fn read(row: TimerRow) -> DueTimer {
    DueTimer { business: row.business.into(), root: row.root.into(), id: row.id.into(), due: Timestamp(row.due) }
}
