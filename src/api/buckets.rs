//! Token buckets by name: so many at once, one more every so often. Kept in memory, bounded.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Buckets kept at most; beyond that the fullest are forgotten first.
const MOST: usize = 20_000;
/// An empty bucket fills slower with every time that it is emptied, up to two to the power of this.
const SLOWEST: u32 = 5;

/// How much a bucket holds, and how quickly it fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// What it holds when it is full.
    pub burst: u32,
    /// How long until one more is in it.
    pub every: Duration,
}

impl Rate {
    /// So many a second, and twice as many at once; at least one.
    pub fn per_second(number: u32) -> Rate {
        let number = number.max(1);
        Rate { burst: number.saturating_mul(2), every: Duration::from_secs(1) / number }
    }
}

/// The buckets of everybody; clones are the same ones.
#[derive(Debug, Clone, Default)]
pub(super) struct Buckets(Arc<Mutex<HashMap<String, Bucket>>>);

#[derive(Debug, Clone, Copy)]
struct Bucket {
    rate: Rate,
    left: u32,
    since: Instant,
    emptied: u32,
}

impl Buckets {
    /// Takes one out, or says how long to wait.
    pub(super) fn take(&self, name: String, rate: Rate) -> Result<(), Duration> {
        let now = Instant::now();
        let mut buckets = self.lock();
        if buckets.len() >= MOST {
            forget(&mut buckets, now);
        }
        let bucket = buckets.entry(name).or_insert(Bucket { rate, left: rate.burst, since: now, emptied: 0 });
        bucket.refill(now);
        if bucket.left == 0 {
            return Err(bucket.every().saturating_sub(now.duration_since(bucket.since)));
        }
        bucket.left -= 1;
        Ok(())
    }

    /// Puts one back.
    pub(super) fn give_back(&self, name: &str) {
        if let Some(bucket) = self.lock().get_mut(name) {
            bucket.left = (bucket.left + 1).min(bucket.rate.burst);
        }
    }

    /// What was taken out is put back in whole.
    pub(super) fn fill(&self, name: &str) {
        self.lock().remove(name);
    }

    /// From now on, and until it is full again, it fills more slowly when it is empty.
    pub(super) fn slow_down(&self, name: &str) {
        if let Some(bucket) = self.lock().get_mut(name).filter(|bucket| bucket.left == 0) {
            bucket.emptied = (bucket.emptied + 1).min(SLOWEST);
            bucket.since = Instant::now();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Bucket>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bucket {
    fn every(&self) -> Duration {
        self.rate.every.max(Duration::from_nanos(1)) * 2_u32.pow(self.emptied)
    }

    fn refill(&mut self, now: Instant) {
        let every = self.every();
        let rounds = now.duration_since(self.since).as_nanos() / every.as_nanos();
        let rounds = u32::try_from(rounds).unwrap_or(u32::MAX);
        let missing = self.rate.burst - self.left;
        if rounds >= missing {
            *self = Bucket { rate: self.rate, left: self.rate.burst, since: now, emptied: 0 };
        } else {
            self.left += rounds;
            self.since += every * rounds;
        }
    }
}

/// Full buckets say nothing; if all say something, the half that is nearest to full goes.
fn forget(buckets: &mut HashMap<String, Bucket>, now: Instant) {
    buckets.values_mut().for_each(|bucket| bucket.refill(now));
    buckets.retain(|_, bucket| bucket.left < bucket.rate.burst);
    if buckets.len() >= MOST {
        let mut used: Vec<u32> = buckets.values().map(|bucket| bucket.rate.burst - bucket.left).collect();
        used.sort_unstable();
        let middle = used[used.len() / 2];
        buckets.retain(|_, bucket| bucket.rate.burst - bucket.left > middle);
    }
}
