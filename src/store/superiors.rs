//! Who stands above whom: the closure of the hierarchy, kept as rows, so that access and assignment ask with one
//! indexed look at any instant. Computed by `model::hierarchy`; written anew with every change of positions and of who
//! is active.

use super::connection::Connection;
use super::error::StoreError;
use super::page::{self, Count, Cursor, Page};
use super::positions;
use super::records;
use super::schema::Row;
use super::schema::organisation::SuperiorRow;
use super::set::{self, Taken};
use super::statement::Statement;
use super::users;
use crate::model::hierarchy::{self, Above};
use crate::model::ids::{BusinessId, UserId};
use crate::model::time::Timestamp;
use crate::model::window::Window;
use diesel::sql_types::{BigInt, Bool, Text};
use std::collections::BTreeSet;

/// Whether `superior` stands above `user` at an instant, however far.
pub fn is_superior(
    conn: &mut Connection,
    business: &BusinessId,
    superior: &UserId,
    user: &UserId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(depth(conn, business, superior, user, at)?.is_some())
}

/// Whether `superior` is the direct superior of `user` at an instant, or one of them: each position has its own.
pub fn is_direct(
    conn: &mut Connection,
    business: &BusinessId,
    superior: &UserId,
    user: &UserId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(depth(conn, business, superior, user, at)? == Some(1))
}

/// Who stands above a user at an instant, with how many persons up; the nearest first, then by login.
pub fn of(
    conn: &mut Connection,
    business: &BusinessId,
    user: &UserId,
    at: Timestamp,
) -> Result<Vec<(UserId, i64)>, StoreError> {
    let mut statement = Statement::new("SELECT superior, depth FROM superiors WHERE business = ");
    statement.text(business.as_str()).sql(" AND user_id = ").text(user.as_str());
    valid(&mut statement, at).sql(" ORDER BY depth, superior");
    people(conn, &statement)
}

/// Who stands above any of these users at an instant, with how many persons up; by user, the nearest first, then by login.
pub fn of_all(
    conn: &mut Connection,
    business: &BusinessId,
    users: &[&UserId],
    at: Timestamp,
) -> Result<Vec<(UserId, UserId, i64)>, StoreError> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let users: Vec<&str> = users.iter().map(|user| user.as_str()).collect();
    let mut statement = Statement::new("SELECT user_id, superior, depth FROM superiors WHERE business = ");
    statement.text(business.as_str()).sql(" AND user_id").any_of(&users);
    valid(&mut statement, at).sql(" ORDER BY user_id, depth, superior");
    let rows = statement.load::<(Text, Text, BigInt), (String, String, i64)>(conn)?;
    Ok(rows.into_iter().map(|(user, superior, depth)| (UserId(user), UserId(superior), depth)).collect())
}

/// Who stands below a user at an instant, with how many persons down; the nearest first, then by login. People who are
/// not active any more are among them as long as they stand in a position, so that what they own finds a superior.
pub fn below(
    conn: &mut Connection,
    business: &BusinessId,
    superior: &UserId,
    at: Timestamp,
) -> Result<Vec<(UserId, i64)>, StoreError> {
    let mut statement = Statement::new("SELECT user_id, depth FROM superiors WHERE business = ");
    statement.text(business.as_str()).sql(" AND superior = ").text(superior.as_str());
    valid(&mut statement, at).sql(" ORDER BY depth, user_id");
    people(conn, &statement)
}

/// Somebody above or below, as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relative {
    /// The login.
    pub user: UserId,
    /// The name.
    pub name: String,
    /// Whether the user is active now.
    pub active: bool,
    /// How many persons up or down.
    pub depth: i64,
}

/// Which way to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Towards {
    /// Those above.
    Superiors,
    /// Those below.
    Subordinates,
}

/// Who is asked for of those above or below a person, the nearest first, then by login.
#[derive(Debug, Clone)]
pub struct RelativeQuery {
    /// The business.
    pub business: BusinessId,
    /// Above or below whom.
    pub user: UserId,
    /// Which of the two.
    pub towards: Towards,
    /// When.
    pub at: Timestamp,
    /// Only those next above or below.
    pub direct: bool,
    /// After this place.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: i64,
}

/// A page of those above or below, with names.
pub fn search(conn: &mut Connection, query: &RelativeQuery) -> Result<Page<Relative>, StoreError> {
    let mut statement = Statement::new("SELECT u.id, u.name, u.active, s.depth");
    filter(&mut statement, query);
    if let Some(Cursor { key, id }) = &query.after {
        statement.sql(" AND (s.depth > ").int(*key).sql(" OR (s.depth = ").int(*key);
        statement.sql(" AND u.id > ").text(id.as_str()).sql("))");
    }
    statement.sql(" ORDER BY s.depth, u.id LIMIT ").int(query.limit + 1);
    let rows = relatives(conn, &statement)?;
    Ok(Page::cut(rows, query.limit, |relative| Cursor { key: relative.depth, id: relative.user.0.clone() }))
}

/// How many there are, whatever page is asked for.
pub fn count(conn: &mut Connection, query: &RelativeQuery) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    filter(&mut statement, query);
    page::count(conn, statement)
}

fn filter<'a>(statement: &mut Statement<'a>, query: &'a RelativeQuery) {
    let (asked, of) = match query.towards {
        Towards::Superiors => ("superior", "user_id"),
        Towards::Subordinates => ("user_id", "superior"),
    };
    statement.sql(format!(" FROM superiors AS s JOIN users AS u ON u.business = s.business AND u.id = s.{asked}"));
    statement.sql(" WHERE s.business = ").text(query.business.as_str());
    statement.sql(format!(" AND s.{of} = ")).text(query.user.as_str());
    valid(statement, query.at);
    if query.direct {
        statement.sql(" AND s.depth = 1");
    }
}

