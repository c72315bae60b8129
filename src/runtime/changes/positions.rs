//! Positions: what they are from a date on, one or several at once. Refused is what would put a position above itself at
//! any instant.

use super::people::named;
use super::stale::unchanged;
use crate::model::affected::affected;
use crate::model::directory::{Move, Period, Position, Reorganised};
use crate::model::hierarchy::{self, Knot, MOST_LEVELS};
use crate::model::page::PAGE_MOST;
use crate::model::refusal::{FieldError, Refusal};
use crate::model::time::Timestamp;
use crate::model::window::Window;
use crate::plugins::Stop;
use crate::runtime::job::Job;
use crate::runtime::request::Outcome;
use crate::store::{Connection, positions, superiors, units, users};
use std::collections::BTreeSet;

/// Says what a position is in the time of a period; what it was before stays, and so does what it will be after.
pub(super) fn put(conn: &mut Connection, job: &Job, id: &str, period: &Period) -> Result<Outcome, Stop> {
    named(id, "position")?;
    if period.window.is_empty() {
        return Err(
            Refusal::invalid("empty_time", "it ends before it begins; \"validTo\" is after \"validFrom\"").into()
        );
    }
    let business = &job.actor.business;
    superiors::lock(conn, business)?;
    let mut all = positions::list(conn, business)?;
    let present = all.iter().position(|position| position.id == id).map(|at| all.swap_remove(at));
    let version = present.as_ref().map_or(0, |present| present.version);
    unchanged(job.if_match, "position", id, version, present.as_ref())?;
    let mut position = present.unwrap_or_else(|| Position { id: id.to_owned(), periods: Vec::new(), version });
    position.set(period.clone());
    position.version += 1;
    all.push(position.clone());
    there(conn, job, [period])?;
    stands(&all)?;
    positions::save(conn, business, &[position.clone()])?;
    Ok(Outcome::Position(position))
}

/// Makes a position end. Those below it are led on to where it led.
pub(super) fn end(conn: &mut Connection, job: &Job, id: &str, at: Timestamp) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    superiors::lock(conn, business)?;
    let found = positions::find(conn, business, id)?;
    let mut position = found.ok_or_else(|| Refusal::not_found("position", id))?;
    unchanged(job.if_match, "position", id, position.version, Some(&position))?;
    position.end(at);
    if position.periods.is_empty() {
        let sentence = format!("position {id} would never have been there; make it end after it began");
        return Err(Refusal::invalid("empty_time", sentence).into());
    }
    position.version += 1;
    positions::save(conn, business, &[position.clone()])?;
    Ok(Outcome::Position(position))
}

/// Moves several positions from one instant on, all of them or none, and says whose superiors change.
pub(super) fn reorganise(
    conn: &mut Connection,
    job: &Job,
    at: Timestamp,
    moves: &[Move],
    dry_run: bool,
) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    superiors::lock(conn, business)?;
    let before = positions::list(conn, business)?;
    let mut after = before.clone();
    let mut moved = BTreeSet::new();
    let mut wrong = Vec::new();
    for (index, one) in moves.iter().enumerate() {
        let found = after.iter_mut().find(|position| position.id == one.id);
        let refused = match found {
            Some(_) if !moved.insert(&one.id) => Err(again(&one.id)),
            Some(position) => carry(position, one, at),
            None => Err(Refusal::invalid("not_there", format!("there is no position \"{}\"", one.id))),
        };
        if let Err(Refusal { code, detail, .. }) = refused {
            wrong.push(FieldError { pointer: format!("/changes/{index}/id"), code, detail });
        }
    }
    if let [first, ..] = wrong.as_slice() {
        return Err(Refusal::invalid(&first.code, first.detail.clone()).with_errors(wrong.clone()).into());
    }
    let changed: Vec<Position> = after.iter().filter(|position| moved.contains(&position.id)).cloned().collect();
    there(conn, job, changed.iter().flat_map(|position| &position.periods))?;
    stands(&after)?;
    let inactive = users::inactive_since(conn, business)?;
    let (old, new) = (hierarchy::superiors(&before, &inactive), hierarchy::superiors(&after, &inactive));
    let mut affected = affected(&old, &new, at);
    let total = i64::try_from(affected.len()).unwrap_or(i64::MAX);
    affected.truncate(PAGE_MOST);
    if !dry_run {
        positions::save(conn, business, &changed)?;
    }
    Ok(Outcome::Reorganised(Reorganised { positions: changed, affected, total }))
}

