//! Tokens that are no longer accepted.

use super::connection::Connection;
use super::error::StoreError;
use super::schema::service::{RevokedTokenRow, revoked_tokens};
use super::set::{self, Taken};
use crate::model::time::Timestamp;
use diesel::prelude::*;

/// Revokes a token; it is remembered until it would have expired.
pub fn revoke(conn: &mut Connection, jti: &str, expires_at: Timestamp) -> Result<(), StoreError> {
    set::insert(conn, &[RevokedTokenRow { jti: jti.to_owned(), expires_at: expires_at.0 }], Taken::Skip)
}

/// Whether a token is revoked.
pub fn is_revoked(conn: &mut Connection, jti: &str) -> Result<bool, StoreError> {
    Ok(revoked_tokens::table.find(jti).first::<RevokedTokenRow>(conn).optional()?.is_some())
}

/// All revoked tokens that have not expired: what a cache holds.
pub fn list(conn: &mut Connection, now: Timestamp) -> Result<Vec<(String, Timestamp)>, StoreError> {
    let rows = revoked_tokens::table.filter(revoked_tokens::expires_at.gt(now.0)).load::<RevokedTokenRow>(conn)?;
    Ok(rows.into_iter().map(|row| (row.jti, Timestamp(row.expires_at))).collect())
}

/// Forgets the tokens that have expired; how many.
pub fn prune(conn: &mut Connection, now: Timestamp) -> Result<usize, StoreError> {
    Ok(diesel::delete(revoked_tokens::table.filter(revoked_tokens::expires_at.le(now.0))).execute(conn)?)
}
