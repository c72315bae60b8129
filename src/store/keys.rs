//! Keys that the built-in issuer signs tokens with.

use super::connection::Connection;
use super::error::StoreError;
use super::schema::service::{SigningKeyRow, signing_keys};
use super::set::{self, Taken};
use crate::model::time::Timestamp;
use diesel::prelude::*;
use std::fmt;

/// A signing key.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its `kid`.
    pub id: String,
    /// `EdDSA` and the like.
    pub algorithm: String,
    /// The private key, PEM.
    pub private_key: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stopped signing; tokens that it signed before are still verified.
    pub retired_at: Option<Timestamp>,
}

/// All keys, the newest first.
pub fn list(conn: &mut Connection) -> Result<Vec<SigningKey>, StoreError> {
    let rows = signing_keys::table
        .order((signing_keys::created_at.desc(), signing_keys::id.desc()))
        .load::<SigningKeyRow>(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// Adds a key.
pub fn insert(conn: &mut Connection, key: &SigningKey) -> Result<(), StoreError> {
    let SigningKey { id, algorithm, private_key, created_at, retired_at } = key.clone();
    let row =
        SigningKeyRow { id, algorithm, private_key, created_at: created_at.0, retired_at: retired_at.map(|at| at.0) };
    set::insert(conn, &[row], Taken::Fail)
}

/// A key signs no more; whether there was one that did.
pub fn retire(conn: &mut Connection, id: &str, at: Timestamp) -> Result<bool, StoreError> {
    let signing = signing_keys::table.find(id).filter(signing_keys::retired_at.is_null());
    Ok(diesel::update(signing).set(signing_keys::retired_at.eq(at.0)).execute(conn)? > 0)
}

/// Removes a key; tokens that it signed are no longer verified. Whether there was one.
pub fn delete(conn: &mut Connection, id: &str) -> Result<bool, StoreError> {
    Ok(diesel::delete(signing_keys::table.find(id)).execute(conn)? > 0)
}

/// Without the private key.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("id", &self.id)
            .field("algorithm", &self.algorithm)
            .field("private_key", &"***")
            .field("created_at", &self.created_at)
            .field("retired_at", &self.retired_at)
            .finish()
    }
}

fn read(row: SigningKeyRow) -> SigningKey {
    SigningKey {
        id: row.id,
        algorithm: row.algorithm,
        private_key: row.private_key,
        created_at: Timestamp(row.created_at),
        retired_at: row.retired_at.map(Timestamp),
    }
}
