//! Users of an outside directory: created, changed, and gone, which to us means not active: history, tasks and records
//! name them for ever.

use super::super::people::{keep, named, taken as held};
use super::super::stale::unchanged;
use super::given;
use super::taken;
use crate::model::directory::User;
use crate::model::ids::UserId;
use crate::model::json::JsonMap;
use crate::model::refusal::Refusal;
use crate::model::scim::edit::Edit;
use crate::model::scim::person::{self, Person, Profile, Provisioned};
use crate::model::scim::provision;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::access;
use crate::runtime::job::Job;
use crate::runtime::request::Outcome;
use crate::store::profiles::{self, Kept};
use crate::store::{Connection, clients, groups, standing, users};
use std::collections::BTreeSet;

pub(super) fn create(conn: &mut Connection, job: &Job, edits: &[Edit], now: Timestamp) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    let login = person::login(edits)?;
    named(login.as_str(), "login")?;
    if clients::find(conn, business, login.as_str())?.is_some() {
        return Err(held(login.as_str(), "a service account").into());
    }
    let before = profiles::named(conn, business, &login)?;
    let (id, created_at, version) = match &before {
        // Who was deleted and is created again is the same person to history, and begins without rights.
        Some(user) if !user.active && profiles::find(conn, business, &user.id)?.deleted => {
            access::may_give(&job.actor, &user.roles)?;
            (user.id.clone(), user.created_at, user.version)
        }
        Some(user) => return Err(taken(format!("there is already a user \"{}\"", user.id))),
        None => (login, now, 0),
    };
    let person = Person::new(id.clone()).with(edits)?;
    let user = User {
        id,
        name: person.shown_name(),
        active: person.active,
        roles: Vec::new(),
        attributes: JsonMap::new(),
        created_at,
        version: version + 1,
    };
    keep(conn, business, before.as_ref(), &user, now)?;
    if before.is_some() {
        // Somebody may have tried to sign in meanwhile, and been linked.
        standing::forget(conn, business, &user.id, now)?;
    }
    profiles::save(conn, business, &user.id, &Kept { profile: person.profile.clone(), deleted: false })?;
    shown(conn, job, user, person.profile)
}

pub(super) fn replace(
    conn: &mut Connection,
    job: &Job,
    id: &UserId,
    edits: &[Edit],
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let (user, profile) = seen(conn, job, id)?;
    let person = Person::new(user.id.clone()).with(edits)?;
    write(conn, job, user, profile, person, now)
}

pub(super) fn patch(
    conn: &mut Connection,
    job: &Job,
    id: &UserId,
    edits: &[Edit],
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let (user, profile) = seen(conn, job, id)?;
    let present = Person {
        login: user.id.clone(),
        display_name: Some(user.name.clone()),
        active: user.active,
        profile: profile.clone(),
    };
    let person = present.with(edits)?;
    write(conn, job, user, profile, person, now)
}

/// Hides a user from the directory and takes away all rights. Password and accounts go too: whoever gets this login
/// next may be somebody else.
pub(super) fn delete(conn: &mut Connection, job: &Job, id: &UserId, now: Timestamp) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    let (user, _) = seen(conn, job, id)?;
    access::may_give(&job.actor, &user.roles)?;
    let who = BTreeSet::from([user.id.clone()]);
    given::around(conn, business, &who, |conn| groups::leave_all(conn, business, &user.id))?;
    let gone = User { active: false, roles: Vec::new(), version: user.version + 1, ..user.clone() };
    keep(conn, business, Some(&user), &gone, now)?;
    standing::forget(conn, business, &user.id, now)?;
    profiles::save(conn, business, &user.id, &Kept { profile: Profile::default(), deleted: true })?;
    Ok(Outcome::Done { about: user.id })
}

/// A user that the directory sees, at the version that it saw.
fn seen(conn: &mut Connection, job: &Job, id: &UserId) -> Result<(User, Profile), Stop> {
    let business = &job.actor.business;
    let not_there = || Refusal::not_found("user", id);
    let user = users::find(conn, business, id)?.ok_or_else(not_there)?;
    let kept = profiles::find(conn, business, id)?;
    if kept.deleted && !user.active {
        return Err(not_there().into());
    }
    unchanged(job.if_match, "user", id.as_str(), user.version, None::<&User>)?;
    Ok((user, kept.profile))
}

/// Writes what changed; the same said again changes nothing.
fn write(
    conn: &mut Connection,
    job: &Job,
    before: User,
    profile: Profile,
    person: Person,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    let user = User { name: person.shown_name(), active: person.active, ..before.clone() };
    if user == before && person.profile == profile {
        return shown(conn, job, user, profile);
    }
    access::may_give(&job.actor, &before.roles)?;
    let user = User { version: before.version + 1, ..user };
    keep(conn, business, Some(&before), &user, now)?;
    profiles::save(conn, business, &user.id, &Kept { profile: person.profile.clone(), deleted: false })?;
    shown(conn, job, user, person.profile)
}

fn shown(conn: &mut Connection, job: &Job, user: User, profile: Profile) -> Result<Outcome, Stop> {
    let of_users = groups::of_users(conn, &job.actor.business, &[user.id.as_str()])?;
    let groups = of_users.into_values().flatten().map(|group| (group.id, group.name)).collect();
    Ok(Outcome::Provisioned(Box::new(provision::Provisioned::User(Provisioned { user, profile, groups }))))
}
