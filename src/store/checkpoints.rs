//! Checkpoints of SQLite beside the commits: a thread of its own carries pages from the log into the file, so that no
//! caller waits for that. PostgreSQL does the same by itself.

use super::connection::{Connection, connect};
use super::url::Url;
use diesel::connection::SimpleConnection;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long commits are gathered for one checkpoint: a page that many of them wrote is carried over once.
const GATHER: Duration = Duration::from_millis(250);

/// The thread. Dropping it ends it; what is left in the log is carried over when the file is closed.
pub struct Checkpoints {
    commits: Option<SyncSender<()>>,
    stop: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    /// Starts the thread; none for PostgreSQL. It connects when something was committed.
    pub fn start(url: &Url) -> Option<Checkpoints> {
        if !matches!(url, Url::Sqlite(_)) {
            return None;
        }
        let (commits, committed) = sync_channel(1);
        let (stop, stopped) = sync_channel(0);
        let url = url.clone();
        let run = move || run(&url, &committed, &stopped);
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

fn run(url: &Url, committed: &Receiver<()>, stopped: &Receiver<()>) {
    let mut open: Option<Connection> = None;
    while committed.recv().is_ok() {
        if stopped.recv_timeout(GATHER) == Err(RecvTimeoutError::Disconnected) {
            return;
        }
        let done = open.take().map_or_else(|| connect(url), Ok).and_then(|mut conn| {
            conn.batch_execute("PRAGMA wal_checkpoint(PASSIVE)")?;
            Ok(conn)
        });
        match done {
            Ok(conn) => open = Some(conn),
            Err(error) => tracing::warn!(%error, "no checkpoint could be made; the next commit tries again"),
        }
    }
}
