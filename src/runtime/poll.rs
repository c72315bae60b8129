//! Waiting for jobs: a worker asks, and is answered as soon as there is something to do or its time is over.
//!
//! Who waits holds neither a connection nor a thread: it is woken when this node has written a job, looks when the next
//! one is due, and now and then for what other nodes wrote.

use super::request::{Change, JobChange, Outcome, Request};
use super::{Runtime, access, internal};
use crate::model::actor::Actor;
use crate::model::job::LeasedJob;
use crate::model::refusal::Refusal;
use crate::model::time;
use crate::store::jobs;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::Instant;

/// Who waits looks at least this often, also for jobs that other nodes made.
const AT_LEAST: Duration = Duration::from_secs(2);
/// And not more often than this, but for a job of this node.
const AT_MOST: Duration = Duration::from_millis(20);

/// What a worker asks for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The types it can do.
    pub types: Vec<String>,
    /// What it calls itself.
    pub worker: String,
    /// Jobs at most.
    pub most: i64,
    /// How long it has them.
    pub lease: time::Duration,
    /// How long it waits when there is nothing to do.
    pub wait: Duration,
}

impl Runtime {
    /// Takes jobs that are to be done now, the most urgent first; waits for one when there is none.
    pub async fn take_jobs(&self, actor: &Actor, wanted: Wanted) -> Result<Vec<LeasedJob>, Refusal> {
        access::require(actor, access::JOB_WORKER)?;
        let end = Instant::now() + wanted.wait;
        loop {
            let woken = self.0.shared.jobs.notified();
            tokio::pin!(woken);
            // From here on nothing is missed: what is written while we look wakes us at once.
            woken.as_mut().enable();
            let (business, types) = (actor.business.clone(), wanted.types.clone());
            let next = self.read(move |conn, _| Ok(jobs::next_available(conn, &business, &types)?)).await?;
            if next.is_some_and(|at| at <= self.now()) {
                let taken = self.take(actor, &wanted).await?;
                if !taken.is_empty() {
                    return Ok(taken);
                }
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || self.0.shared.stopping.load(Ordering::Acquire) {
                return Ok(Vec::new());
            }
            let due =
                next.map_or(AT_LEAST, |at| Duration::from_millis(u64::try_from(at.0 - self.now().0).unwrap_or(0)));
            tokio::select! {
                () = tokio::time::sleep(due.clamp(AT_MOST, AT_LEAST).min(left)) => {}
                () = woken => {}
            }
        }
    }

    async fn take(&self, actor: &Actor, wanted: &Wanted) -> Result<Vec<LeasedJob>, Refusal> {
        let Wanted { types, worker, most, lease, .. } = wanted.clone();
        let change = Change::Job(JobChange::Take { types, worker, most, lease });
        let request = Request { actor: actor.clone(), change, idempotency: None, if_match: None };
        match self.execute(request).await?.outcome {
            Outcome::Jobs(taken) => Ok(taken),
            _ => Err(internal("taking jobs answered something else")),
        }
    }

    /// The server stops: nobody waits for jobs any more.
    pub fn stop_waiting(&self) {
        self.0.shared.stopping.store(true, Ordering::Release);
        self.0.shared.jobs.notify_waiters();
    }
}
