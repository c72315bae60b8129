//! Absences: said by the person, by a superior or by an administrator.

use super::stale::unchanged;
use crate::model::absence::Absence;
use crate::model::ids::UserId;
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::model::window::Window;
use crate::plugins::Stop;
use crate::runtime::job::Job;
use crate::runtime::request::Outcome;
use crate::runtime::{access, ids};
use crate::store::{Connection, absences, users};

pub(super) fn create(conn: &mut Connection, job: &Job, absence: &Absence, now: Timestamp) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    holds(absence.window)?;
    if users::find(conn, business, &absence.user)?.is_none() {
        return Err(Refusal::invalid("not_there", format!("there is no user \"{}\"", absence.user)).into());
    }
    if !access::speaks_for(conn, &job.actor, &absence.user, now)? {
        return Err(not_yours(&absence.user, "when they are away").into());
    }
    let absence = Absence { id: ids::new(), version: 1, ..absence.clone() };
    absences::upsert(conn, business, &absence)?;
    Ok(Outcome::Absence(absence))
}

pub(super) fn update(conn: &mut Connection, job: &Job, absence: &Absence, now: Timestamp) -> Result<Outcome, Stop> {
    let present = present(conn, job, &absence.id, now)?;
    holds(absence.window)?;
    let Absence { window, note, .. } = absence.clone();
    let absence = Absence { window, note, version: present.version + 1, ..present };
    absences::upsert(conn, &job.actor.business, &absence)?;
    Ok(Outcome::Absence(absence))
}

pub(super) fn delete(conn: &mut Connection, job: &Job, id: &str, now: Timestamp) -> Result<Outcome, Stop> {
    let present = present(conn, job, id, now)?;
    absences::delete(conn, &job.actor.business, id)?;
    Ok(Outcome::Done { about: present.user })
}

/// The absence, when the caller may see it, at the version that the caller saw.
fn present(conn: &mut Connection, job: &Job, id: &str, now: Timestamp) -> Result<Absence, Stop> {
    let gone = || Refusal::not_found("absence", id);
    let present = absences::find(conn, &job.actor.business, id)?.ok_or_else(gone)?;
    if !access::speaks_for(conn, &job.actor, &present.user, now)? {
        return Err(gone().into());
    }
    unchanged(job.if_match, "absence", id, present.version, Some(&present))?;
    Ok(present)
}

/// Refuses a time without an instant in it.
pub(super) fn holds(window: Window) -> Result<(), Refusal> {
    if window.is_empty() {
        return Err(Refusal::invalid("empty_time", "it ends before it begins; \"to\" is after \"from\""));
    }
    Ok(())
}

pub(super) fn not_yours(user: &UserId, what: &str) -> Refusal {
    let sentence = format!("only {user}, a superior of {user} or an administrator may say {what}");
    Refusal::forbidden("not_yours", sentence)
}
