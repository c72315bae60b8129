//! The batch writer: the only one that changes process state. Commands wait in a bounded queue; a writer drains what is there,
//! plans it in memory, writes all of it in one transaction, and answers everyone when it is on the disk. Three threads take turns, so
//! that one batch is planned ([why](../../../docs/decisions/0041-plan-while-writing.md)) while another one is written and a third
//! one is on its way to the disk ([why](../../../docs/decisions/0042-force-apart.md)).
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
mod planned;
mod pure;
mod queue;
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
use crate::store::{Connection, StoreError, connect_read_only};
use planned::Planned;
use queue::{Queue, Refused, Turn};
use round::{Done, Round};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem::take;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// Threads that take turns at one queue: one plans, one writes, one waits for the disk and answers.
const THREADS: usize = 3;

/// The writers of this node.
pub struct Writers {
    writers: Vec<Arc<Writer>>,
    threads: Vec<JoinHandle<()>>,
}

/// A writer: its queue, and the connections of whoever plans and of whoever writes.
struct Writer {
    shared: Arc<Shared>,
    queue: Queue,
    reading: Mutex<Option<Connection>>,
    writing: Mutex<Option<Connection>>,
}

impl Writers {
    /// Starts writers with queues of this length.
    pub fn start(shared: &Arc<Shared>, count: usize, queue: usize) -> Result<Writers, StoreError> {
        let mut all = Writers { writers: Vec::new(), threads: Vec::new() };
        for number in 0..count.max(1) {
            let writing = Mutex::new(Some(shared.log.connect()?));
            let reading = Mutex::new(Some(connect_read_only(&shared.url)?));
            let writer = Arc::new(Writer { shared: shared.clone(), queue: Queue::new(queue), reading, writing });
            all.writers.push(writer.clone());
            for _ in 0..THREADS {
                let writer = writer.clone();
                let thread = stack::spawn(&format!("writer-{number}"), move || writer.run());
                all.threads.push(thread.map_err(|_| StoreError::Closed)?);
            }
        }
        Ok(all)
    }

    fn place(&self, job: &Job) -> usize {
        let mut hasher = DefaultHasher::new();
        job.partition().hash(&mut hasher);
        usize::try_from(hasher.finish() % self.writers.len() as u64).unwrap_or(0)
    }

    /// Queues a job; a full queue refuses it.
    pub fn submit(&self, job: Job) {
        let at = if self.writers.len() > 1 { self.place(&job) } else { 0 };
        match self.writers[at].queue.push(job) {
            Ok(()) => metrics::counter!("kamflow_commands_queued_total").increment(1),
            Err(Refused::Full(job)) => {
                metrics::counter!("kamflow_commands_refused_total").increment(1);
                job.refuse(busy("too many commands are waiting; try again in a moment"));
            }
            Err(Refused::Closed(job)) => job.refuse(busy("the server is stopping")),
        }
    }
}

impl Drop for Writers {
    /// What is queued is still done and answered.
    fn drop(&mut self) {
        self.writers.iter().for_each(|writer| writer.queue.close());
        for thread in self.threads.drain(..) {
            // A writer that panicked has said so already; its callers were answered when their channel closed.
            let _ = thread.join();
        }
    }
}

fn busy(sentence: &str) -> Refusal {
    Refusal::new(RefusalKind::Busy, "busy", sentence)
}

impl Writer {
    /// Takes turns until the queue is closed and empty.
    fn run(&self) {
        let _leaving = Leaving(self);
        loop {
            let (mut planned, mut unplanned) = (Planned::default(), Vec::new());
            loop {
                match self.queue.next(planned.jobs.len() + unplanned.len()) {
                    Turn::Plan(jobs) => match self.plan(jobs) {
                        Ok(more) => planned.append(more),
                        Err(jobs) => unplanned.extend(jobs),
                    },
                    Turn::Write => break,
                    Turn::End => return,
                }
            }
            let mut done = self.write(planned, unplanned);
            self.queue.written(take(&mut done.again));
            done.answer(self.shared.log.force());
        }
    }

    /// Plans jobs; gives back those that cannot be planned together.
    fn plan(&self, jobs: Vec<Job>) -> Result<Planned, Vec<Job>> {
        let mut held = held(&self.reading);
        let mut conn = match held.take().map_or_else(|| connect_read_only(&self.shared.url), Ok) {
            Ok(conn) => conn,
            Err(error) => {
                tracing::error!(%error, "the database cannot be reached");
                return Err(jobs);
            }
        };
        match Planned::new(&self.shared, &mut conn, jobs) {
            Ok(planned) => {
                *held = Some(conn);
                Ok(planned)
            }
            Err((jobs, error)) => {
                if !error.is_lost() {
                    *held = Some(conn);
                }
                tracing::debug!(%error, jobs = jobs.len(), "a batch could not be planned; each job is tried alone");
                Err(jobs)
            }
        }
    }

    /// Writes a batch.
    fn write(&self, planned: Planned, unplanned: Vec<Job>) -> Done {
        let mut held = held(&self.writing);
        let mut conn = match held.take().map_or_else(|| self.shared.log.connect(), Ok) {
            Ok(conn) => conn,
            Err(error) => {
                tracing::error!(%error, "the database cannot be reached");
                for job in planned.jobs.into_iter().chain(unplanned) {
                    job.refuse(busy("the database cannot be reached; nothing was changed"));
                }
                return Done::default();
            }
        };
        let done = Round { shared: &self.shared, conn: &mut conn }.run(planned, unplanned);
        if !done.lost {
            *held = Some(conn);
        }
        if let Some(checkpoints) = &self.shared.checkpoints {
            checkpoints.wake();
        }
        done
    }
}

fn held(conn: &Mutex<Option<Connection>>) -> MutexGuard<'_, Option<Connection>> {
    // A connection is taken out while it is used, so what broke off half-way is not in here.
    conn.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A thread that ends. Its connections end with it, since whoever stops the server may be in no place to close them; and the
/// callers get to know when it died.
struct Leaving<'a>(&'a Writer);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.queue.abandon();
        }
        drop(held(&self.0.reading).take());
        drop(held(&self.0.writing).take());
    }
}
