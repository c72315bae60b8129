//! Users and their roles.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::page::{self, Count};
use super::schema::Row;
use super::schema::people::{UserRoleRow, UserRow, users};
use super::set::{self, Taken};
use super::statement::Statement;
use super::superiors;
use super::transaction::transaction;
use crate::model::directory::User;
use crate::model::ids::{BusinessId, UserId};
use crate::model::time::Timestamp;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use std::collections::{BTreeMap, BTreeSet};

/// Which users are asked for, by login.
#[derive(Debug, Clone)]
pub struct UserQuery {
    /// Their business.
    pub business: BusinessId,
    /// Who have this role.
    pub role: Option<String>,
    /// Active ones (true) or the others (false).
    pub active: Option<bool>,
    /// After this login.
    pub after: Option<UserId>,
    /// At most so many.
    pub limit: i64,
}

/// A user.
pub fn find(conn: &mut Connection, business: &BusinessId, id: &UserId) -> Result<Option<User>, StoreError> {
    users::table.find((business.as_str(), id.as_str())).first::<UserRow>(conn).optional()?.map(read).transpose()
}

/// Those of these logins that users have, in one statement.
pub fn there(conn: &mut Connection, business: &BusinessId, logins: &[&str]) -> Result<Vec<String>, StoreError> {
    let mut statement = Statement::new("SELECT t.id FROM users AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.id").any_of(logins).load::<Text, String>(conn)
}

/// Users after a login.
pub fn search(conn: &mut Connection, query: &UserQuery) -> Result<Vec<User>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {}", UserRow::list("t.")));
    filter(&mut statement, query);
    if let Some(after) = &query.after {
        statement.sql(" AND t.id > ").text(after.as_str());
    }
    statement.sql(" ORDER BY t.id LIMIT ").int(query.limit);
    let rows = statement.load::<<UserRow as Row>::Types, UserRow>(conn)?;
    rows.into_iter().map(read).collect()
}

/// How many there are, whatever page is asked for.
pub fn count(conn: &mut Connection, query: &UserQuery) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    filter(&mut statement, query);
    page::count(conn, statement)
}

fn filter<'a>(statement: &mut Statement<'a>, query: &'a UserQuery) {
    statement.sql(" FROM users AS t WHERE t.business = ").text(query.business.as_str());
    if let Some(role) = &query.role {
        statement.sql(" AND t.id IN (SELECT r.user_id FROM user_roles AS r WHERE r.business = ");
        statement.text(query.business.as_str()).sql(" AND r.role = ").text(role.as_str()).sql(")");
    }
    if let Some(active) = query.active {
        statement.sql(if active { " AND t.active" } else { " AND NOT t.active" });
    }
}

/// Active users who have a role, by login.
pub fn with_role(conn: &mut Connection, business: &BusinessId, role: &str) -> Result<Vec<User>, StoreError> {
    let mut statement = Statement::new(format!(
        "SELECT {} FROM user_roles AS r JOIN users AS t ON t.business = r.business AND t.id = r.user_id \
         WHERE r.business = ",
        UserRow::list("t.")
    ));
    statement.text(business.as_str()).sql(" AND r.role = ").text(role).sql(" AND t.active ORDER BY t.id");
    let rows = statement.load::<<UserRow as Row>::Types, UserRow>(conn)?;
    rows.into_iter().map(read).collect()
}

/// The roles that active users have, each once.
pub fn roles_held(conn: &mut Connection, business: &BusinessId) -> Result<Vec<String>, StoreError> {
    let mut statement = Statement::new(
        "SELECT DISTINCT r.role FROM user_roles AS r JOIN users AS t ON t.business = r.business AND t.id = r.user_id \
         WHERE r.business = ",
    );
    statement.text(business.as_str()).sql(" AND t.active ORDER BY r.role");
    statement.load::<Text, String>(conn)
}

/// The roles of each active user who has any.
pub fn roles_by_user(
    conn: &mut Connection,
    business: &BusinessId,
) -> Result<BTreeMap<UserId, BTreeSet<String>>, StoreError> {
    let mut statement = Statement::new(
        "SELECT r.user_id, r.role FROM user_roles AS r JOIN users AS t ON t.business = r.business AND t.id = r.user_id \
         WHERE r.business = ",
    );
    statement.text(business.as_str()).sql(" AND t.active");
    let mut all: BTreeMap<UserId, BTreeSet<String>> = BTreeMap::new();
    for (user, role) in statement.load::<(Text, Text), (String, String)>(conn)? {
        all.entry(UserId(user)).or_default().insert(role);
    }
    Ok(all)
}

