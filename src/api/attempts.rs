//! How often somebody may try to log in. Three buckets: a login from an address, an address, and a login from everywhere.
//! An attempt that succeeds is given back, so that only failures use them up.
//!
//! The third one slows down who guesses from many addresses at once. So that nobody can lock somebody else out with it,
//! it does not count for the first attempt of an address, nor for an address that the login succeeded from before.

use super::buckets::{Buckets, Rate};
use super::limits::Limits;
use super::problem::Problem;
use actix_web::http::{StatusCode, header};
use quick_cache::sync::Cache;
use std::sync::Arc;
use std::time::Duration;

/// Addresses that a login was tried from, remembered at most.
const MOST: usize = 20_000;

/// The attempts of everybody.
#[derive(Clone)]
pub(super) struct Attempts {
    buckets: Buckets,
    /// Whether a login ever succeeded from an address.
    known: Arc<Cache<String, bool>>,
    per_user: Rate,
    per_address: Rate,
    per_login: Rate,
}

/// An attempt that was let through: it failed, unless it is said that it succeeded.
pub(super) struct Attempt {
    attempts: Attempts,
    pair: String,
    address: String,
    login: Option<String>,
}

impl Attempts {
    pub(super) fn new(limits: &Limits) -> Attempts {
        let rate = |burst| Rate { burst, every: limits.attempt_every.max(Duration::from_millis(1)) };
        Attempts {
            buckets: Buckets::default(),
            known: Arc::new(Cache::new(MOST)),
            per_user: rate(limits.attempts_per_user),
            per_address: rate(limits.attempts_per_address),
            per_login: rate(limits.attempts_per_login),
        }
    }

    /// Uses up one attempt of a login at an address, or says how long to wait.
    pub(super) fn take(&self, address: &str, login: &str) -> Result<Attempt, Problem> {
        let attempts = self.clone();
        let (pair, address) = (format!("pair\n{address}\n{login}"), format!("address\n{address}"));
        let counts = self.known.get(&pair) == Some(false);
        let login = counts.then(|| format!("login\n{login}"));
        let taken =
            [(Some(&pair), self.per_user), (Some(&address), self.per_address), (login.as_ref(), self.per_login)];
        for (index, (name, rate)) in taken.iter().enumerate() {
            let Some(name) = name else { continue };
            if let Err(wait) = self.buckets.take((*name).clone(), *rate) {
                // Who is turned away has not tried.
                taken[..index].iter().filter_map(|(name, _)| *name).for_each(|name| self.buckets.give_back(name));
                return Err(too_many(wait.as_secs() + 1));
            }
        }
        self.buckets.slow_down(&pair);
        if self.known.get(&pair).is_none() {
            self.known.insert(pair.clone(), false);
        }
        Ok(Attempt { attempts, pair, address, login })
    }
}

impl Attempt {
    /// It was the right password.
    pub(super) fn succeeded(self) {
        self.was_none();
        self.attempts.buckets.fill(&self.pair);
        self.attempts.known.insert(self.pair.clone(), true);
    }

    /// Nobody looked whether it was: it does not count.
    pub(super) fn was_none(&self) {
        let names = [Some(&self.pair), Some(&self.address), self.login.as_ref()];
        names.into_iter().flatten().for_each(|name| self.attempts.buckets.give_back(name));
    }
}

fn too_many(seconds: u64) -> Problem {
    let detail = format!("too many failed logins; try again in {seconds} seconds");
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail)
        .with_header(header::RETRY_AFTER, seconds.to_string())
}
