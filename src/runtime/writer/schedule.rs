//! A timer begins its process, in the transaction that moves it on to when it is due next: once, however many nodes try.

use super::lane::Lane;
use super::message::active;
use super::verdict::Verdict;
use crate::engine::timers;
use crate::model::command::StartedBy;
use crate::model::json::JsonMap;
use crate::model::schedule::Schedule;
use crate::runtime::begins::{Begin, Cause};
use crate::runtime::request::{Change, Outcome};
use crate::runtime::schedules::spec_of;
use crate::store::{StoreError, businesses, schedules};

/// Fires a timer that was seen to be due.
pub(super) fn fire(lane: &mut Lane, seen: &Schedule) -> Result<Verdict, StoreError> {
    let done = Verdict::answer(Ok(Outcome::Done { about: lane.job.actor.user.clone() }));
    let Some(schedule) = schedules::take(lane.conn, seen)? else { return Ok(done) };
    let Some(due) = schedule.due.filter(|due| *due <= lane.now) else { return Ok(done) };
    let library = active(lane)?;
    let Some(spec) = library.as_ref().and_then(|library| spec_of(library, &schedule)) else {
        schedules::put(lane.conn, &Schedule { due: None, ..schedule })?;
        return Ok(done);
    };
    let time_zone = businesses::time_zone(lane.conn, &schedule.business)?;
    let next = timers::next(spec, due, schedule.left, lane.now, &time_zone);
    schedules::put(lane.conn, &Schedule { due: next.due, left: next.left, ..schedule.clone() })?;
    if !next.happens {
        tracing::info!(process = schedule.process, node = %schedule.node, missed = next.missed, "fires of a timer were left out");
        return Ok(done);
    }
    let mut payload = JsonMap::new();
    if next.missed > 0 {
        payload.insert("missed".to_owned(), next.missed.into());
    }
    let cause = Cause::Event(StartedBy { node: schedule.node.clone(), payload });
    match lane.also(Change::Begin(Begin { process: schedule.process.clone(), cause }))? {
        Some(Ok(_)) => {}
        Some(Err(refusal)) => {
            tracing::warn!(process = schedule.process, node = %schedule.node, refusal.detail, "a timer did not begin its process");
        }
        None => return Ok(Verdict::Again),
    }
    Ok(done)
}
