//! What a business says of its roles.

use super::people::named;
use super::stale::unchanged;
use crate::model::authority::Limits;
use crate::model::directory::Role;
use crate::plugins::Stop;
use crate::runtime::job::Job;
use crate::runtime::request::Outcome;
use crate::store::{Connection, roles};

pub(super) fn put(conn: &mut Connection, job: &Job, name: &str, limits: &Limits) -> Result<Outcome, Stop> {
    named(name, "role")?;
    let business = &job.actor.business;
    let present = roles::find(conn, business, name)?;
    let version = present.as_ref().map_or(0, |present| present.version);
    unchanged(job.if_match, "role", name, version, present.as_ref())?;
    let role = Role { name: name.to_owned(), limits: limits.clone(), version: version + 1 };
    roles::upsert(conn, business, &role)?;
    Ok(Outcome::Role(role))
}
