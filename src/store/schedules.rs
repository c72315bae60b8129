//! Timers that begin processes. Their rows are made by what is deployed or activated, and moved on by what they begin.

use super::connection::Connection;
use super::error::StoreError;
use super::schema::messages::{ScheduleRow, schedules};
use super::set::{self, Taken};
use crate::model::ids::{BusinessId, NodeId};
use crate::model::schedule::Schedule;
use crate::model::time::Timestamp;
use diesel::prelude::*;

/// When a timer is due that is over.
const NEVER: i64 = i64::MAX;

/// All timers of a business, also those that are over.
pub fn list(conn: &mut Connection, business: &BusinessId) -> Result<Vec<Schedule>, StoreError> {
    let rows = schedules::table.filter(schedules::business.eq(business.as_str())).load::<ScheduleRow>(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// These are all timers of a business from now on.
pub fn replace(conn: &mut Connection, business: &BusinessId, all: &[Schedule]) -> Result<(), StoreError> {
    diesel::delete(schedules::table.filter(schedules::business.eq(business.as_str()))).execute(conn)?;
    set::insert(conn, &all.iter().map(row).collect::<Vec<_>>(), Taken::Fail)
}

/// What is due in all businesses, the oldest first.
pub fn due(conn: &mut Connection, now: Timestamp, limit: i64) -> Result<Vec<Schedule>, StoreError> {
    let rows = schedules::table
        .filter(schedules::due.le(now.0))
        .filter(schedules::due.lt(NEVER))
        .order((schedules::due, schedules::business, schedules::process, schedules::node, schedules::place))
        .limit(limit)
        .load::<ScheduleRow>(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// When the next one is due; none when nothing is to begin.
pub fn next_due(conn: &mut Connection) -> Result<Option<Timestamp>, StoreError> {
    let waiting = schedules::table.select(schedules::due).filter(schedules::due.lt(NEVER));
    let first = waiting.order(schedules::due.asc()).limit(1).load::<i64>(conn)?;
    Ok(first.first().map(|due| Timestamp(*due)))
}

/// Takes a timer in hand until the end of the transaction, as it is now; none when it is no longer there.
pub fn take(conn: &mut Connection, seen: &Schedule) -> Result<Option<Schedule>, StoreError> {
    let key = (seen.business.as_str(), seen.process.as_str(), seen.node.as_str(), place(seen));
    let this = schedules::table.find(key);
    // Writing it is what locks it, on both databases.
    if diesel::update(this).set(schedules::due.eq(schedules::due)).execute(conn)? == 0 {
        return Ok(None);
    }
    Ok(Some(read(this.first::<ScheduleRow>(conn)?)))
}

/// Keeps when it is due next.
pub fn put(conn: &mut Connection, schedule: &Schedule) -> Result<(), StoreError> {
    set::insert(conn, &[row(schedule)], Taken::Replace)
}

fn place(schedule: &Schedule) -> i64 {
    i64::try_from(schedule.trigger).unwrap_or(i64::MAX)
}

fn row(schedule: &Schedule) -> ScheduleRow {
    ScheduleRow {
        business: schedule.business.0.clone(),
        process: schedule.process.clone(),
        node: schedule.node.to_string(),
        place: place(schedule),
        spec: schedule.spec.clone(),
        due: schedule.due.map_or(NEVER, |due| due.0),
        remaining: schedule.left.map(i64::from),
    }
}

fn read(row: ScheduleRow) -> Schedule {
    let ScheduleRow { business, process, node, place, spec, due, remaining } = row;
    Schedule {
        business: business.into(),
        process,
        node: NodeId::from(node),
        trigger: usize::try_from(place).unwrap_or_default(),
        spec,
        due: (due < NEVER).then_some(Timestamp(due)),
        left: remaining.and_then(|left| u32::try_from(left).ok()),
    }
}
