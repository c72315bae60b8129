//! The batch writer: the only thread that changes process state. Commands wait in a bounded queue; a writer drains
//! what is there, applies all of it, commits once, and then answers everyone.
//!
//! One writer on SQLite; a few on PostgreSQL, with roots shared out by hash.

mod approval;
mod batch;
mod beginning;
mod command;
mod delivery;
mod exchange;
mod intervention;
mod lane;
pub mod lease;
mod led_to;
mod look_again;
mod message;
mod new_task;
mod plan;
mod pure;
mod round;
mod row;
mod schedule;
mod single;
mod task;
mod transactional;
mod verdict;
mod wakes;

use super::job::Job;
use super::shared::Shared;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::scripts::stack;
use crate::store::{Connection, StoreError, connect};
use round::Round;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

/// Commands of one round at most.
pub const BATCH: usize = 256;
/// Commands that a writer looks at for one round: many for one root do not hold up the others.
const LOOKED_AT: usize = 4 * BATCH;

/// The writers of this node.
pub struct Writers {
    queues: Vec<SyncSender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

impl Writers {
    /// Starts writers with queues of this length.
    pub fn start(shared: &Arc<Shared>, count: usize, queue: usize) -> Result<Writers, StoreError> {
        let mut writers = Writers { queues: Vec::new(), threads: Vec::new() };
        for number in 0..count.max(1) {
            let (sender, receiver) = sync_channel(queue);
            let conn = connect(&shared.url)?;
            let shared = shared.clone();
            let writer = Writer { shared, conn: Some(conn), queue: receiver };
            let thread = stack::spawn(&format!("writer-{number}"), move || writer.run());
            writers.threads.push(thread.map_err(|_| StoreError::Closed)?);
            writers.queues.push(sender);
        }
        Ok(writers)
    }

    fn place(&self, job: &Job) -> usize {
        let mut hasher = DefaultHasher::new();
        job.partition().hash(&mut hasher);
        usize::try_from(hasher.finish() % self.queues.len() as u64).unwrap_or(0)
    }

    /// Queues a job; a full queue refuses it.
    pub fn submit(&self, job: Job) {
        let at = if self.queues.len() > 1 { self.place(&job) } else { 0 };
        match self.queues[at].try_send(job) {
            Ok(()) => metrics::counter!("kamflow_commands_queued_total").increment(1),
            Err(TrySendError::Full(job)) => {
                metrics::counter!("kamflow_commands_refused_total").increment(1);
                job.refuse(busy("too many commands are waiting; try again in a moment"));
            }
            Err(TrySendError::Disconnected(job)) => job.refuse(busy("the server is stopping")),
        }
    }
}

impl Drop for Writers {
    /// What is queued is still done and answered.
    fn drop(&mut self) {
        self.queues.clear();
        for thread in self.threads.drain(..) {
            // A writer that panicked has said so already; its callers were answered when their channel closed.
            let _ = thread.join();
        }
    }
}

fn busy(sentence: &str) -> Refusal {
    Refusal::new(RefusalKind::Busy, "busy", sentence)
}

struct Writer {
    shared: Arc<Shared>,
    conn: Option<Connection>,
    queue: Receiver<Job>,
}

impl Writer {
    fn run(mut self) {
        let mut waiting: Vec<Job> = Vec::new();
        loop {
            if waiting.is_empty() {
                match self.queue.recv() {
                    Ok(job) => waiting.push(job),
                    Err(_) => return,
                }
            }
            while waiting.len() < LOOKED_AT
                && let Ok(job) = self.queue.try_recv()
            {
                waiting.push(job);
            }
            waiting = self.round(waiting);
        }
    }

    /// One round; gives the jobs that must be done in a later one.
    fn round(&mut self, jobs: Vec<Job>) -> Vec<Job> {
        let mut conn = match self.conn.take().map_or_else(|| connect(&self.shared.url), Ok) {
            Ok(conn) => conn,
            Err(error) => {
                tracing::error!(%error, "the database cannot be reached");
                for job in jobs {
                    job.refuse(busy("the database cannot be reached; nothing was changed"));
                }
                return Vec::new();
            }
        };
        let done = Round::new(&self.shared, &mut conn).run(jobs);
        if !done.lost {
            self.conn = Some(conn);
        }
        if let Some(checkpoints) = &self.shared.checkpoints {
            checkpoints.wake();
        }
        done.again
    }
}
