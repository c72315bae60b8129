//! The jobs that wait for a writer, and whose turn it is. A few threads share a queue: while one writes a batch, another one
//! plans the next. At any time at most one plans, and at most one writes.
//!
//! What is planned or being written is in nobody's way but its own: a command for the same root, or under the same idempotency
//! key, waits until it is committed, and commands of one root keep their order.

use crate::model::ids::InstanceId;
use crate::runtime::job::Job;
use crate::store::idempotency::Place;
use std::collections::{HashSet, VecDeque};
use std::mem::take;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Commands of one batch at most.
pub const BATCH: usize = 256;
/// Commands that are looked at for one batch: many for one root do not hold up the others.
const LOOKED_AT: usize = 4 * BATCH;

/// The queue of a writer.
pub struct Queue {
    most: usize,
    state: Mutex<State>,
    /// Threads without a batch wait here for jobs.
    idle: Condvar,
    /// A thread with a batch waits here for the end of the one that is being written, or for more jobs meanwhile.
    planned: Condvar,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    /// What is planned is about these.
    planned: HashSet<Key>,
    /// What is being written is about these.
    written: HashSet<Key>,
    is_planning: bool,
    is_writing: bool,
    /// Whether who plans waits for who writes.
    is_planned: bool,
    is_closed: bool,
}

/// What can be in the works once only.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Root(InstanceId),
    Place(Place),
}

/// What a thread is to do.
pub enum Turn {
    /// Plan these jobs, too.
    Plan(Vec<Job>),
    /// Write what it has planned.
    Write,
    /// End: no more jobs will come.
    End,
}

/// Why a job was not queued.
pub enum Refused {
    /// Too many wait.
    Full(Box<Job>),
    /// The server is stopping.
    Closed(Box<Job>),
}

impl Queue {
    /// A queue of this length.
    pub fn new(most: usize) -> Queue {
        Queue { most, state: Mutex::default(), idle: Condvar::new(), planned: Condvar::new() }
    }

    /// Puts a job at the end.
    pub fn push(&self, job: Job) -> Result<(), Refused> {
        let mut state = self.state();
        if state.is_closed {
            return Err(Refused::Closed(Box::new(job)));
        }
        if state.waiting.len() >= self.most {
            return Err(Refused::Full(Box::new(job)));
        }
        state.waiting.push_back(job);
        // Who plans at this moment looks here before it waits.
        if state.is_planned {
            self.planned.notify_one();
        } else if !state.is_planning {
            self.idle.notify_one();
        }
        Ok(())
    }

    /// What a thread that has planned so many jobs is to do next. It waits until there is something to do.
    pub fn next(&self, planned: usize) -> Turn {
        let mut state = self.state();
        loop {
            if planned > 0 && !state.is_writing {
                (state.is_planning, state.is_writing) = (false, true);
                state.written = take(&mut state.planned);
                if !state.waiting.is_empty() {
                    self.idle.notify_one();
                }
                return Turn::Write;
            }
            if planned > 0 || !state.is_planning {
                let jobs = state.free(BATCH.saturating_sub(planned));
                if !jobs.is_empty() {
                    state.is_planning = true;
                    return Turn::Plan(jobs);
                }
            }
            if planned > 0 {
                state.is_planned = true;
                state = self.planned.wait(state).unwrap_or_else(PoisonError::into_inner);
                state.is_planned = false;
            } else if state.is_closed && state.waiting.is_empty() {
                self.idle.notify_one();
                return Turn::End;
            } else {
                state = self.idle.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }

    /// The batch is written; `again` comes first once more.
    pub fn written(&self, again: Vec<Job>) {
        let mut state = self.state();
        state.is_writing = false;
        state.written.clear();
        again.into_iter().rev().for_each(|job| state.waiting.push_front(job));
        if state.is_planned {
            self.planned.notify_one();
        }
    }

    /// No more jobs come; what waits is still done.
    pub fn close(&self) {
        self.state().is_closed = true;
        self.idle.notify_all();
    }

    /// No more jobs come, and what waits is not done any more: the thread that had the turn has died.
    pub fn abandon(&self) {
        let mut state = self.state();
        state.waiting.clear();
        (state.is_planning, state.is_writing) = (false, false);
        drop(state);
        self.close();
        self.planned.notify_one();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that is done under the lock breaks off half-way.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The first jobs that nothing in the works stands in the way of. Who is left stands in the way of those behind.
    fn free(&mut self, most: usize) -> Vec<Job> {
        let (mut free, mut held, mut at) = (Vec::new(), HashSet::new(), 0);
        while free.len() < most && at < self.waiting.len().min(LOOKED_AT) {
            let keys = keys(&self.waiting[at]);
            let is_free = |key: &Key| !(held.contains(key) || self.planned.contains(key) || self.written.contains(key));
            if keys.iter().flatten().all(is_free) {
                self.planned.extend(keys.into_iter().flatten());
                free.extend(self.waiting.remove(at));
            } else {
                held.extend(keys.into_iter().flatten());
                at += 1;
            }
        }
        free
    }
}

fn keys(job: &Job) -> [Option<Key>; 2] {
    [job.root().map(Key::Root), job.place().map(Key::Place)]
}
