//! Substitutions: said by the person who is stood in for, by a superior of that person or by an administrator; never by
//! whoever would stand in alone, since nobody gives authority to themselves.

use super::absences::{holds, not_yours};
use super::stale::unchanged;
use crate::model::absence::Substitution;
use crate::model::ids::UserId;
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::model::window::Window;
use crate::plugins::Stop;
use crate::runtime::job::Job;
use crate::runtime::request::{Odd, Outcome};
use crate::runtime::{access, ids};
use crate::store::{Connection, absences, substitutions, superiors, users};
use std::collections::BTreeSet;

pub(super) fn create(conn: &mut Connection, job: &Job, new: &Substitution, now: Timestamp) -> Result<Outcome, Stop> {
    if users::find(conn, &job.actor.business, &new.for_user)?.is_none() {
        return Err(Refusal::invalid("not_there", format!("there is no user \"{}\"", new.for_user)).into());
    }
    if !access::speaks_for(conn, &job.actor, &new.for_user, now)? {
        return Err(not_yours(&new.for_user, "who stands in").into());
    }
    keep(conn, job, Substitution { id: ids::new(), version: 1, ..new.clone() })
}

/// What was in force stays on record: a substitution that has begun can only be given another end.
pub(super) fn update(conn: &mut Connection, job: &Job, new: &Substitution, now: Timestamp) -> Result<Outcome, Stop> {
    let present = present(conn, job, &new.id, now)?;
    let new = Substitution { for_user: present.for_user.clone(), version: present.version + 1, ..new.clone() };
    if present.window.from <= now {
        let to = new.window.to;
        let window = Window { to, ..present.window };
        let same = new == Substitution { window, version: new.version, ..present.clone() };
        if !same || present.window.to <= now || to < now {
            return Err(begun(&present, "only its end can be changed, to a time that is not over").into());
        }
    }
    keep(conn, job, new)
}

pub(super) fn delete(conn: &mut Connection, job: &Job, id: &str, now: Timestamp) -> Result<Outcome, Stop> {
    let present = present(conn, job, id, now)?;
    if present.window.from <= now {
        return Err(begun(&present, "make it end instead").into());
    }
    substitutions::delete(conn, &job.actor.business, id)?;
    Ok(Outcome::Done { about: present.user })
}

/// The substitution, when the caller may change it, at the version that the caller saw.
fn present(conn: &mut Connection, job: &Job, id: &str, now: Timestamp) -> Result<Substitution, Stop> {
    let gone = || Refusal::not_found("substitution", id);
    let present = substitutions::find(conn, &job.actor.business, id)?.ok_or_else(gone)?;
    if !access::speaks_for(conn, &job.actor, &present.for_user, now)? {
        let sees = present.user == job.actor.user;
        let refusal = if sees { not_yours(&present.for_user, "who stands in") } else { gone() };
        return Err(refusal.into());
    }
    unchanged(job.if_match, "substitution", id, present.version, Some(&present))?;
    Ok(present)
}

fn keep(conn: &mut Connection, job: &Job, new: Substitution) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    holds(new.window)?;
    if new.user == new.for_user {
        return Err(Refusal::invalid("own_substitute", format!("{} cannot stand in for {}", new.user, new.user)).into());
    }
    match users::find(conn, business, &new.user)? {
        Some(user) if user.active => {}
        Some(_) => {
            let sentence = format!("{} is not active and cannot stand in for anybody", new.user);
            return Err(Refusal::invalid("inactive_user", sentence).into());
        }
        None => return Err(Refusal::invalid("not_there", format!("there is no user \"{}\"", new.user)).into()),
    }
    superiors::lock(conn, business)?;
    let mut others = substitutions::within(conn, business, new.window)?;
    others.retain(|other| other.id != new.id);
    if let Some((way, window)) = circle(&others, &new) {
        let way = way.join(" for ");
        let sentence = format!("they would stand in for one another in a circle from {}: {way}", window.from);
        return Err(Refusal::conflict("substitution_loop", sentence).into());
    }
    substitutions::upsert(conn, business, &new)?;
    let odd = absences::covers(conn, business, &new.user, new.window)?.then_some(Odd::SubstituteAbsent);
    Ok(Outcome::Substitution(new, odd.into_iter().collect()))
}

/// The way on which who is stood in for acts, perhaps over others, for who would stand in, all in one time.
fn circle(others: &[Substitution], new: &Substitution) -> Option<(Vec<String>, Window)> {
    let mut open = vec![(vec![&new.user, &new.for_user], new.window)];
    let mut seen = BTreeSet::new();
    while let Some((way, time)) = open.pop() {
        let last = way.last().copied()?;
        for next in others.iter().filter(|next| next.user == *last) {
            let Some(time) = next.window.overlap(time) else { continue };
            let way: Vec<&UserId> = way.iter().copied().chain([&next.for_user]).collect();
            if next.for_user == new.user {
                return Some((way.into_iter().map(|user| user.0.clone()).collect(), time));
            }
            if seen.insert((&next.for_user, time)) {
                open.push((way, time));
            }
        }
    }
    None
}

fn begun(present: &Substitution, what: &str) -> Refusal {
    let sentence = format!("substitution {} began at {}; {what}", present.id, present.window.from);
    Refusal::conflict("already_begun", sentence)
}
