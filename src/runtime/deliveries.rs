//! The worker's way with what is on its way: everything that is due is handed to the writers, the oldest first.

use super::exchange::Exchange;
use super::job::Job;
use super::prepare::Prepared;
use super::request::Change;
use super::{Runtime, internal};
use crate::model::actor::Actor;
use crate::model::refusal::Refusal;
use crate::store::deliveries;

/// Handed over in one go at most.
const BATCH: i64 = 200;
/// Passes of one run at most: two processes that send to one another without end do not hold it up for ever.
const PASSES: usize = 10_000;

/// What came of one pass.
#[derive(Debug, Default)]
pub(super) struct Brought {
    /// How many were looked at.
    pub done: usize,
    /// How many could not be.
    pub refused: usize,
}

impl Runtime {
    /// Brings every message and signal that is due now, and what is sent by that; how many were looked at.
    pub async fn run_due_deliveries(&self) -> Result<usize, Refusal> {
        let mut all = 0;
        for _ in 0..PASSES {
            let pass = self.bring_due().await?;
            all += pass.done;
            if pass.done == 0 {
                break;
            }
        }
        Ok(all)
    }

    /// Each that is due once: one that cannot be brought does not hold up those after it.
    pub(super) async fn bring_due(&self) -> Result<Brought, Refusal> {
        let (mut pass, now, mut last) = (Brought::default(), self.now(), None);
        loop {
            let due = self.read(move |conn, _| Ok(deliveries::due(conn, now, last.as_ref(), BATCH)?)).await?;
            last = due.last().cloned();
            let is_last = due.len() < usize::try_from(BATCH).unwrap_or(usize::MAX);
            // Queued here and now, in their order: what one instance sends arrives in the order in which it sent it.
            let queued: Vec<_> = due
                .into_iter()
                .map(|due| {
                    let change =
                        Prepared::Change(Change::Exchange(Box::new(Exchange::Bring { delivery: due.id, to: due.to })));
                    let (job, answered) = Job::new(Actor::engine(due.business), change, None, None);
                    self.0.writers.submit(job);
                    answered
                })
                .collect();
            for answered in queued {
                match answered.await.unwrap_or_else(|_| Err(internal("the writer stopped before it answered"))) {
                    Ok(_) => pass.done += 1,
                    Err(refusal) => {
                        tracing::warn!(code = refusal.code, refusal.detail, "a delivery was not brought; trying again");
                        pass.refused += 1;
                    }
                }
            }
            if is_last {
                return Ok(pass);
            }
        }
    }
}
