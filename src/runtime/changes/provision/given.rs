//! The roles that users have through groups: kept in `users.roles` beside those that were given otherwise, so that
//! everybody who asks for roles finds them there.

use crate::model::directory::User;
use crate::model::ids::{BusinessId, UserId};
use crate::model::refusal::Refusal;
use crate::model::scim::group::Group;
use crate::plugins::Stop;
use crate::store::{Connection, StoreError, groups, users};
use std::collections::{BTreeMap, BTreeSet};

/// Makes a change of groups or members, and gives these users the roles that they have through groups afterwards. A
/// role that they had through a group and have through none any more is taken away.
pub(super) fn around(
    conn: &mut Connection,
    business: &BusinessId,
    who: &BTreeSet<UserId>,
    change: impl FnOnce(&mut Connection) -> Result<(), StoreError>,
) -> Result<(), Stop> {
    let ids: Vec<&str> = who.iter().map(UserId::as_str).collect();
    let before = through_groups(conn, business, &ids)?;
    change(conn)?;
    let after = through_groups(conn, business, &ids)?;
    let none = BTreeSet::new();
    let mut changed = Vec::new();
    for user in users::among(conn, business, &ids)? {
        let (before, after) = (before.get(&user.id).unwrap_or(&none), after.get(&user.id).unwrap_or(&none));
        let kept = user.roles.iter().filter(|role| !before.contains(*role) || after.contains(*role)).cloned();
        let mut roles: Vec<String> = kept.collect();
        let new: Vec<String> = after.iter().filter(|role| !roles.contains(role)).cloned().collect();
        roles.extend(new);
        if roles != user.roles {
            changed.push(User { roles, version: user.version + 1, ..user });
        }
    }
    Ok(users::save(conn, business, &changed)?)
}

/// The roles that these users have through groups.
fn through_groups(
    conn: &mut Connection,
    business: &BusinessId,
    users: &[&str],
) -> Result<BTreeMap<UserId, BTreeSet<String>>, StoreError> {
    let of_users = groups::of_users(conn, business, users)?;
    let roles =
        |(user, groups): (UserId, Vec<Group>)| (user, groups.into_iter().flat_map(|group| group.roles).collect());
    Ok(of_users.into_iter().map(roles).collect())
}

/// Refuses to take away by hand what a group gives: the next word of the directory would give it again.
pub(in crate::runtime::changes) fn keeps(
    conn: &mut Connection,
    business: &BusinessId,
    user: &User,
) -> Result<(), Stop> {
    match lacking(conn, business, std::slice::from_ref(user))?.pop() {
        None => Ok(()),
        Some((_, refusal)) => Err(refusal.into()),
    }
}

/// Those of these users who lack a role that a group gives them, with the refusal.
pub(in crate::runtime::changes) fn lacking(
    conn: &mut Connection,
    business: &BusinessId,
    all: &[User],
) -> Result<Vec<(UserId, Refusal)>, StoreError> {
    let ids: Vec<&str> = all.iter().map(|user| user.id.as_str()).collect();
    let of_users = groups::of_users(conn, business, &ids)?;
    let refused = all.iter().filter_map(|user| {
        let groups = of_users.get(&user.id)?;
        let lacks = |group: &&Group| group.roles.iter().any(|role| !user.roles.contains(role));
        let group = groups.iter().find(lacks)?;
        let role = group.roles.iter().find(|role| !user.roles.contains(role))?;
        let sentence = format!(
            "{} has the role \"{role}\" through the group \"{}\"; take {} out of it in the directory",
            user.id, group.name, user.id
        );
        Some((user.id.clone(), Refusal::conflict("role_of_group", sentence)))
    });
    Ok(refused.collect())
}
