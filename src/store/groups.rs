//! Groups of an outside directory, their members, and the roles that these have through them.

use super::condition;
use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::profiles::Part;
use super::schema::Row;
use super::schema::provisioning::{GroupRow, MemberRow, directory_groups};
use super::set::{self, Taken};
use super::statement::Statement;
use crate::model::ids::{BusinessId, UserId};
use crate::model::scim::group::Group;
use crate::model::time::Timestamp;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::collections::{BTreeMap, BTreeSet};

/// A group.
pub fn find(conn: &mut Connection, business: &BusinessId, id: &str) -> Result<Option<Group>, StoreError> {
    directory_groups::table.find((business.as_str(), id)).first::<GroupRow>(conn).optional()?.map(read).transpose()
}

/// The group of this name in any case of its letters.
pub fn named(conn: &mut Connection, business: &BusinessId, name: &str) -> Result<Option<Group>, StoreError> {
    let mut statement =
        Statement::new(format!("SELECT {} FROM directory_groups AS t WHERE t.business = ", GroupRow::list("t.")));
    statement.text(business.as_str()).sql(" AND LOWER(t.name) = ").text(name.to_ascii_lowercase());
    statement.load::<<GroupRow as Row>::Types, GroupRow>(conn)?.into_iter().next().map(read).transpose()
}

/// All groups of a business, by id.
pub fn list(conn: &mut Connection, business: &BusinessId) -> Result<Vec<Group>, StoreError> {
    let rows = directory_groups::table
        .filter(directory_groups::business.eq(business.as_str()))
        .order(directory_groups::id.asc())
        .load::<GroupRow>(conn)?;
    rows.into_iter().map(read).collect()
}

/// A part of the groups, by id.
pub fn search(conn: &mut Connection, part: &Part) -> Result<Vec<Group>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {}", GroupRow::list("t.")));
    filter(&mut statement, part);
    statement.sql(" ORDER BY t.id LIMIT ").int(part.limit).sql(" OFFSET ").int(part.skip);
    statement.load::<<GroupRow as Row>::Types, GroupRow>(conn)?.into_iter().map(read).collect()
}

/// How many there are, exactly.
pub fn count(conn: &mut Connection, part: &Part) -> Result<i64, StoreError> {
    let mut statement = Statement::new("SELECT COUNT(*)");
    filter(&mut statement, part);
    Ok(statement.load::<BigInt, i64>(conn)?.into_iter().next().unwrap_or(0))
}

fn filter<'a>(statement: &mut Statement<'a>, part: &'a Part) {
    statement.sql(" FROM directory_groups AS t WHERE t.business = ").text(part.business.as_str());
    if let Some(condition) = &part.condition {
        statement.sql(" AND ");
        condition::push(statement, &part.business, condition);
    }
}

/// Adds groups or replaces those with their ids; members stay.
pub fn save(conn: &mut Connection, business: &BusinessId, groups: &[Group]) -> Result<(), StoreError> {
    let row = |group: &Group| {
        Ok(GroupRow {
            business: business.0.clone(),
            id: group.id.clone(),
            name: group.name.clone(),
            external_id: group.external_id.clone(),
            roles: json::text(&group.roles)?,
            created_at: group.created_at.0,
            version: group.version,
        })
    };
    let rows = groups.iter().map(row).collect::<Result<Vec<_>, StoreError>>()?;
    set::insert(conn, &rows, Taken::Replace)
}

/// Removes a group with its members.
pub fn delete(conn: &mut Connection, business: &BusinessId, id: &str) -> Result<(), StoreError> {
    set::delete(conn, "directory_members", &["business", "group_id"], &[vec![business.as_str(), id]])?;
    set::delete(conn, "directory_groups", &["business", "id"], &[vec![business.as_str(), id]])
}

/// Who is in these groups: group, login and name, in their order.
pub fn members(
    conn: &mut Connection,
    business: &BusinessId,
    groups: &[&str],
) -> Result<Vec<(String, UserId, String)>, StoreError> {
    let mut statement = Statement::new(
        "SELECT m.group_id, m.user_id, t.name FROM directory_members AS m \
         JOIN users AS t ON t.business = m.business AND t.id = m.user_id WHERE m.business = ",
    );
    statement.text(business.as_str()).sql(" AND m.group_id").any_of(groups).sql(" ORDER BY m.group_id, m.user_id");
    let rows = statement.load::<(Text, Text, Text), (String, String, String)>(conn)?;
    Ok(rows.into_iter().map(|(group, user, name)| (group, UserId(user), name)).collect())
}

/// Puts users into a group.
pub fn enter(conn: &mut Connection, business: &BusinessId, group: &str, users: &[&UserId]) -> Result<(), StoreError> {
    set::insert(conn, &rows(business, group, users), Taken::Skip)
}

/// Takes users out of a group.
pub fn leave(conn: &mut Connection, business: &BusinessId, group: &str, users: &[&UserId]) -> Result<(), StoreError> {
    set::delete_rows(conn, &rows(business, group, users))
}

/// Takes a user out of every group.
pub fn leave_all(conn: &mut Connection, business: &BusinessId, user: &UserId) -> Result<(), StoreError> {
    set::delete(conn, "directory_members", &["business", "user_id"], &[vec![business.as_str(), user.as_str()]])
}

/// The groups of these users, by user and id.
pub fn of_users(
    conn: &mut Connection,
    business: &BusinessId,
    users: &[&str],
) -> Result<BTreeMap<UserId, Vec<Group>>, StoreError> {
    let mut statement = Statement::new("SELECT m.user_id, m.group_id FROM directory_members AS m WHERE m.business = ");
    statement.text(business.as_str()).sql(" AND m.user_id").any_of(users).sql(" ORDER BY m.user_id, m.group_id");
    let pairs = statement.load::<(Text, Text), (String, String)>(conn)?;
    let ids: BTreeSet<&String> = pairs.iter().map(|(_, group)| group).collect();
    let mut statement =
        Statement::new(format!("SELECT {} FROM directory_groups AS t WHERE t.business = ", GroupRow::list("t.")));
    statement.text(business.as_str()).sql(" AND t.id").any_of(ids);
    let groups = statement.load::<<GroupRow as Row>::Types, GroupRow>(conn)?;
    let groups = groups.into_iter().map(|row| Ok((row.id.clone(), read(row)?)));
    let groups: BTreeMap<String, Group> = groups.collect::<Result<_, StoreError>>()?;
    let mut of_users: BTreeMap<UserId, Vec<Group>> = BTreeMap::new();
    for (user, group) in pairs {
        of_users.entry(UserId(user)).or_default().extend(groups.get(&group).cloned());
    }
    Ok(of_users)
}

fn rows(business: &BusinessId, group: &str, users: &[&UserId]) -> Vec<MemberRow> {
    let row = |user: &&UserId| MemberRow {
        business: business.0.clone(),
        group_id: group.to_owned(),
        user_id: user.0.clone(),
    };
    users.iter().map(row).collect()
}

fn read(row: GroupRow) -> Result<Group, StoreError> {
    let what = format!("group {}", row.id);
    Ok(Group {
        roles: json::read(&row.roles, &what)?,
        id: row.id,
        name: row.name,
        external_id: row.external_id,
        created_at: Timestamp(row.created_at),
        version: row.version,
    })
}
