//! Checkpoints of SQLite beside the commits: a thread of its own carries pages from the log into the file, so that no
//! caller waits for that. PostgreSQL does the same by itself.
//!
//! SQLite begins its log anew when a commit finds all of it carried over and nobody reading from it. While others read and
//! write all the time that moment may never come, and the log grows. So a log that is long is begun anew on purpose: no
//! commit comes between, and who reads is waited for, but only for a moment. When that was not long enough, as while
//! a backup is read, it is tried again after the next commits.

use super::connection::{Connection, connect};
use super::error::StoreError;
use super::statement::Statement;
use super::url::Url;
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long commits are gathered for one checkpoint: a page that many of them wrote is carried over once.
const GATHER: Duration = Duration::from_millis(250);
/// Pages of a log that is long: 32 MiB.
pub const LONG: i64 = 8_192;
/// How long readers are waited for, and commits wait, when a long log is begun anew.
const WAITS: &str = "PRAGMA busy_timeout = 100;";

/// The thread. Dropping it ends it; what is left in the log is carried over when the file is closed.
pub struct Checkpoints {
    commits: Option<SyncSender<()>>,
    stop: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    /// Starts the thread; none for PostgreSQL. It connects when something was committed.
    pub fn start(url: &Url) -> Option<Checkpoints> {
        Checkpoints::keeping(url, LONG)
    }

    /// The same with another number of pages that are many.
    pub fn keeping(url: &Url, long: i64) -> Option<Checkpoints> {
        if !matches!(url, Url::Sqlite(_)) {
            return None;
        }
        let (commits, committed) = sync_channel(1);
        let (stop, stopped) = sync_channel(0);
        let url = url.clone();
        let run = move || run(&url, long, &committed, &stopped);
        let thread = std::thread::Builder::new().name("checkpoints".into()).spawn(run).ok()?;
        Some(Checkpoints { commits: Some(commits), stop: Some(stop), thread: Some(thread) })
    }

    /// Something was committed.
    pub fn wake(&self) {
        // Full: one is on its way. Ended: then SQLite makes its own, in the writer (see `connection`).
        let _ = self.commits.as_ref().map(|commits| commits.try_send(()));
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.stop = None;
        self.commits = None;
        // A checkpoint that failed was logged; the commits it would have carried are in the log.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn run(url: &Url, long: i64, committed: &Receiver<()>, stopped: &Receiver<()>) {
    let mut open: Option<Connection> = None;
    while committed.recv().is_ok() {
        if stopped.recv_timeout(GATHER) == Err(RecvTimeoutError::Disconnected) {
            return;
        }
        let done = open.take().map_or_else(|| begin(url), Ok).and_then(|mut conn| {
            if checkpoint(&mut conn, "PRAGMA wal_checkpoint(PASSIVE)")? > long {
                checkpoint(&mut conn, "PRAGMA wal_checkpoint(RESTART)")?;
            }
            Ok(conn)
        });
        match done {
            Ok(conn) => open = Some(conn),
            Err(error) => tracing::warn!(%error, "no checkpoint could be made; the next commit tries again"),
        }
    }
}

fn begin(url: &Url) -> Result<Connection, StoreError> {
    let mut conn = connect(url)?;
    conn.batch_execute(WAITS)?;
    Ok(conn)
}

/// Makes a checkpoint; the pages that are in the log, carried over or not.
fn checkpoint(conn: &mut Connection, how: &'static str) -> Result<i64, StoreError> {
    let told = Statement::new(how).load::<(BigInt, BigInt, BigInt), (i64, i64, i64)>(conn)?;
    Ok(told.first().map_or(0, |(_, pages, _)| *pages))
}
