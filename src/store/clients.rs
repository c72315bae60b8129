//! Service accounts: clients that sign in with a secret.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::schema::people::{ClientRow, clients};
use super::set::{self, Taken};
use crate::model::ids::BusinessId;
use crate::model::time::Timestamp;
use diesel::prelude::*;
use std::fmt;

/// A service account.
#[derive(Clone, PartialEq, Eq)]
pub struct Client {
    /// Its business.
    pub business: BusinessId,
    /// Its id, unique in the business.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The hash of its secret.
    pub secret_hash: String,
    /// What its tokens allow at most.
    pub scopes: Vec<String>,
    /// Its roles.
    pub roles: Vec<String>,
    /// When it was created.
    pub created_at: Timestamp,
}

/// A client.
pub fn find(conn: &mut Connection, business: &BusinessId, id: &str) -> Result<Option<Client>, StoreError> {
    clients::table.find((business.as_str(), id)).first::<ClientRow>(conn).optional()?.map(read).transpose()
}

/// All clients of a business, by id.
pub fn list(conn: &mut Connection, business: &BusinessId) -> Result<Vec<Client>, StoreError> {
    let rows = clients::table
        .filter(clients::business.eq(business.as_str()))
        .order(clients::id.asc())
        .load::<ClientRow>(conn)?;
    rows.into_iter().map(read).collect()
}

/// Adds a client or replaces the one with its id.
pub fn upsert(conn: &mut Connection, client: &Client) -> Result<(), StoreError> {
    let row = ClientRow {
        business: client.business.0.clone(),
        id: client.id.clone(),
        name: client.name.clone(),
        secret_hash: client.secret_hash.clone(),
        scopes: json::text(&client.scopes)?,
        roles: json::text(&client.roles)?,
        created_at: client.created_at.0,
    };
    set::insert(conn, &[row], Taken::Replace)
}

/// Removes a client; whether there was one.
pub fn delete(conn: &mut Connection, business: &BusinessId, id: &str) -> Result<bool, StoreError> {
    Ok(diesel::delete(clients::table.find((business.as_str(), id))).execute(conn)? > 0)
}

/// Without the hash of the secret.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("business", &self.business)
            .field("id", &self.id)
            .field("name", &self.name)
            .field("secret_hash", &"***")
            .field("scopes", &self.scopes)
            .field("roles", &self.roles)
            .field("created_at", &self.created_at)
            .finish()
    }
}

fn read(row: ClientRow) -> Result<Client, StoreError> {
    let what = format!("client {}", row.id);
    Ok(Client {
        scopes: json::read(&row.scopes, &what)?,
        roles: json::read(&row.roles, &what)?,
        business: row.business.into(),
        id: row.id,
        name: row.name,
        secret_hash: row.secret_hash,
        created_at: Timestamp(row.created_at),
    })
}
