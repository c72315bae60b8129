//! One connection, to SQLite or to PostgreSQL, opened with the settings that everything above relies on.
//!
//! A connection stays on a plain thread: PostgreSQL is spoken through a small runtime inside it, which cannot run
//! inside another one.

use super::error::StoreError;
use super::postgres::PgSync;
use super::url::Url;
use diesel::connection::{Connection as _, SimpleConnection};
pub use multi::AnyConnection as Connection;
use std::time::Duration;

/// What the derive makes is Diesel's, not ours to document; it brings a `Connection` of its own into scope, hence the
/// other name inside.
#[allow(missing_docs)]
mod multi {
    use super::PgSync;
    use diesel::sqlite::SqliteConnection;

    /// A connection to one of the two databases.
    #[derive(diesel::MultiConnection)]
    pub enum AnyConnection {
        /// A file.
        Sqlite(SqliteConnection),
        /// A server.
        Postgres(PgSync),
    }
}

/// Opens a connection that may write.
pub fn connect(url: &Url) -> Result<Connection, StoreError> {
    open(url, &[SQLITE, SQLITE_WRITER, SQLITE_PATIENCE], &[POSTGRES])
}

/// Opens a connection whose commits do not wait for the disk on SQLite: [`super::Log`] does.
pub(super) fn connect_apart(url: &Url) -> Result<Connection, StoreError> {
    open(url, &[SQLITE, SQLITE_WRITER, SQLITE_APART, SQLITE_PATIENCE], &[POSTGRES])
}

/// Opens a connection that refuses to write: the readers'.
pub fn connect_read_only(url: &Url) -> Result<Connection, StoreError> {
    let read_only = [POSTGRES, "SET default_transaction_read_only = on;"];
    open(url, &[SQLITE, SQLITE_READER, SQLITE_PATIENCE], &read_only)
}

/// The file is not mapped: each connection would count it as memory of its own, up to a gigabyte together.
const SQLITE: &str = "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;";

const SQLITE_READER: &str = "PRAGMA query_only = ON; PRAGMA cache_size = -4000;";

/// How long a statement waits for the file; set last, since [`set`] has a patience of its own.
const SQLITE_PATIENCE: &str = "PRAGMA busy_timeout = 10000;";

/// How often a setting is tried again that another connection stands in the way of, and how long it waits before.
const TRIES: u32 = 2_000;
const PAUSE: Duration = Duration::from_millis(5);

/// FULL, since an answer promises that the commit is durable. A commit makes a checkpoint itself only when those of
/// [`super::Checkpoints`] do not keep up: at 64 MiB of log.
const SQLITE_WRITER: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8000; \
                             PRAGMA wal_autocheckpoint = 16384; PRAGMA journal_size_limit = 67108864;";

/// The log is forced by [`super::Log`]. When it is begun anew and when it is carried over SQLite still forces it first.
const SQLITE_APART: &str = "PRAGMA synchronous = NORMAL;";

/// The generic plan is made once for every batch size and doubles throughput; what it guesses of lists it never saw would
/// start workers and a compiler, which take longer than all of these statements. The timeouts end what hangs, not what is
/// slow. English messages, where the server lets us choose, tell a deadlock from other failures.
const POSTGRES: &str = "SET plan_cache_mode = force_generic_plan; SET synchronous_commit = on; \
                        SET jit = off; SET max_parallel_workers_per_gather = 0; \
                        SET statement_timeout = '60s'; SET lock_timeout = '10s'; \
                        SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = warning; \
                        DO $$ BEGIN SET lc_messages = 'C'; EXCEPTION WHEN OTHERS THEN NULL; END $$;";

fn open(url: &Url, sqlite: &[&str], postgres: &[&str]) -> Result<Connection, StoreError> {
    let cannot = |reason: String| StoreError::Connect { url: url.to_string(), reason };
    let (mut connection, settings) = match url {
        Url::Sqlite(_) => {
            let file = diesel::SqliteConnection::establish(url.driver_text()).map_err(|e| cannot(e.to_string()))?;
            (Connection::Sqlite(file), sqlite)
        }
        Url::Postgres(_) if tokio::runtime::Handle::try_current().is_ok() => {
            return Err(cannot("connections to PostgreSQL are opened on plain threads, not inside tokio".to_owned()));
        }
        Url::Postgres(_) => {
            let server = PgSync::establish(url.driver_text()).map_err(|e| cannot(e.to_string()))?;
            (Connection::Postgres(server), postgres)
        }
    };
    for setting in settings {
        set(&mut connection, setting).map_err(|e| cannot(e.to_string()))?;
    }
    Ok(connection)
}

/// Of several that make a new file a WAL at once, SQLite tells all but one at once that it is locked, whatever
/// `busy_timeout` says: they try again until it is one.
fn set(connection: &mut Connection, setting: &str) -> Result<(), StoreError> {
    for _ in 0..TRIES {
        match connection.batch_execute(setting).map_err(StoreError::from) {
            Err(error) if error.is_busy() => std::thread::sleep(PAUSE),
            done => return done,
        }
    }
    Ok(connection.batch_execute(setting)?)
}
