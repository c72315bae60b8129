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
    /// The private key: PKCS#8 in base64, or the same enciphered.
    pub private_key: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stopped signing; tokens that it signed before are still verified.
    pub retired_at: Option<Timestamp>,
    /// Until when a key that signs no more still verifies.
    pub verifies_until: Option<Timestamp>,
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
    let SigningKey { id, algorithm, private_key, created_at, retired_at, verifies_until } = key.clone();
    let row = SigningKeyRow {
        id,
        algorithm,
        private_key,
        created_at: created_at.0,
        retired_at: retired_at.map(|at| at.0),
        verifies_until: verifies_until.map(|until| until.0),
    };
    set::insert(conn, &[row], Taken::Fail)
}

/// The keys that sign sign no more, and verify until then; how many did.
pub fn retire_all(conn: &mut Connection, at: Timestamp, until: Timestamp) -> Result<usize, StoreError> {
    let signing = signing_keys::table.filter(signing_keys::retired_at.is_null());
    let retired = (signing_keys::retired_at.eq(at.0), signing_keys::verifies_until.eq(until.0));
    Ok(diesel::update(signing).set(retired).execute(conn)?)
}

/// Removes a key; tokens that it signed are no longer verified. Whether there was one.
pub fn delete(conn: &mut Connection, id: &str) -> Result<bool, StoreError> {
    Ok(diesel::delete(signing_keys::table.find(id)).execute(conn)? > 0)
}

/// Removes the keys that verify nothing any more; how many.
pub fn prune(conn: &mut Connection, now: Timestamp) -> Result<usize, StoreError> {
    Ok(diesel::delete(signing_keys::table.filter(signing_keys::verifies_until.le(now.0))).execute(conn)?)
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
            .field("verifies_until", &self.verifies_until)
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
        verifies_until: row.verifies_until.map(Timestamp),
    }
}
