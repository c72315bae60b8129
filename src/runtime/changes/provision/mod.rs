//! What an outside directory writes over SCIM: users, groups, and the roles that users have through groups.
//!
//! One directory writes at a time in a business, over all nodes: two requests for one name must not both find it free.

mod given;
mod groups;
mod users;

use crate::model::refusal::Refusal;
use crate::model::scim::provision::Provision;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::job::Job;
use crate::runtime::library::Library;
use crate::runtime::request::Outcome;
use crate::runtime::shared::Shared;
use crate::store::{Connection, superiors};

pub(super) use given::{keeps, lacking};

/// Carries out a request of a directory.
pub(super) fn carry_out(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    request: &Provision,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    superiors::lock(conn, &job.actor.business)?;
    let outcome = match request {
        Provision::CreateUser(edits) => users::create(conn, job, edits, now),
        Provision::ReplaceUser(id, edits) => users::replace(conn, job, id, edits, now),
        Provision::PatchUser(id, edits) => users::patch(conn, job, id, edits, now),
        Provision::DeleteUser(id) => users::delete(conn, job, id, now),
        Provision::CreateGroup(edits) => groups::create(shared, conn, job, edits, now),
        Provision::ReplaceGroup(id, edits) => groups::replace(shared, conn, job, id, edits),
        Provision::PatchGroup(id, edits) => groups::patch(shared, conn, job, id, edits),
        Provision::DeleteGroup(id) => groups::delete(conn, job, id),
    }?;
    let about = match &outcome {
        Outcome::Provisioned(written) => written.id(),
        _ => request.id(),
    };
    tracing::info!(business = %job.actor.business, by = %job.actor.user, verb = request.verb(), about, "a directory wrote");
    Ok(outcome)
}

/// Gives what groups give by the active pack and the configuration as they are now.
pub(super) fn settle(shared: &Shared, conn: &mut Connection, job: &Job) -> Result<(), Stop> {
    superiors::lock(conn, &job.actor.business)?;
    groups::settle(shared, conn, job)
}

/// The same by a pack that is about to be the active one.
pub(super) fn settle_by(shared: &Shared, conn: &mut Connection, job: &Job, library: &Library) -> Result<(), Stop> {
    superiors::lock(conn, &job.actor.business)?;
    groups::settle_by(shared, conn, job, &library.definitions.pack.roles.keys().cloned().collect())
}

/// A name that somebody else has (`uniqueness`).
fn taken(sentence: String) -> Stop {
    Refusal::conflict("scim_uniqueness", sentence).into()
}