fn relatives(conn: &mut Connection, statement: &Statement) -> Result<Vec<Relative>, StoreError> {
    let rows = statement.load::<(Text, Text, Bool, BigInt), (String, String, bool, i64)>(conn)?;
    let relative = |(user, name, active, depth)| Relative { user: UserId(user), name, active, depth };
    Ok(rows.into_iter().map(relative).collect())
}

/// The users below a person at an instant, as a sub-select for the predicates of other tables.
pub(super) fn those_below<'a>(
    statement: &mut Statement<'a>,
    business: &'a BusinessId,
    superior: &'a UserId,
    at: Timestamp,
) {
    statement.sql("SELECT user_id FROM superiors WHERE business = ").text(business.as_str());
    statement.sql(" AND superior = ").text(superior.as_str());
    valid(statement, at);
}

/// Those of these people who stand below somebody at an instant, however far.
pub fn among_below(
    conn: &mut Connection,
    business: &BusinessId,
    superior: &UserId,
    users: &BTreeSet<&UserId>,
    at: Timestamp,
) -> Result<BTreeSet<UserId>, StoreError> {
    if users.is_empty() {
        return Ok(BTreeSet::new());
    }
    let users: Vec<&str> = users.iter().map(|user| user.as_str()).collect();
    let mut statement = Statement::new("");
    those_below(&mut statement, business, superior, at);
    statement.sql(" AND user_id").any_of(&users);
    Ok(statement.load::<Text, String>(conn)?.into_iter().map(UserId).collect())
}

/// Those of these roles that somebody below has at an instant.
pub fn roles_below(
    conn: &mut Connection,
    business: &BusinessId,
    superior: &UserId,
    roles: &BTreeSet<&String>,
    at: Timestamp,
) -> Result<BTreeSet<String>, StoreError> {
    if roles.is_empty() {
        return Ok(BTreeSet::new());
    }
    let roles: Vec<&String> = roles.iter().copied().collect();
    let mut statement = Statement::new("SELECT DISTINCT r.role FROM user_roles AS r WHERE r.business = ");
    statement.text(business.as_str()).sql(" AND r.role").any_of(roles).sql(" AND r.user_id IN (");
    those_below(&mut statement, business, superior, at);
    statement.sql(")");
    Ok(statement.load::<Text, String>(conn)?.into_iter().collect())
}

/// Computes all rows of a business anew and writes those that differ.
pub fn rebuild(conn: &mut Connection, business: &BusinessId) -> Result<(), StoreError> {
    lock(conn, business)?;
    let positions = positions::list(conn, business)?;
    let inactive = users::inactive_since(conn, business)?;
    let wanted: BTreeSet<Above> = hierarchy::superiors(&positions, &inactive).into_iter().collect();
    let present: BTreeSet<Above> = all(conn, business)?.into_iter().collect();
    let gone: Vec<SuperiorRow> = present.difference(&wanted).map(|above| row(business, above)).collect();
    let new: Vec<SuperiorRow> = wanted.difference(&present).map(|above| row(business, above)).collect();
    set::delete_rows(conn, &gone)?;
    set::insert(conn, &new, Taken::Fail)
}

/// Until the end of the transaction nobody else changes the hierarchy of this business: what is looked at stays so.
pub fn lock(conn: &mut Connection, business: &BusinessId) -> Result<(), StoreError> {
    records::lock_keys(conn, business, "organisation", &["hierarchy".to_owned()])
}

/// Every row of a business, in order.
pub fn all(conn: &mut Connection, business: &BusinessId) -> Result<Vec<Above>, StoreError> {
    let mut statement =
        Statement::new(format!("SELECT {} FROM superiors AS t WHERE business = ", SuperiorRow::list("t.")));
    statement.text(business.as_str());
    let rows = statement.load::<<SuperiorRow as Row>::Types, SuperiorRow>(conn)?;
    let mut all: Vec<Above> = rows.into_iter().map(read).collect();
    all.sort();
    Ok(all)
}

fn depth(
    conn: &mut Connection,
    business: &BusinessId,
    superior: &UserId,
    user: &UserId,
    at: Timestamp,
) -> Result<Option<i64>, StoreError> {
    let mut statement = Statement::new("SELECT depth FROM superiors WHERE business = ");
    statement.text(business.as_str()).sql(" AND superior = ").text(superior.as_str());
    statement.sql(" AND user_id = ").text(user.as_str());
    Ok(valid(&mut statement, at).load::<BigInt, i64>(conn)?.pop())
}

fn valid<'s, 'a>(statement: &'s mut Statement<'a>, at: Timestamp) -> &'s mut Statement<'a> {
    statement.sql(" AND valid_from <= ").int(at.0).sql(" AND valid_to > ").int(at.0)
}

fn people(conn: &mut Connection, statement: &Statement) -> Result<Vec<(UserId, i64)>, StoreError> {
    let rows = statement.load::<(Text, BigInt), (String, i64)>(conn)?;
    Ok(rows.into_iter().map(|(user, depth)| (UserId(user), depth)).collect())
}

fn row(business: &BusinessId, above: &Above) -> SuperiorRow {
    SuperiorRow {
        business: business.0.clone(),
        superior: above.superior.0.clone(),
        user_id: above.user.0.clone(),
        valid_from: above.window.from.0,
        valid_to: above.window.to.0,
        depth: above.depth,
    }
}

fn read(row: SuperiorRow) -> Above {
    Above {
        superior: UserId(row.superior),
        user: UserId(row.user_id),
        window: Window { from: Timestamp(row.valid_from), to: Timestamp(row.valid_to) },
        depth: row.depth,
    }
}
