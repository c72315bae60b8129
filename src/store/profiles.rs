//! Users as an outside directory sees them: all but those that it deleted, with what is kept of them beside the user.

use super::condition;
use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::schema::Row;
use super::schema::people::UserRow;
use super::schema::provisioning::{EmailRow, ProfileRow, user_profiles};
use super::set::{self, Taken};
use super::statement::Statement;
use super::users;
use crate::model::directory::User;
use crate::model::ids::{BusinessId, UserId};
use crate::model::scim::condition::Condition;
use crate::model::scim::person::Profile;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use std::collections::BTreeMap;

/// Which part of a list is asked for.
#[derive(Debug, Clone)]
pub struct Part {
    /// The business.
    pub business: BusinessId,
    /// Which of the rows; none: all.
    pub condition: Option<Condition>,
    /// Rows before the part.
    pub skip: i64,
    /// Rows of the part at most.
    pub limit: i64,
}

/// A profile, and whether the directory deleted its user.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Kept {
    /// What is kept.
    pub profile: Profile,
    /// Whether the directory deleted the user.
    pub deleted: bool,
}

/// What is kept of a user; nothing was said of somebody who is not there.
pub fn find(conn: &mut Connection, business: &BusinessId, user: &UserId) -> Result<Kept, StoreError> {
    let row = user_profiles::table.find((business.as_str(), user.as_str())).first::<ProfileRow>(conn).optional()?;
    Ok(row.map(read).transpose()?.map(|(_, kept)| kept).unwrap_or_default())
}

/// What is kept of these users, of whom something is.
pub fn among(conn: &mut Connection, business: &BusinessId, ids: &[&str]) -> Result<BTreeMap<UserId, Kept>, StoreError> {
    let mut statement =
        Statement::new(format!("SELECT {} FROM user_profiles AS t WHERE t.business = ", ProfileRow::list("t.")));
    statement.text(business.as_str()).sql(" AND t.user_id").any_of(ids);
    statement.load::<<ProfileRow as Row>::Types, ProfileRow>(conn)?.into_iter().map(read).collect()
}

/// Keeps a profile in place of the one before.
pub fn save(conn: &mut Connection, business: &BusinessId, user: &UserId, kept: &Kept) -> Result<(), StoreError> {
    let Kept { profile, deleted } = kept;
    let row = ProfileRow {
        business: business.0.clone(),
        user_id: user.0.clone(),
        external_id: profile.external_id.clone(),
        profile: json::text(profile)?,
        deleted: *deleted,
    };
    let emails = (0..).zip(&profile.emails).map(|(place, email)| EmailRow {
        business: business.0.clone(),
        user_id: user.0.clone(),
        place,
        value: email.value.to_ascii_lowercase(),
        kind: email.kind.clone(),
        main: email.primary,
    });
    let emails: Vec<EmailRow> = emails.collect();
    set::insert(conn, &[row], Taken::Replace)?;
    set::delete(conn, "user_emails", &["business", "user_id"], &[vec![business.as_str(), user.as_str()]])?;
    set::insert(conn, &emails, Taken::Fail)
}

/// The user of this login in any case of its letters; the one that is the same letter by letter first.
pub fn named(conn: &mut Connection, business: &BusinessId, login: &UserId) -> Result<Option<User>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {} FROM users AS t WHERE t.business = ", UserRow::list("t.")));
    statement.text(business.as_str()).sql(" AND LOWER(t.id) = ").text(login.as_str().to_ascii_lowercase());
    statement.sql(" ORDER BY t.id");
    let found = statement.load::<<UserRow as Row>::Types, UserRow>(conn)?;
    let at = found.iter().position(|row| row.id == login.as_str()).unwrap_or(0);
    found.into_iter().nth(at).map(users::read).transpose()
}

/// Users that the directory sees, by login.
pub fn search(conn: &mut Connection, part: &Part) -> Result<Vec<User>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {}", UserRow::list("t.")));
    filter(&mut statement, part);
    statement.sql(" ORDER BY t.id LIMIT ").int(part.limit).sql(" OFFSET ").int(part.skip);
    statement.load::<<UserRow as Row>::Types, UserRow>(conn)?.into_iter().map(users::read).collect()
}

/// How many there are, exactly.
pub fn count(conn: &mut Connection, part: &Part) -> Result<i64, StoreError> {
    let mut statement = Statement::new("SELECT COUNT(*)");
    filter(&mut statement, part);
    Ok(statement.load::<BigInt, i64>(conn)?.into_iter().next().unwrap_or(0))
}

/// Who was made active again by somebody else is there again.
fn filter<'a>(statement: &mut Statement<'a>, part: &'a Part) {
    statement.sql(
        " FROM users AS t LEFT JOIN user_profiles AS s ON s.business = t.business AND s.user_id = t.id \
         WHERE (t.active OR s.deleted IS NULL OR NOT s.deleted) AND t.business = ",
    );
    statement.text(part.business.as_str());
    if let Some(condition) = &part.condition {
        statement.sql(" AND ");
        condition::push(statement, &part.business, condition);
    }
}

fn read(row: ProfileRow) -> Result<(UserId, Kept), StoreError> {
    let profile = json::read(&row.profile, &format!("the profile of user {}", row.user_id))?;
    Ok((UserId(row.user_id), Kept { profile, deleted: row.deleted }))
}
