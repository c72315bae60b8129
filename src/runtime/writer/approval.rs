//! One more approver: the caller sees the approval and may add somebody, and who is added is an active user, with roles and
//! attributes of now.

use super::intervention;
use crate::engine;
use crate::model::command::Command;
use crate::model::ids::{UserId, token_number};
use crate::model::instance::Instance;
use crate::model::json::Json;
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::model::voting::Approver;
use crate::plugins::Stop;
use crate::runtime::job::Job;
use crate::runtime::shared::Shared;
use crate::runtime::shelf::Shelf;
use crate::runtime::{access, reads};
use crate::store::{Connection, users};

/// The command that adds somebody.
pub fn add(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    (instance, shelf): (&Instance, &Shelf),
    (approval, user, reason): (&str, &UserId, &str),
    now: Timestamp,
) -> Result<Command, Stop> {
    let actor = &job.actor;
    let gone = || Refusal::not_found("approval", approval);
    let token = token_number(&instance.id, approval).ok_or_else(gone)?;
    reads::approvals::find(conn, shared, actor, approval)?;
    engine::may_add_approver(instance, token, &shelf.context(actor, now)).map_err(Refusal::from)?;
    let reason = intervention::required(Some(reason))?;
    access::person(conn, actor, user)?;
    let found = users::find(conn, &actor.business, user)?.ok_or_else(|| Refusal::not_found("user", user))?;
    let (attributes, above) = (Json::Object(found.attributes), Vec::new());
    let person = Approver { user: found.id, roles: found.roles, attributes, above };
    Ok(Command::AddApprover { approval: token, person, reason })
}
