//! How often somebody may try to log in: a bucket of attempts for each address, and one for each user at an address.
//! An attempt that succeeds is given back, so that only failures use it up. Kept in memory, bounded.

use super::limits::Limits;
use super::problem::Problem;
use actix_web::http::{StatusCode, header};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Buckets kept at most; beyond that the fullest are forgotten first.
const MOST: usize = 20_000;

/// The attempts of everybody.
#[derive(Debug, Clone)]
pub(super) struct Attempts {
    buckets: Arc<Mutex<HashMap<String, Bucket>>>,
    per_user: u32,
    per_address: u32,
    every: Duration,
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: u32,
    size: u32,
    since: Instant,
}

impl Attempts {
    pub(super) fn new(limits: &Limits) -> Attempts {
        Attempts {
            buckets: Arc::default(),
            per_user: limits.attempts_per_user,
            per_address: limits.attempts_per_address,
            every: limits.attempt_every.max(Duration::from_millis(1)),
        }
    }

    /// Uses up one attempt, or says how long to wait.
    pub(super) fn take(&self, address: &str, user: &str) -> Result<(), Problem> {
        let now = Instant::now();
        let mut buckets = self.lock();
        if buckets.len() >= MOST {
            self.forget(&mut buckets, now);
        }
        for (key, size) in self.keys(address, user) {
            let bucket = buckets.entry(key).or_insert(Bucket { left: size, size, since: now });
            self.refill(bucket, now);
            if bucket.left == 0 {
                let wait = self.every.saturating_sub(now.duration_since(bucket.since)).as_secs() + 1;
                return Err(too_many(wait));
            }
            bucket.left -= 1;
        }
        Ok(())
    }

    /// Gives back the attempt of a login that succeeded.
    pub(super) fn give_back(&self, address: &str, user: &str) {
        let mut buckets = self.lock();
        for (key, _) in self.keys(address, user) {
            if let Some(bucket) = buckets.get_mut(&key) {
                bucket.left = (bucket.left + 1).min(bucket.size);
            }
        }
    }

    fn keys(&self, address: &str, user: &str) -> [(String, u32); 2] {
        [(format!("{address}\n{user}"), self.per_user), (address.to_owned(), self.per_address)]
    }

    fn refill(&self, bucket: &mut Bucket, now: Instant) {
        let rounds = now.duration_since(bucket.since).as_millis() / self.every.as_millis();
        let rounds = u32::try_from(rounds).unwrap_or(u32::MAX);
        bucket.left = bucket.left.saturating_add(rounds).min(bucket.size);
        bucket.since = if bucket.left == bucket.size { now } else { bucket.since + self.every * rounds };
    }

    /// Full buckets say nothing; if all say something, the half that is nearest to full goes.
    fn forget(&self, buckets: &mut HashMap<String, Bucket>, now: Instant) {
        buckets.values_mut().for_each(|bucket| self.refill(bucket, now));
        buckets.retain(|_, bucket| bucket.left < bucket.size);
        if buckets.len() >= MOST {
            let mut used: Vec<u32> = buckets.values().map(|bucket| bucket.size - bucket.left).collect();
            used.sort_unstable();
            let middle = used[used.len() / 2];
            buckets.retain(|_, bucket| bucket.size - bucket.left > middle);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn too_many(seconds: u64) -> Problem {
    let detail = format!("too many failed logins; try again in {seconds} seconds");
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail)
        .with_header(header::RETRY_AFTER, seconds.to_string())
}
