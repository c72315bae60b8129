//! Who may do what: decided here alone, for REST, console and processes alike. The token's scopes are checked at the
//! door of the API; here stand the person's roles and how they relate to what they want to touch.

use super::request::Change;
use crate::engine;
use crate::model::actor::Actor;
use crate::model::definitions::Definitions;
use crate::model::directory::Client;
use crate::model::ids::UserId;
use crate::model::record_type::{RecordType, Relation};
use crate::model::refusal::Refusal;
use crate::model::task::UserTask;
use crate::store::visible::Visible;
use std::collections::BTreeSet;

/// May see and change users, positions and service accounts.
pub const ADMIN: &str = "admin";
/// May deploy, see every instance and mend incidents.
pub const PROCESS_ADMIN: &str = "process_admin";
/// May create businesses and change signing keys, which all businesses share.
pub const OPERATOR: &str = "operator";

/// Roles that nobody has through somebody else: neither a client that acts as a person, nor by the claims of an outside
/// issuer.
pub const NEVER_LENT: [&str; 3] = [ADMIN, PROCESS_ADMIN, OPERATOR];

/// Refuses a change that the caller's roles do not allow. What depends on a row (who may complete this task, who may
/// update this record) is decided where the row is read.
pub fn check(actor: &Actor, change: &Change) -> Result<(), Refusal> {
    match change {
        Change::Start { .. }
        | Change::ClaimTask(_)
        | Change::UnclaimTask(_)
        | Change::CompleteTask { .. }
        | Change::FireTimer(_)
        | Change::CreateRecord { .. }
        | Change::UpdateRecord { .. }
        | Change::Tidy
        | Change::LinkUser { .. }
        | Change::RevokeToken { .. } => Ok(()),
        Change::ChangePassword { .. } => in_person(actor),
        Change::RetryIncident(_) | Change::Deploy { .. } | Change::Activate { .. } => require(actor, PROCESS_ADMIN),
        Change::PutUnit(_)
        | Change::PutPosition(_)
        | Change::DeleteClient(_)
        | Change::RotateSecret { .. }
        | Change::VoidTokens(_)
        | Change::UnlinkUser(_) => require(actor, ADMIN),
        Change::PutUser { user, .. } => require(actor, ADMIN).and_then(|()| may_give(actor, &user.roles)),
        Change::PutClient { client, .. } => require(actor, ADMIN).and_then(|()| may_give(actor, &client.roles)),
        Change::CreateBusiness(_) | Change::RotateKey | Change::RetireKey(_) => require(actor, OPERATOR),
    }
}

/// Refuses to give a role, or to change an account that has it, which reaches further than the caller's business.
pub fn may_give(actor: &Actor, roles: &[String]) -> Result<(), Refusal> {
    if roles.iter().any(|role| role == OPERATOR) { require(actor, OPERATOR) } else { Ok(()) }
}

/// Refuses whoever acts as somebody else.
pub fn in_person(actor: &Actor) -> Result<(), Refusal> {
    match &actor.through {
        None => Ok(()),
        Some(client) => {
            let sentence = format!("only {} in person may do this, not the client {client}", actor.user);
            Err(Refusal::forbidden("not_in_person", sentence))
        }
    }
}

/// Whether a client may act as this person: by login, or by a role that the person has now.
pub fn may_act_as(client: &Client, user: &UserId, roles: &[String]) -> bool {
    client.act_as.iter().any(|who| match who.split_once(':') {
        Some(("user", login)) => login == user.as_str(),
        Some(("role", role)) => roles.iter().any(|has| has == role),
        _ => false,
    })
}

/// What a person's roles are worth to a client that acts as the person.
pub fn lent(roles: Vec<String>) -> BTreeSet<String> {
    roles.into_iter().filter(|role| !NEVER_LENT.contains(&role.as_str())).collect()
}

/// Refuses a caller without this role.
pub fn require(actor: &Actor, role: &str) -> Result<(), Refusal> {
    if actor.roles.contains(role) {
        return Ok(());
    }
    Err(Refusal::forbidden(
        "role_missing",
        format!("this needs the role \"{role}\", which {} does not have", actor.user),
    ))
}

/// Refuses a caller who may not start this process.
pub fn may_start(actor: &Actor, starters: &[String], process: &str) -> Result<(), Refusal> {
    if starters.is_empty() || starters.iter().any(|role| has(actor, role)) {
        return Ok(());
    }
    let roles = starters.join(", ");
    Err(Refusal::forbidden("not_starter", format!("process \"{process}\" may be started by {roles}")))
}

/// Whether the caller has a role, or claims were mapped to it: enough to start processes and to touch records. What needs
/// authority (tasks, approvals, administration) looks at `actor.roles` alone.
fn has(actor: &Actor, role: &str) -> bool {
    actor.roles.contains(role) || actor.mapped.contains(role)
}

/// How much of a record type a caller may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every record.
    All,
    /// Those it owns.
    Own,
    /// None.
    Nothing,
}

/// What these relations give this caller.
pub fn reach(actor: &Actor, relations: &[Relation]) -> Reach {
    let by_role = |relation: &Relation| matches!(relation, Relation::Role(role) if has(actor, role));
    if relations.iter().any(by_role) {
        Reach::All
    } else if relations.contains(&Relation::Owner) {
        Reach::Own
    } else {
        Reach::Nothing
    }
}

/// Whether these relations let the caller touch a record with this owner.
pub fn allows(actor: &Actor, relations: &[Relation], owner: Option<&str>) -> bool {
    match reach(actor, relations) {
        Reach::All => true,
        Reach::Own => owner == Some(actor.user.as_str()),
        Reach::Nothing => false,
    }
}

/// The record type, when the caller may see anything of it; else as if it were not there.
pub fn record_type<'d>(actor: &Actor, definitions: &'d Definitions, name: &str) -> Result<&'d RecordType, Refusal> {
    let found = definitions.records.get(name).filter(|found| {
        let relations = [&found.access.read, &found.access.create, &found.access.update];
        relations.into_iter().any(|relations| reach(actor, relations) != Reach::Nothing)
    });
    found.map(|found| &**found).ok_or_else(|| Refusal::not_found("record type", name))
}

/// Whether the caller may see an open task.
pub fn sees_task(actor: &Actor, task: &UserTask) -> bool {
    actor.roles.contains(PROCESS_ADMIN) || task.assignee.as_ref() == Some(&actor.user) || engine::may_claim(task, actor)
}

/// What the caller sees of tasks and instances, as the store asks it.
pub fn visible(actor: &Actor) -> Visible {
    Visible {
        user: actor.user.clone(),
        roles: actor.roles.iter().cloned().collect(),
        all: actor.roles.contains(PROCESS_ADMIN),
        processes: Vec::new(),
    }
}
