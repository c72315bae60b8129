//! Who is to be woken when a round is committed: what it wrote says so.

use crate::runtime::shared::Shared;
use crate::store::writes::Writes;
use std::cell::Cell;

/// What was written that somebody waits for.
#[derive(Debug, Default)]
pub struct Wakes {
    timers: Cell<bool>,
    jobs: Cell<bool>,
}

impl Wakes {
    /// Remembers what these rows wake.
    pub fn note(&self, writes: &Writes) {
        self.timers.set(self.timers.get() || writes.wakes_worker());
        self.jobs.set(self.jobs.get() || !writes.jobs.is_empty());
    }

    /// Something was sent that the worker brings.
    pub fn sent(&self) {
        self.timers.set(true);
    }

    /// Wakes the worker that fires timers, and the workers outside that wait for jobs.
    pub fn wake(&self, shared: &Shared) {
        if self.timers.get() {
            shared.timers.notify_one();
        }
        if self.jobs.get() {
            shared.jobs.notify_waiters();
        }
    }
}