/// Adds a user or replaces the one with this login, roles included; the password stays as it is.
pub fn upsert(conn: &mut Connection, business: &BusinessId, user: &User) -> Result<(), StoreError> {
    save(conn, business, std::slice::from_ref(user))
}

/// The same for many at once.
pub fn save(conn: &mut Connection, business: &BusinessId, users: &[User]) -> Result<(), StoreError> {
    let row = |user: &User| {
        Ok(UserRow {
            business: business.0.clone(),
            id: user.id.0.clone(),
            name: user.name.clone(),
            active: user.active,
            roles: json::text(&user.roles)?,
            attributes: json::text(&user.attributes)?,
            created_at: user.created_at.0,
            version: user.version,
        })
    };
    let rows = users.iter().map(row).collect::<Result<Vec<_>, StoreError>>()?;
    let pairs = users.iter().flat_map(|user| user.roles.iter().map(move |role| (role, &user.id)));
    let pairs: BTreeSet<(&String, &UserId)> = pairs.collect();
    let role = |(role, user): (&String, &UserId)| UserRoleRow {
        business: business.0.clone(),
        role: role.clone(),
        user_id: user.0.clone(),
    };
    let roles: Vec<UserRoleRow> = pairs.into_iter().map(role).collect();
    let keys: Vec<Vec<&str>> = users.iter().map(|user| vec![business.as_str(), user.id.as_str()]).collect();
    transaction(conn, |conn| {
        set::insert(conn, &rows, Taken::Replace)?;
        set::delete(conn, "user_roles", &["business", "user_id"], &keys)?;
        set::insert(conn, &roles, Taken::Fail)
    })
}

/// The users with these logins, by login.
pub fn among(conn: &mut Connection, business: &BusinessId, ids: &[&str]) -> Result<Vec<User>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {} FROM users AS t WHERE t.business = ", UserRow::list("t.")));
    statement.text(business.as_str()).sql(" AND t.id").any_of(ids).sql(" ORDER BY t.id");
    statement.load::<<UserRow as Row>::Types, UserRow>(conn)?.into_iter().map(read).collect()
}

/// Notes since when users are not active (none: they are active), and computes the superiors anew.
pub fn set_inactive_since(
    conn: &mut Connection,
    business: &BusinessId,
    ids: &[&str],
    since: Option<Timestamp>,
) -> Result<(), StoreError> {
    let mut statement = Statement::new("UPDATE users SET inactive_since = ");
    match since {
        Some(since) => statement.int(since.0),
        None => statement.sql("NULL"),
    };
    statement.sql(" WHERE business = ").text(business.as_str()).sql(" AND id").any_of(ids);
    transaction(conn, |conn| {
        superiors::lock(conn, business)?;
        statement.execute(conn)?;
        superiors::rebuild(conn, business)
    })
}

/// The users who are not active, with since when.
pub fn inactive_since(conn: &mut Connection, business: &BusinessId) -> Result<BTreeMap<UserId, Timestamp>, StoreError> {
    let mut statement = Statement::new("SELECT id, inactive_since FROM users WHERE business = ");
    statement.text(business.as_str()).sql(" AND inactive_since IS NOT NULL");
    let rows = statement.load::<(Text, BigInt), (String, i64)>(conn)?;
    Ok(rows.into_iter().map(|(id, since)| (UserId(id), Timestamp(since))).collect())
}

/// The hash of a user's password; none when there is no such user or the user has no password.
pub fn password_hash(conn: &mut Connection, business: &BusinessId, id: &UserId) -> Result<Option<String>, StoreError> {
    let mut statement = Statement::new("SELECT password_hash FROM users WHERE business = ");
    statement.text(business.as_str()).sql(" AND id = ").text(id.as_str());
    Ok(statement.load::<Nullable<Text>, Option<String>>(conn)?.pop().flatten())
}

/// Sets the hash of a user's password; whether there is such a user.
pub fn set_password(conn: &mut Connection, business: &BusinessId, id: &UserId, hash: &str) -> Result<bool, StoreError> {
    let mut statement = Statement::new("UPDATE users SET password_hash = ");
    statement.text(hash).sql(" WHERE business = ").text(business.as_str()).sql(" AND id = ").text(id.as_str());
    Ok(statement.execute(conn)? > 0)
}

/// The user of a row.
pub(super) fn read(row: UserRow) -> Result<User, StoreError> {
    let what = format!("user {}", row.id);
    Ok(User {
        roles: json::read(&row.roles, &what)?,
        attributes: json::read(&row.attributes, &what)?,
        id: row.id.into(),
        name: row.name,
        active: row.active,
        created_at: Timestamp(row.created_at),
        version: row.version,
    })
}
