//! Positions: what they are from a date on. Refused is what would put a position above itself at any instant.

use super::people::named;
use crate::model::directory::{Period, Position};
use crate::model::hierarchy::{self, Knot, MOST_LEVELS};
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::window::Window;
use crate::plugins::Stop;
use crate::runtime::job::Job;
use crate::runtime::request::Outcome;
use crate::store::{Connection, positions, superiors, users};

/// Says what a position is in the time of a period; what it was before stays, and so does what it will be after.
pub(super) fn put(conn: &mut Connection, job: &Job, id: &str, period: &Period) -> Result<Outcome, Stop> {
    named(id, "position")?;
    if period.window.is_empty() {
        return Err(Refusal::invalid("empty_time", "it ends before it begins; validTo is after validFrom").into());
    }
    let business = &job.actor.business;
    superiors::lock(conn, business)?;
    let mut all = positions::list(conn, business)?;
    let at = all.iter().position(|position| position.id == id);
    unchanged(job, id, at.map(|at| &all[at]))?;
    if let Some(user) = &period.user
        && users::find(conn, business, user)?.is_none()
    {
        return Err(Refusal::invalid("not_there", format!("there is no user \"{user}\"")).into());
    }
    let mut position = match at {
        Some(at) => all.remove(at),
        None => Position { id: id.to_owned(), periods: Vec::new(), version: 0 },
    };
    position.set(period.clone());
    position.version += 1;
    all.push(position.clone());
    stands(&all)?;
    positions::save(conn, business, &[position.clone()])?;
    Ok(Outcome::Position(position))
}

/// Refuses a change of what somebody else changed since the caller saw it.
fn unchanged(job: &Job, id: &str, present: Option<&Position>) -> Result<(), Refusal> {
    let version = present.map_or(0, |present| present.version);
    if job.if_match.is_none_or(|seen| seen == version) {
        return Ok(());
    }
    let refusal = Refusal::new(RefusalKind::Stale, "stale_position", format!("position {id} is at version {version}"));
    let shown = present.and_then(|present| serde_json::to_value(present).ok());
    Err(Refusal { present: shown, ..refusal })
}

/// Refuses positions that name others which are not there, or that make no hierarchy at some instant.
fn stands(all: &[Position]) -> Result<(), Refusal> {
    let known = |id: &String| all.iter().any(|position| position.id == *id);
    let managers = all.iter().flat_map(|position| &position.periods).filter_map(|period| period.manager.as_ref());
    if let Some(missing) = managers.into_iter().find(|id| !known(id)) {
        return Err(Refusal::invalid("not_there", format!("there is no position \"{missing}\"")));
    }
    let Some(Knot { path, from, circle }) = hierarchy::knot(all) else { return Ok(()) };
    let since = if from == Window::ALWAYS.from { String::new() } else { format!(" from {from} on") };
    let first = path.first().map(String::as_str).unwrap_or_default();
    if circle {
        let way = path.join(" -> ");
        let sentence = format!("position {first} would stand above itself{since}: {way}");
        return Err(Refusal::invalid("cycle", sentence));
    }
    let sentence = format!("more than {MOST_LEVELS} positions would stand above position {first}{since}");
    Err(Refusal::invalid("too_deep", sentence))
}
