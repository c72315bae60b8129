//! Storing and activating revisions. The same files as the active revision make no new one.

use crate::model::refusal::Refusal;
use crate::model::revision::Revision;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::evolution::{self, Comparison};
use crate::runtime::job::Job;
use crate::runtime::request::Outcome;
use crate::runtime::schedules;
use crate::runtime::shared::Shared;
use crate::store::revisions::{self, NewRevision};
use crate::store::{Connection, businesses, records};

pub(super) fn deploy(
    conn: &mut Connection,
    job: &Job,
    comparison: &Comparison,
    hash: &str,
    note: &str,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    records::lock_types(conn, business)?;
    let active = active(conn, job)?;
    if let Some(active) = &active
        && active.hash == hash
    {
        return Ok(Outcome::Revision(active.clone()));
    }
    evolution::recheck(conn, business, comparison, active.map(|active| active.number))?;
    let files = &comparison.library.files;
    let new = NewRevision { business, hash, created_by: &job.actor.user, created_at: now, note, files };
    let stored = revisions::insert(conn, &new)?;
    make_active(conn, job, comparison, stored.number, now)?;
    Ok(Outcome::Revision(stored))
}

pub(super) fn activate(
    conn: &mut Connection,
    job: &Job,
    comparison: &Comparison,
    number: i64,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    records::lock_types(conn, business)?;
    let found = revisions::find(conn, business, number)?.ok_or_else(|| Refusal::not_found("revision", number))?;
    let active = active(conn, job)?.map(|active| active.number);
    evolution::recheck(conn, business, comparison, active)?;
    make_active(conn, job, comparison, number, now)?;
    Ok(Outcome::Revision(found))
}

/// Looks whether the records of the active revision were brought to what this program makes of its files.
pub(super) fn restamp(shared: &Shared, conn: &mut Connection, job: &Job, now: Timestamp) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    records::lock_types(conn, business)?;
    let library = shared.libraries.active(conn, business)?;
    evolution::restamp(conn, business, &library, now)?;
    Ok(Outcome::Done { about: job.actor.user.clone() })
}

fn make_active(
    conn: &mut Connection,
    job: &Job,
    comparison: &Comparison,
    number: i64,
    now: Timestamp,
) -> Result<(), Stop> {
    let business = &job.actor.business;
    revisions::activate(conn, business, number)?;
    schedules::renew(conn, business, &comparison.library, now)?;
    for change in &comparison.changes {
        evolution::open(conn, business, change, number, now)?;
    }
    Ok(())
}

fn active(conn: &mut Connection, job: &Job) -> Result<Option<Revision>, Stop> {
    let active = businesses::active_revisions(conn, std::slice::from_ref(&job.actor.business))?;
    match active.first() {
        Some((business, number)) => Ok(revisions::find(conn, business, *number)?),
        None => Ok(None),
    }
}
