//! Groups of an outside directory, and which roles they give: those that the configuration says for their name, or the
//! role of the pack that has their name. A group that gives no role is kept all the same.

use super::super::stale::unchanged;
use super::{given, taken};
use crate::model::ids::{BusinessId, UserId};
use crate::model::refusal::Refusal;
use crate::model::scim::edit::Edit;
use crate::model::scim::group::{Draft, Group, Provisioned};
use crate::model::scim::provision;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::access::NEVER_LENT;
use crate::runtime::ids;
use crate::runtime::job::Job;
use crate::runtime::request::Outcome;
use crate::runtime::shared::Shared;
use crate::store::{Connection, businesses, groups, profiles, users};
use std::collections::BTreeSet;

pub(super) fn create(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    edits: &[Edit],
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let draft = Draft::default().with(edits)?;
    let group = Group {
        id: ids::new(),
        name: draft.named()?.to_owned(),
        external_id: None,
        roles: Vec::new(),
        created_at: now,
        version: 0,
    };
    write(shared, conn, job, group, &BTreeSet::new(), draft)
}

pub(super) fn replace(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    id: &str,
    edits: &[Edit],
) -> Result<Outcome, Stop> {
    let (group, members) = seen(conn, job, id)?;
    let draft = Draft::default().with(edits)?;
    write(shared, conn, job, group, &members, draft)
}

pub(super) fn patch(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    id: &str,
    edits: &[Edit],
) -> Result<Outcome, Stop> {
    let (group, members) = seen(conn, job, id)?;
    let present =
        Draft { name: Some(group.name.clone()), external_id: group.external_id.clone(), members: members.clone() };
    write(shared, conn, job, group, &members, present.with(edits)?)
}

pub(super) fn delete(conn: &mut Connection, job: &Job, id: &str) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    let (group, members) = seen(conn, job, id)?;
    given::around(conn, business, &members, |conn| groups::delete(conn, business, &group.id))?;
    Ok(Outcome::Done { about: UserId(group.id) })
}

/// Gives every group the roles that it gives now, where they are others than before.
pub(super) fn settle(shared: &Shared, conn: &mut Connection, job: &Job) -> Result<(), Stop> {
    let business = &job.actor.business;
    if groups::list(conn, business)?.is_empty() {
        return Ok(());
    }
    let declared = declared(shared, conn, business)?;
    settle_by(shared, conn, job, &declared)
}

/// The same by these roles of a pack.
pub(super) fn settle_by(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    declared: &BTreeSet<String>,
) -> Result<(), Stop> {
    let business = &job.actor.business;
    let mut changed = Vec::new();
    for group in groups::list(conn, business)? {
        // A name that means two roles is refused where somebody can mend it; here it gives none.
        let roles = roles(shared, business, declared, &group.name).unwrap_or_default();
        if roles != group.roles {
            changed.push(Group { roles, version: group.version + 1, ..group });
        }
    }
    let ids: Vec<&str> = changed.iter().map(|group| group.id.as_str()).collect();
    let members = groups::members(conn, business, &ids)?.into_iter().map(|(_, user, _)| user).collect();
    given::around(conn, business, &members, |conn| groups::save(conn, business, &changed))
}

/// A group and its members, at the version that the directory saw.
fn seen(conn: &mut Connection, job: &Job, id: &str) -> Result<(Group, BTreeSet<UserId>), Stop> {
    let business = &job.actor.business;
    let group = groups::find(conn, business, id)?.ok_or_else(|| Refusal::not_found("group", id))?;
    unchanged(job.if_match, "group", id, group.version, None::<&Group>)?;
    let members = groups::members(conn, business, &[id])?.into_iter().map(|(_, user, _)| user).collect();
    Ok((group, members))
}

