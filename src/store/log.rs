//! The log of an SQLite file (WAL), forced to the disk apart from the commits, so that the next commit is made while the one
//! before is still on its way ([why](../../docs/decisions/0042-force-apart.md)). Who answers waits for it: who committed by
//! [`Log::force`], who has read by [`Log::forced`]. PostgreSQL forces its log in the commit, and nobody waits here.
//!
//! A log that could not be forced stays broken: the system may have forgotten what it was to write, and would say
//! *done* when it is asked once more. Then nothing is answered until the server is started anew.

use super::connection::{Connection, connect, connect_apart};
use super::error::StoreError;
use super::url::Url;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// The log. One connection at a time commits.
pub struct Log {
    url: Url,
    /// Forces what was written to the disk; none before the first connection, or on PostgreSQL.
    disk: Mutex<Option<Disk>>,
    /// Commits that were begun, and of these the ones that are over.
    begun: AtomicU64,
    over: AtomicU64,
    forced: watch::Sender<Forced>,
}

/// Forces the file to the disk.
type Disk = Box<dyn FnMut() -> io::Result<()> + Send>;

/// How far it is on the disk.
#[derive(Debug, Clone, Default)]
struct Forced {
    /// Commits that are.
    commits: u64,
    /// Why there will be no more.
    broken: Option<String>,
}

impl Log {
    /// The log of this database.
    pub fn of(url: &Url) -> Log {
        let (forced, _) = watch::channel(Forced::default());
        Log { url: url.clone(), disk: Mutex::default(), begun: 0.into(), over: 0.into(), forced }
    }

    /// Opens the connection that commits. Its commits are durable when the log was forced.
    pub fn connect(&self) -> Result<Connection, StoreError> {
        let Url::Sqlite(path) = &self.url else { return connect(&self.url) };
        let conn = connect_apart(&self.url)?;
        // It is there as long as this connection is: the last one that is closed takes it away.
        let file = open(Path::new(path)).map_err(|error| StoreError::Disk(error.to_string()))?;
        self.on(move || file.sync_data());
        Ok(conn)
    }

    /// Forces by this from now on, instead of the file: for who wants to know when.
    pub fn on(&self, disk: impl FnMut() -> io::Result<()> + Send + 'static) {
        *self.disk() = Some(Box::new(disk));
    }

    /// A commit begins: whoever has read from now on may have seen it.
    pub fn begin(&self) {
        if matches!(self.url, Url::Sqlite(_)) {
            self.begun.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// The commit is over, done or not.
    pub fn end(&self) {
        self.over.store(self.begun.load(Ordering::Acquire), Ordering::Release);
    }

    /// Commits that somebody may have seen who has read until now.
    pub fn seen(&self) -> u64 {
        self.begun.load(Ordering::Acquire)
    }

    /// Forces what was committed to the disk. Of several who ask at once one does it for all of them.
    ///
    /// # Errors
    /// [`StoreError::Disk`]: it is not there, or was not before.
    pub fn force(&self) -> Result<(), StoreError> {
        let mine = self.over.load(Ordering::Acquire);
        if self.reached(mine)? {
            return Ok(());
        }
        let mut disk = self.disk();
        if self.reached(mine)? {
            return Ok(());
        }
        let over = self.over.load(Ordering::Acquire);
        let done = disk.as_mut().map_or(Ok(()), |force| force());
        metrics::counter!("kamflow_log_forced_total").increment(1);
        self.forced.send_modify(|forced| match done {
            Ok(()) => forced.commits = over,
            Err(error) => {
                tracing::error!(%error, "the disk did not take what was written; nothing is answered until kamflow is started anew");
                forced.broken = Some(error.to_string());
            }
        });
        self.reached(mine).map(drop)
    }

    /// Waits until so many commits are on the disk.
    ///
    /// # Errors
    /// [`StoreError::Disk`]: they never will be.
    pub async fn forced(&self, commits: u64) -> Result<(), StoreError> {
        if self.reached(commits)? {
            return Ok(());
        }
        let mut forced = self.forced.subscribe();
        // It is never closed while this log is there.
        let _ = forced.wait_for(|forced| forced.broken.is_some() || forced.commits >= commits).await;
        self.reached(commits).map(drop)
    }

    fn reached(&self, commits: u64) -> Result<bool, StoreError> {
        let forced = self.forced.borrow();
        match &forced.broken {
            Some(reason) => Err(StoreError::Disk(reason.clone())),
            None => Ok(forced.commits >= commits),
        }
    }

    fn disk(&self) -> MutexGuard<'_, Option<Disk>> {
        // Whoever broke off has not said that it is forced.
        self.disk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The file of the log beside that of the rows; it can be forced only by who may write.
fn open(path: &Path) -> io::Result<File> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    File::options().write(true).open(PathBuf::from(log))
}
