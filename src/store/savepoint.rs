//! Savepoints: a part of a transaction that can be taken back alone.
//!
//! [`set`], [`rollback`] and [`release`] are for the runtime, which keeps one open across calls of the engine; Diesel
//! counts them, so they nest with each other and with [`within`].

use super::connection::Connection;
use super::error::StoreError;
use super::transaction::{depth, in_transaction};
use diesel::connection::TransactionManager;

/// Runs `work` under a savepoint: kept when it succeeds, taken back when it fails.
pub fn within<T, E: From<StoreError>>(
    conn: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    let outside = depth(conn);
    set(conn)?;
    match work(conn) {
        Ok(value) => release(conn).map(|()| value).map_err(E::from),
        Err(error) => {
            back_to(conn, outside);
            Err(error)
        }
    }
}

/// After a failure: takes back everything down to this depth, also the savepoints that the failure left open. Diesel
/// takes back the innermost one only, and the rest would stay open under whatever comes next.
pub(super) fn back_to(conn: &mut Connection, outside: u32) {
    while depth(conn) > outside {
        // The first failure is the story; when a rollback fails too the connection is lost, which shows itself.
        if <Connection as TransactionManager<Connection>>::rollback_transaction(conn).is_err() {
            return;
        }
    }
}

/// Sets a savepoint inside the open transaction.
pub fn set(conn: &mut Connection) -> Result<(), StoreError> {
    if !in_transaction(conn) {
        return Err(StoreError::NoTransaction);
    }
    Ok(<Connection as TransactionManager<Connection>>::begin_transaction(conn)?)
}

/// Takes back everything since the innermost savepoint and removes it.
pub fn rollback(conn: &mut Connection) -> Result<(), StoreError> {
    inside(conn)?;
    Ok(<Connection as TransactionManager<Connection>>::rollback_transaction(conn)?)
}

/// Removes the innermost savepoint and keeps what was done since.
pub fn release(conn: &mut Connection) -> Result<(), StoreError> {
    inside(conn)?;
    Ok(<Connection as TransactionManager<Connection>>::commit_transaction(conn)?)
}

/// Never ends the transaction itself by mistake.
fn inside(conn: &mut Connection) -> Result<(), StoreError> {
    if depth(conn) > 1 { Ok(()) } else { Err(StoreError::NoTransaction) }
}