fn carry(position: &mut Position, one: &Move, at: Timestamp) -> Result<(), Refusal> {
    unchanged(one.version, "position", &one.id, position.version, Some(&*position))?;
    let Move { unit, manager, user, .. } = one.clone();
    let valid = position.change_from(at, |period| {
        period.unit = unit.clone().unwrap_or_else(|| period.unit.clone());
        period.manager = manager.clone().unwrap_or_else(|| period.manager.clone());
        period.user = user.clone().unwrap_or_else(|| period.user.clone());
    });
    if !valid {
        let sentence = format!("position {} is not valid at {at} or after; put it with a validFrom", one.id);
        return Err(Refusal::invalid("not_valid", sentence));
    }
    position.version += 1;
    Ok(())
}

fn again(id: &str) -> Refusal {
    Refusal::invalid("twice", format!("position \"{id}\" is there twice; say all of it in one place"))
}

/// Refuses units and holders that are not there.
fn there<'p>(conn: &mut Connection, job: &Job, periods: impl IntoIterator<Item = &'p Period>) -> Result<(), Stop> {
    let business = &job.actor.business;
    let (mut inside, mut held) = (BTreeSet::new(), BTreeSet::new());
    for period in periods {
        inside.insert(period.unit.as_str());
        held.extend(period.user.as_ref().map(|user| user.as_str()));
    }
    let held: Vec<&str> = held.into_iter().collect();
    let known: BTreeSet<String> = users::among(conn, business, &held)?.into_iter().map(|user| user.id.0).collect();
    if let Some(missing) = held.iter().find(|user| !known.contains(**user)) {
        return Err(Refusal::invalid("not_there", format!("there is no user \"{missing}\"")).into());
    }
    let known: BTreeSet<String> = units::list(conn, business)?.into_iter().map(|unit| unit.id).collect();
    if let Some(missing) = inside.iter().find(|unit| !known.contains(**unit)) {
        return Err(Refusal::invalid("not_there", format!("there is no unit \"{missing}\"")).into());
    }
    Ok(())
}

/// Refuses positions that name others which are not there, or that make no hierarchy at some instant.
fn stands(all: &[Position]) -> Result<(), Refusal> {
    match flaw(all) {
        Some((_, refusal)) => Err(refusal),
        None => Ok(()),
    }
}

/// The first position that does not fit into the hierarchy, and why.
pub(super) fn flaw(all: &[Position]) -> Option<(String, Refusal)> {
    let known: BTreeSet<&str> = all.iter().map(|position| position.id.as_str()).collect();
    for position in all {
        let managers = position.periods.iter().filter_map(|period| period.manager.as_deref());
        if let Some(missing) = managers.into_iter().find(|manager| !known.contains(manager)) {
            let refusal = Refusal::invalid("not_there", format!("there is no position \"{missing}\""));
            return Some((position.id.clone(), refusal));
        }
    }
    let Knot { path, from, circle } = hierarchy::knot(all)?;
    let since = if from == Window::ALWAYS.from { String::new() } else { format!(" from {from} on") };
    let first = path.first().cloned().unwrap_or_default();
    let refusal = if circle {
        let way = path.join(" -> ");
        Refusal::invalid("cycle", format!("position {first} would stand above itself{since}: {way}"))
    } else {
        let sentence = format!("more than {MOST_LEVELS} positions would stand above position {first}{since}");
        Refusal::invalid("too_deep", sentence)
    };
    Some((first, refusal))
}
