//! Service accounts: clients that sign in with a secret.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::schema::people::{ClientRow, clients};
use super::set::{self, Taken};
use crate::model::directory::Client;
use crate::model::ids::BusinessId;
use crate::model::time::Timestamp;
use diesel::prelude::*;
use std::fmt;

/// A service account with what its secrets are checked against.
#[derive(Clone, PartialEq)]
pub struct Account {
    /// Its business.
    pub business: BusinessId,
    /// The client.
    pub client: Client,
    /// The hash of its secret.
    pub secret_hash: String,
    /// The hash of the secret before, good until `client.old_secret_until`.
    pub old_secret_hash: Option<String>,
    /// Tokens that were issued before this are void.
    pub tokens_since: Timestamp,
}

/// A client.
pub fn find(conn: &mut Connection, business: &BusinessId, id: &str) -> Result<Option<Account>, StoreError> {
    clients::table.find((business.as_str(), id)).first::<ClientRow>(conn).optional()?.map(read).transpose()
}

/// Clients of a business after an id, at most `limit`, by id.
pub fn list(
    conn: &mut Connection,
    business: &BusinessId,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Account>, StoreError> {
    let rows = clients::table
        .filter(clients::business.eq(business.as_str()))
        .filter(clients::id.gt(after.unwrap_or_default()))
        .order(clients::id.asc())
        .limit(limit)
        .load::<ClientRow>(conn)?;
    rows.into_iter().map(read).collect()
}

/// How many clients a business has.
pub fn count(conn: &mut Connection, business: &BusinessId) -> Result<i64, StoreError> {
    Ok(clients::table.filter(clients::business.eq(business.as_str())).count().get_result(conn)?)
}

/// Adds a client or replaces the one with its id.
pub fn upsert(conn: &mut Connection, account: &Account) -> Result<(), StoreError> {
    let Account { business, client, secret_hash, old_secret_hash, tokens_since } = account;
    let row = ClientRow {
        business: business.0.clone(),
        id: client.id.clone(),
        name: client.name.clone(),
        secret_hash: secret_hash.clone(),
        scopes: json::text(&client.scopes)?,
        roles: json::text(&client.roles)?,
        act_as: json::text(&client.act_as)?,
        old_secret_hash: old_secret_hash.clone(),
        old_secret_until: client.old_secret_until.map(|until| until.0),
        tokens_since: tokens_since.0,
        created_at: client.created_at.0,
        version: client.version,
    };
    set::insert(conn, &[row], Taken::Replace)
}

/// Removes a client; whether there was one.
pub fn delete(conn: &mut Connection, business: &BusinessId, id: &str) -> Result<bool, StoreError> {
    Ok(diesel::delete(clients::table.find((business.as_str(), id))).execute(conn)? > 0)
}

/// Without the hashes of the secrets.
impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("business", &self.business)
            .field("client", &self.client)
            .field("secret_hash", &"***")
            .field("tokens_since", &self.tokens_since)
            .finish_non_exhaustive()
    }
}

fn read(row: ClientRow) -> Result<Account, StoreError> {
    let what = format!("client {}", row.id);
    let client = Client {
        scopes: json::read(&row.scopes, &what)?,
        roles: json::read(&row.roles, &what)?,
        act_as: json::read(&row.act_as, &what)?,
        id: row.id,
        name: row.name,
        old_secret_until: row.old_secret_until.map(Timestamp),
        created_at: Timestamp(row.created_at),
        version: row.version,
    };
    Ok(Account {
        business: row.business.into(),
        client,
        secret_hash: row.secret_hash,
        old_secret_hash: row.old_secret_hash,
        tokens_since: Timestamp(row.tokens_since),
    })
}
