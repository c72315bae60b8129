//! Readers: a few plain threads, each with a read-only connection of its own, that answer async callers.
//!
//! What was read is handed out when it is on the disk (see [`Log`]).
//!
//! Plain threads, since a connection to PostgreSQL cannot be used inside tokio. A read that waits holds neither a
//! connection nor a lock.

use super::connection::{Connection, connect_read_only};
use super::error::StoreError;
use super::log::Log;
use super::url::Url;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot};

/// A pool of readers. Dropping it lets the reads that wait finish and ends the threads.
pub struct Readers {
    jobs: Option<mpsc::Sender<Job>>,
    log: Arc<Log>,
    losses: Arc<AtomicU64>,
    threads: Vec<JoinHandle<()>>,
}

/// A read: gets a connection, or why there is none.
type Job = Box<dyn FnOnce(Result<&mut Connection, StoreError>) + Send>;

/// Reads that may wait for each thread before callers wait.
const WAITING: usize = 64;

impl Readers {
    /// Starts this many readers of what stands in this log. They connect when they first read.
    pub fn start(url: &Url, threads: usize, log: &Arc<Log>) -> Readers {
        let threads = threads.max(1);
        let (jobs, queue) = mpsc::channel(threads * WAITING);
        let queue = Arc::new(Mutex::new(queue));
        let losses = Arc::new(AtomicU64::new(0));
        let threads = (0..threads)
            .filter_map(|number| {
                let reader = Reader { url: url.clone(), queue: queue.clone(), losses: losses.clone() };
                std::thread::Builder::new().name(format!("reader-{number}")).spawn(move || reader.run()).ok()
            })
            .collect();
        Readers { jobs: Some(jobs), log: log.clone(), losses, threads }
    }

    /// Runs a read on the next free reader.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let (losses, log) = (self.losses.clone(), self.log.clone());
        let job: Job = Box::new(move |conn| {
            let connected = conn.is_ok();
            let result = conn.and_then(read);
            // Counted before the caller hears of it: its next read then finds no stale connection anywhere.
            if connected && result.as_ref().is_err_and(StoreError::is_lost) {
                losses.fetch_add(1, Ordering::AcqRel);
            }
            // A caller that went away needs no answer.
            let _ = answer.send(result.map(|read| (read, log.seen())));
        });
        let jobs = self.jobs.as_ref().ok_or(StoreError::Closed)?;
        jobs.send(job).await.map_err(|_| StoreError::Closed)?;
        let (read, seen) = answered.await.map_err(|_| StoreError::Closed)??;
        self.log.forced(seen).await?;
        Ok(read)
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.jobs = None;
        for thread in self.threads.drain(..) {
            // A reader catches the panics of its reads; there is nothing to learn from its end.
            let _ = thread.join();
        }
    }
}

/// One thread of the pool.
struct Reader {
    url: Url,
    queue: Arc<Mutex<mpsc::Receiver<Job>>>,
    /// Counts lost connections in the pool: when one is lost the others most likely are too.
    losses: Arc<AtomicU64>,
}

impl Reader {
    fn run(self) {
        let mut open: Option<(Connection, u64)> = None;
        while let Some(job) = self.next() {
            let losses = self.losses.load(Ordering::Acquire);
            if open.as_ref().is_some_and(|(_, since)| *since != losses) {
                open = None;
            }
            if open.is_none() {
                match connect_read_only(&self.url) {
                    Ok(connection) => open = Some((connection, losses)),
                    Err(error) => {
                        job(Err(error));
                        continue;
                    }
                }
            }
            let Some((connection, _)) = open.as_mut() else { continue };
            if catch_unwind(AssertUnwindSafe(|| job(Ok(connection)))).is_err() {
                open = None;
            }
        }
    }

    fn next(&self) -> Option<Job> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv()
    }
}
