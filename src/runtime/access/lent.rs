//! What somebody may do through somebody else, and what nobody gives away who does not have it.

use super::{ADMIN, OPERATOR, PROCESS_ADMIN, require};
use crate::model::actor::Actor;
use crate::model::directory::Client;
use crate::model::ids::UserId;
use crate::model::refusal::Refusal;
use std::collections::BTreeSet;

/// Roles that nobody has through somebody else: neither a client that acts as a person, nor by the claims of an outside
/// issuer.
pub const NEVER_LENT: [&str; 3] = [ADMIN, PROCESS_ADMIN, OPERATOR];

/// What a person's roles are worth to a client that acts as the person.
pub fn lent(roles: Vec<String>) -> BTreeSet<String> {
    roles.into_iter().filter(|role| !NEVER_LENT.contains(&role.as_str())).collect()
}

/// Whether a client may act as this person: by login, or by a role that the person has now.
pub fn may_act_as(client: &Client, user: &UserId, roles: &[String]) -> bool {
    client.act_as.iter().any(|who| match who.split_once(':') {
        Some(("user", login)) => login == user.as_str(),
        Some(("role", role)) => roles.iter().any(|has| has == role),
        _ => false,
    })
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

/// Refuses to give a role, or to change an account that has it, which reaches further than the caller's business.
pub fn may_give(actor: &Actor, roles: &[String]) -> Result<(), Refusal> {
    if roles.iter().any(|role| role == OPERATOR) { require(actor, OPERATOR) } else { Ok(()) }
}
