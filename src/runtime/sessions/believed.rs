//! Who a token stood for a moment ago. What this node changes of people counts at once; what another process changes in the
//! same database, within a second.

use crate::model::actor::Actor;
use crate::model::time::Timestamp;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

/// Milliseconds that the directory is not asked again.
const BELIEVED: i64 = 1_000;

/// Counts what this node changed of people, roles and accounts.
#[derive(Debug, Default)]
pub struct People(AtomicU64);

impl People {
    /// Something of them may have changed.
    pub fn change(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    /// How often so far.
    pub fn changes(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Who a token stood for when the directory was asked last.
#[derive(Debug, Default)]
pub struct Believed(RwLock<Option<Seen>>);

#[derive(Debug)]
struct Seen {
    actor: Actor,
    at: Timestamp,
    changes: u64,
}

impl Believed {
    /// Whom the token stands for; none: ask the directory.
    pub fn actor(&self, now: Timestamp, changes: u64) -> Option<Actor> {
        let seen = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let fresh = |seen: &&Seen| seen.changes == changes && (0..BELIEVED).contains(&(now.0 - seen.at.0));
        seen.as_ref().filter(fresh).map(|seen| seen.actor.clone())
    }

    /// Keeps what the directory said. `at` and `changes` are of before it was asked. Who stands in for somebody is asked
    /// for each time: a substitution ends by itself.
    pub fn keep(&self, actor: &Actor, at: Timestamp, changes: u64) {
        if actor.stands_in.is_empty() {
            let seen = Seen { actor: actor.clone(), at, changes };
            *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(seen);
        }
    }
}
