//! Storing and activating revisions. The same files as the active revision make no new one.

use crate::model::refusal::Refusal;
use crate::model::revision::Revision;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::job::Job;
use crate::runtime::library::Library;
use crate::runtime::request::Outcome;
use crate::store::revisions::{self, NewRevision};
use crate::store::{Connection, businesses};
use std::sync::Arc;

pub(super) fn deploy(
    conn: &mut Connection,
    job: &Job,
    library: &Arc<Library>,
    hash: &str,
    note: &str,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    if let Some(active) = active(conn, job)?
        && active.hash == hash
    {
        return Ok(Outcome::Revision(active));
    }
    let new = NewRevision { business, hash, created_by: &job.actor.user, created_at: now, note, files: &library.files };
    let stored = revisions::insert(conn, &new)?;
    revisions::activate(conn, business, stored.number)?;
    Ok(Outcome::Revision(stored))
}

pub(super) fn activate(conn: &mut Connection, job: &Job, number: i64) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    let found = revisions::find(conn, business, number)?.ok_or_else(|| Refusal::not_found("revision", number))?;
    revisions::activate(conn, business, number)?;
    Ok(Outcome::Revision(found))
}

fn active(conn: &mut Connection, job: &Job) -> Result<Option<Revision>, Stop> {
    let active = businesses::active_revisions(conn, std::slice::from_ref(&job.actor.business))?;
    match active.first() {
        Some((business, number)) => Ok(revisions::find(conn, business, *number)?),
        None => Ok(None),
    }
}
