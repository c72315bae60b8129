//! What decides whether a user's tokens are good: activity, roles, password, and since when.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::schema::people::{StandingRow, standing};
use super::statement::Statement;
use crate::model::ids::{BusinessId, UserId};
use crate::model::time::Timestamp;
use diesel::prelude::*;
use std::fmt;

/// How a user stands.
#[derive(Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whether the user can sign in.
    pub active: bool,
    /// Roles.
    pub roles: Vec<String>,
    /// The hash of the password; none: the user does not sign in with one.
    pub password_hash: Option<String>,
    /// Tokens that were issued before this are void.
    pub tokens_since: Timestamp,
    /// The account of an outside provider that the user is.
    pub link: Option<Link>,
}

/// An account of an outside provider (OpenID Connect Core 5.7: only both together never change hands).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The `iss` of its tokens.
    pub issuer: String,
    /// Their `sub`.
    pub subject: String,
}

/// How a user stands; none when there is no such user.
pub fn find(conn: &mut Connection, business: &BusinessId, id: &UserId) -> Result<Option<Standing>, StoreError> {
    let row = standing::table.find((business.as_str(), id.as_str())).first::<StandingRow>(conn).optional()?;
    row.map(read).transpose()
}

/// All tokens of a user that were issued before now are void.
pub fn void_tokens(
    conn: &mut Connection,
    business: &BusinessId,
    id: &UserId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut statement = Statement::new("UPDATE users SET ");
    since(&mut statement, now);
    who(&mut statement, business, id);
    statement.execute(conn).map(drop)
}

/// Replaces a password that is still the one that was seen, and voids the tokens; whether it was.
pub fn replace_password(
    conn: &mut Connection,
    business: &BusinessId,
    id: &UserId,
    seen: &str,
    hash: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let mut statement = Statement::new("UPDATE users SET password_hash = ");
    statement.text(hash).sql(", ");
    since(&mut statement, now);
    who(&mut statement, business, id);
    statement.sql(" AND password_hash = ").text(seen);
    Ok(statement.execute(conn)? > 0)
}

/// Says which account of an outside provider a user is.
pub fn link(conn: &mut Connection, business: &BusinessId, id: &UserId, link: &Link) -> Result<(), StoreError> {
    let mut statement = Statement::new("UPDATE users SET issuer = ");
    statement.text(link.issuer.as_str()).sql(", subject = ").text(link.subject.as_str());
    who(&mut statement, business, id);
    statement.execute(conn).map(drop)
}

/// Forgets it, and voids the tokens that it gave.
pub fn unlink(conn: &mut Connection, business: &BusinessId, id: &UserId, now: Timestamp) -> Result<(), StoreError> {
    let mut statement = Statement::new("UPDATE users SET issuer = NULL, subject = NULL, ");
    since(&mut statement, now);
    who(&mut statement, business, id);
    statement.execute(conn).map(drop)
}

/// Forgets password and account, and voids the tokens: whoever has this login next signs in anew.
pub fn forget(conn: &mut Connection, business: &BusinessId, id: &UserId, now: Timestamp) -> Result<(), StoreError> {
    let mut statement = Statement::new("UPDATE users SET password_hash = NULL, issuer = NULL, subject = NULL, ");
    since(&mut statement, now);
    who(&mut statement, business, id);
    statement.execute(conn).map(drop)
}

/// Always later than before, whatever the clocks of the nodes say.
fn since(statement: &mut Statement<'_>, now: Timestamp) {
    statement.sql("tokens_since = CASE WHEN tokens_since < ").int(now.0).sql(" THEN ").int(now.0);
    statement.sql(" ELSE tokens_since + 1 END");
}

fn who<'a>(statement: &mut Statement<'a>, business: &'a BusinessId, id: &'a UserId) {
    statement.sql(" WHERE business = ").text(business.as_str()).sql(" AND id = ").text(id.as_str());
}

/// Without the hash of the password.
impl fmt::Debug for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Standing")
            .field("active", &self.active)
            .field("roles", &self.roles)
            .field("password_hash", &"***")
            .field("tokens_since", &self.tokens_since)
            .field("link", &self.link)
            .finish()
    }
}

fn read(row: StandingRow) -> Result<Standing, StoreError> {
    Ok(Standing {
        active: row.active,
        roles: json::read(&row.roles, &format!("user {}", row.id))?,
        password_hash: row.password_hash,
        tokens_since: Timestamp(row.tokens_since),
        link: row.issuer.zip(row.subject).map(|(issuer, subject)| Link { issuer, subject }),
    })
}
