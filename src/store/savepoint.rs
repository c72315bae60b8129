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
    set(conn)?;
    match work(conn) {
        Ok(value) => release(conn).map(|()| value).map_err(E::from),
        Err(error) => {
            // As in a transaction: the first failure is the story.
            let _ = rollback(conn);
            Err(error)
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
