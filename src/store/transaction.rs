//! Transactions that Diesel knows of: a hand-made BEGIN would be invisible to it.

use super::connection::Connection;
use super::error::StoreError;
use super::savepoint;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager, TransactionManagerStatus};

/// Runs `work` in one transaction: committed when it succeeds, rolled back when it fails. Inside another transaction it
/// is a savepoint of that one.
///
/// SQLite begins IMMEDIATE: a transaction that reads first and writes later is answered *busy* there and cannot wait.
pub fn transaction<T, E: From<StoreError>>(
    conn: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<T, E>,
) -> Result<T, E> {
    if in_transaction(conn) {
        return savepoint::within(conn, work);
    }
    begin(conn)?;
    match work(conn) {
        // Diesel would release the savepoint and leave the transaction open under whatever comes next.
        Ok(_) if depth(conn) > 1 => {
            savepoint::back_to(conn, 0);
            Err(StoreError::OpenSavepoint.into())
        }
        Ok(value) => {
            let committed = <Connection as TransactionManager<Connection>>::commit_transaction(conn);
            committed.map_err(|error| {
                savepoint::back_to(conn, 0);
                StoreError::from(error)
            })?;
            Ok(value)
        }
        Err(error) => {
            savepoint::back_to(conn, 0);
            Err(error)
        }
    }
}

/// Runs `work` on what is in the database at one moment; what others write meanwhile is not seen, and nobody waits.
pub fn reading<T>(
    conn: &mut Connection,
    work: impl FnOnce(&mut Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    match conn {
        Connection::Sqlite(file) => AnsiTransactionManager::begin_transaction_sql(file, "BEGIN")?,
        Connection::Postgres(_) => {
            <Connection as TransactionManager<Connection>>::begin_transaction(conn)?;
            conn.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")?;
        }
    }
    let done = work(conn);
    savepoint::back_to(conn, 0);
    done
}

/// Whether a transaction is open on this connection.
pub fn in_transaction(conn: &mut Connection) -> bool {
    depth(conn) > 0
}

pub(super) fn depth(conn: &mut Connection) -> u32 {
    match <Connection as TransactionManager<Connection>>::transaction_manager_status_mut(conn) {
        TransactionManagerStatus::Valid(status) => status.transaction_depth().map_or(0, |depth| depth.get()),
        TransactionManagerStatus::InError => 0,
    }
}

fn begin(conn: &mut Connection) -> Result<(), StoreError> {
    match conn {
        Connection::Sqlite(file) => AnsiTransactionManager::begin_transaction_sql(file, "BEGIN IMMEDIATE")?,
        Connection::Postgres(_) => <Connection as TransactionManager<Connection>>::begin_transaction(conn)?,
    }
    Ok(())
}
