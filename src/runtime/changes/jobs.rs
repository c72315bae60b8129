//! Taking jobs, and keeping one longer. Who has a job is no event of its instance: only what a worker reports is.

use crate::model::ids::JobId;
use crate::model::refusal::Refusal;
use crate::model::time::{Duration, Timestamp};
use crate::plugins::Stop;
use crate::runtime::ids;
use crate::runtime::job::Job;
use crate::runtime::request::{JobChange, Outcome};
use crate::runtime::writer::lease;
use crate::store::Connection;
use crate::store::jobs::{self, Taking};

/// Takes jobs, or keeps one.
pub fn carry_out(conn: &mut Connection, job: &Job, change: &JobChange, now: Timestamp) -> Result<Outcome, Stop> {
    match change {
        JobChange::Take { types, worker, most, lease } => take(conn, job, (types, worker, *most, lease), now),
        JobChange::Extend { job: id, lease, by } => extend(conn, job, id, lease, by, now),
        JobChange::Report { .. } => Err(super::another_way()),
    }
}

/// Takes what is to be done now, under one new lease.
fn take(
    conn: &mut Connection,
    job: &Job,
    (types, worker, most, lease): (&[String], &str, i64, &Duration),
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let token = ids::new();
    let business = &job.actor.business;
    let taking = Taking { business, types, worker, lease: &token, now, until: lease.after(now), most };
    Ok(Outcome::Jobs(jobs::take(conn, &taking)?))
}

/// The holder keeps the job until so long after now.
fn extend(
    conn: &mut Connection,
    job: &Job,
    id: &JobId,
    token: &str,
    by: &Duration,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    if let Some(kept) = jobs::extend(conn, business, id, token, by.after(now))? {
        return Ok(Outcome::Job(Box::new(kept)));
    }
    let found = jobs::find(conn, business, id)?.ok_or_else(|| Refusal::not_found("job", id))?;
    Err(lease::refused(found).into())
}