/// Writes what changed; the same said again changes nothing.
fn write(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    before: Group,
    members: &BTreeSet<UserId>,
    draft: Draft,
) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    let name = draft.named()?.to_owned();
    if groups::named(conn, business, &name)?.is_some_and(|other| other.id != before.id) {
        return Err(taken(format!("there is already a group \"{name}\"")));
    }
    let declared = declared(shared, conn, business)?;
    let roles = roles(shared, business, &declared, &name)?;
    let entering: Vec<&UserId> = draft.members.difference(members).collect();
    let leaving: Vec<&UserId> = members.difference(&draft.members).collect();
    there(conn, business, &entering)?;
    let group = Group { name, roles, external_id: draft.external_id.clone(), ..before.clone() };
    if group == before && entering.is_empty() && leaving.is_empty() && before.version > 0 {
        return shown(conn, business, group);
    }
    let group = Group { version: before.version + 1, ..group };
    let mut who: BTreeSet<UserId> = entering.iter().chain(&leaving).map(|user| (*user).clone()).collect();
    if group.roles != before.roles {
        who.extend(draft.members.iter().cloned());
    }
    given::around(conn, business, &who, |conn| {
        groups::save(conn, business, std::slice::from_ref(&group))?;
        groups::leave(conn, business, &group.id, &leaving)?;
        groups::enter(conn, business, &group.id, &entering)
    })?;
    shown(conn, business, group)
}

fn shown(conn: &mut Connection, business: &BusinessId, group: Group) -> Result<Outcome, Stop> {
    let members = groups::members(conn, business, &[group.id.as_str()])?;
    let members = Some(members.into_iter().map(|(_, user, name)| (user, name)).collect());
    Ok(Outcome::Provisioned(Box::new(provision::Provisioned::Group(Provisioned { group, members }))))
}

/// Refuses members that are no users, or that the directory deleted.
fn there(conn: &mut Connection, business: &BusinessId, members: &[&UserId]) -> Result<(), Stop> {
    let ids: Vec<&str> = members.iter().map(|user| user.as_str()).collect();
    let found = users::among(conn, business, &ids)?;
    let kept = profiles::among(conn, business, &ids)?;
    let seen = |user: &&&UserId| {
        let deleted = kept.get(**user).is_some_and(|kept| kept.deleted);
        found.iter().any(|found| found.id == ***user && (found.active || !deleted))
    };
    match members.iter().find(|user| !seen(user)) {
        None => Ok(()),
        Some(missing) => Err(Refusal::invalid("scim_value", format!("there is no user \"{missing}\"")).into()),
    }
}

/// The roles that the active pack declares; none before the first deployment.
fn declared(shared: &Shared, conn: &mut Connection, business: &BusinessId) -> Result<BTreeSet<String>, Stop> {
    if businesses::active_revisions(conn, std::slice::from_ref(business))?.is_empty() {
        return Ok(BTreeSet::new());
    }
    let library = shared.libraries.active(conn, business)?;
    Ok(library.definitions.pack.roles.keys().cloned().collect())
}

/// The roles that a group of this name gives. Administration is given by configuration alone, never because somebody
/// called a group so.
fn roles(
    shared: &Shared,
    business: &BusinessId,
    declared: &BTreeSet<String>,
    name: &str,
) -> Result<Vec<String>, Refusal> {
    let mapped = shared.group_roles.get(business).into_iter().flatten();
    if let Some((_, roles)) = mapped.into_iter().find(|(group, _)| group.eq_ignore_ascii_case(name)) {
        return Ok(roles.clone());
    }
    let lent = declared.iter().filter(|role| !NEVER_LENT.contains(&role.as_str()));
    let same: Vec<&String> = lent.filter(|role| role.eq_ignore_ascii_case(name)).collect();
    match same.as_slice() {
        [first, second, ..] => Err(Refusal::invalid(
            "scim_value",
            format!("the group \"{name}\" could be the role \"{first}\" or \"{second}\"; say which in kamflow.yaml"),
        )),
        few => Ok(few.iter().map(|role| (*role).clone()).collect()),
    }
}
