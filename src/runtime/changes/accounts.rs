//! What decides whether tokens of somebody are good: passwords, accounts of outside issuers, and since when.

use super::people::{named, taken};
use crate::model::directory::User;
use crate::model::ids::UserId;
use crate::model::json::JsonMap;
use crate::model::refusal::Refusal;
use crate::model::secret::Secret;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::access;
use crate::runtime::job::Job;
use crate::runtime::request::{Holder, Outcome};
use crate::store::standing::{self, Link};
use crate::store::{Connection, businesses, clients, users};

pub(super) fn change_password(
    conn: &mut Connection,
    job: &Job,
    seen: &Secret,
    hash: &Secret,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let (business, user) = (&job.actor.business, &job.actor.user);
    if !standing::replace_password(conn, business, user, seen.reveal(), hash.reveal(), now)? {
        let sentence = "the password was changed by somebody else in the meantime";
        return Err(Refusal::conflict("password_changed", sentence).into());
    }
    Ok(Outcome::Done { about: user.clone() })
}

/// The first sign-in with an outside issuer. Whether it may was asked before; here nobody comes in between.
pub(super) fn link(
    conn: &mut Connection,
    job: &Job,
    id: &UserId,
    name: &str,
    link: &Link,
    create: bool,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    let present = standing::find(conn, business, id)?;
    if access::to_link(present.as_ref(), id, link, create)? {
        if present.is_none() {
            made(conn, job, id, name, now)?;
            tracing::info!(%business, user = %id, issuer = link.issuer, "an outside issuer brought a new user");
        }
        standing::link(conn, business, id, link)?;
    }
    Ok(Outcome::Done { about: id.clone() })
}

fn made(conn: &mut Connection, job: &Job, id: &UserId, name: &str, now: Timestamp) -> Result<(), Stop> {
    let business = &job.actor.business;
    named(id.as_str(), "login")?;
    if businesses::find(conn, business)?.is_none() {
        return Err(Refusal::not_found("business", business).into());
    }
    if clients::find(conn, business, id.as_str())?.is_some() {
        return Err(taken(id.as_str(), "a service account").into());
    }
    let user = User {
        id: id.clone(),
        name: name.to_owned(),
        active: true,
        roles: Vec::new(),
        attributes: JsonMap::new(),
        created_at: now,
        version: 1,
    };
    Ok(users::upsert(conn, business, &user)?)
}

pub(super) fn unlink(conn: &mut Connection, job: &Job, id: &UserId, now: Timestamp) -> Result<Outcome, Stop> {
    there(conn, job, id)?;
    standing::unlink(conn, &job.actor.business, id, now)?;
    Ok(Outcome::Done { about: id.clone() })
}

pub(super) fn void_tokens(conn: &mut Connection, job: &Job, holder: &Holder, now: Timestamp) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    match holder {
        Holder::User(id) => {
            there(conn, job, id)?;
            standing::void_tokens(conn, business, id, now)?;
            Ok(Outcome::Done { about: id.clone() })
        }
        Holder::Client(id) => {
            let found = clients::find(conn, business, id)?.ok_or_else(|| Refusal::not_found("client", id))?;
            let tokens_since = now.max(Timestamp(found.tokens_since.0 + 1));
            clients::upsert(conn, &clients::Account { tokens_since, ..found })?;
            Ok(Outcome::Done { about: UserId::from(id.as_str()) })
        }
    }
}

fn there(conn: &mut Connection, job: &Job, id: &UserId) -> Result<(), Stop> {
    match users::find(conn, &job.actor.business, id)? {
        Some(_) => Ok(()),
        None => Err(Refusal::not_found("user", id).into()),
    }
}
