//! Counts of task lists, several at once, by the same rules as the lists themselves.

use super::filter;
use super::task_filters::opened;
use super::tasks::{query, too_broad};
use crate::model::actor::Actor;
use crate::model::refusal::{FieldError, Refusal};
use crate::model::task_count::{CountAsked, GroupBy, TaskCount};
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::Runtime;
use crate::runtime::shared::Shared;
use crate::store::task_list::{self, Grouped};
use crate::store::{Connection, businesses};

impl Runtime {
    /// How many tasks these lists have.
    pub async fn task_counts(&self, actor: &Actor, asked: Vec<CountAsked>) -> Result<Vec<TaskCount>, Refusal> {
        let actor = actor.clone();
        self.read(move |conn, shared| {
            let counted = |asked: CountAsked| {
                let at = asked.at.clone();
                one(conn, shared, &actor, asked).map_err(|stop| inside(stop, &at))
            };
            asked.into_iter().map(counted).collect()
        })
        .await
    }
}

fn one(conn: &mut Connection, shared: &Shared, actor: &Actor, asked: CountAsked) -> Result<TaskCount, Stop> {
    let CountAsked { name, search, by, at: _ } = asked;
    let search = opened(conn, actor, search)?;
    let query = query(conn, shared, actor, &search)?;
    let total = filter::total(task_list::count(conn, &query)?.ok_or_else(too_broad)?);
    let groups = match by {
        None => None,
        Some(by) => {
            let by = grouped(conn, shared, actor, by)?;
            Some(task_list::groups(conn, &query, by)?.ok_or_else(too_broad)?)
        }
    };
    Ok(TaskCount { name, total, groups })
}

fn grouped(conn: &mut Connection, shared: &Shared, actor: &Actor, by: GroupBy) -> Result<Grouped, Stop> {
    Ok(match by {
        GroupBy::Process => Grouped::Process,
        GroupBy::Node => Grouped::Node,
        GroupBy::Assignee => Grouped::Assignee,
        GroupBy::CandidateGroup => Grouped::CandidateGroup,
        GroupBy::Due => {
            let now = shared.clock.now();
            let business = businesses::find(conn, &actor.business)?;
            let zone = business.map_or_else(|| "UTC".to_owned(), |business| business.time_zone);
            Grouped::Due { now, tomorrow: tomorrow(now, &zone).unwrap_or(now) }
        }
    })
}

/// The first instant of the next day in a time zone.
fn tomorrow(now: Timestamp, zone: &str) -> Option<Timestamp> {
    let zone = jiff::tz::TimeZone::get(zone).ok()?;
    let today = jiff::Timestamp::from_millisecond(now.0).ok()?.to_zoned(zone.clone()).date();
    let next = today.tomorrow().ok()?.to_zoned(zone).ok()?;
    Some(Timestamp(next.timestamp().as_millisecond()))
}

/// What is wrong with one of the lists is wrong at its place in the request.
fn inside(stop: Stop, at: &str) -> Stop {
    let Stop::Refused(refusal) = stop else { return stop };
    let moved = |error: FieldError| match error.pointer.starts_with(at) {
        true => error,
        false => FieldError { pointer: format!("{at}{}", error.pointer), ..error },
    };
    let errors = refusal.errors.iter().cloned().map(moved).collect();
    Stop::Refused(refusal.with_errors(errors))
}
