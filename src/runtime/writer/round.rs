//! One round of a writer: plan everything in memory, write all of it in one transaction, then answer.
//!
//! One bad command never fails its neighbours: when the transaction as a whole fails, each job is tried alone.

use super::plan::{self, Plan};
use super::verdict::Verdict;
use super::{pure, single};
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::time::Timestamp;
use crate::runtime::job::Job;
use crate::runtime::shared::Shared;
use crate::store::{Connection, StoreError, savepoint, transaction};
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How often a job that lost a race is run again before its caller is told to try later.
const ATTEMPTS: u32 = 50;

/// What came of a round.
pub struct Done {
    /// Jobs for a later round, in order.
    pub again: Vec<Job>,
    /// Whether the connection is gone.
    pub lost: bool,
}

/// A round.
pub struct Round<'a> {
    shared: &'a Shared,
    conn: &'a mut Connection,
    now: Timestamp,
}

impl<'a> Round<'a> {
    /// A round at the present time.
    pub fn new(shared: &'a Shared, conn: &'a mut Connection) -> Round<'a> {
        Round { shared, conn, now: shared.clock.now() }
    }

    /// Does these jobs and answers them.
    pub fn run(mut self, jobs: Vec<Job>) -> Done {
        let (taken, mut again) = apart(jobs);
        metrics::histogram!("kamflow_batch_size").record(taken.len() as f64);
        let mut lost = false;
        match self.attempt(&taken) {
            Ok(verdicts) => settle(taken, verdicts, &mut again),
            Err(error) if taken.len() == 1 || error.is_lost() => lost = give_up(taken, &error, &mut again),
            Err(error) => {
                tracing::debug!(%error, jobs = taken.len(), "a batch failed as a whole; each job is tried alone");
                for job in taken {
                    let alone = vec![job];
                    match self.attempt(&alone) {
                        Ok(verdicts) => settle(alone, verdicts, &mut again),
                        Err(error) => lost |= give_up(alone, &error, &mut again),
                    }
                }
            }
        }
        Done { again, lost }
    }

    fn attempt(&mut self, jobs: &[Job]) -> Result<Vec<Verdict>, StoreError> {
        let plans = plan::plan(self.shared, self.conn, jobs, self.now)?;
        let (shared, now) = (self.shared, self.now);
        let mut verdicts: Vec<Option<Verdict>> = jobs.iter().map(|_| None).collect();
        let mut work: Vec<(usize, Plan)> = Vec::new();
        for (index, plan) in plans.into_iter().enumerate() {
            match plan {
                Plan::Settled(verdict) => verdicts[index] = Some(verdict),
                plan => work.push((index, plan)),
            }
        }
        if !work.is_empty() {
            transaction(self.conn, |conn| -> Result<(), StoreError> {
                let rest = pure::write(conn, jobs, work, &mut verdicts, now)?;
                for (index, plan) in rest {
                    verdicts[index] = Some(guarded(shared, conn, &jobs[index], plan, now)?);
                }
                Ok(())
            })?;
            shared.timers.notify_one();
        }
        Ok(verdicts.into_iter().map(|verdict| verdict.unwrap_or(Verdict::Again)).collect())
    }
}

/// One job of the transactional lane under its savepoint; what it refuses or breaks leaves nothing behind.
fn guarded(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    plan: Plan,
    now: Timestamp,
) -> Result<Verdict, StoreError> {
    savepoint::set(conn)?;
    let ran = catch_unwind(AssertUnwindSafe(|| match plan {
        Plan::Run(run) => single::run(conn, job, *run, now),
        _ => single::change(shared, conn, job, now),
    }));
    match ran {
        Ok(Ok(verdict)) => {
            let done = matches!(&verdict, Verdict::Answer(result, _) if result.is_ok());
            if done {
                savepoint::release(conn)?
            } else {
                savepoint::rollback(conn)?
            }
            if let Verdict::Answer(result, _) = &verdict {
                single::keep_answer(conn, job, result, now)?;
            }
            Ok(verdict)
        }
        Ok(Err(error)) => Err(error),
        Err(_) => {
            // A savepoint of an atomic block may still be open inside ours: the whole transaction goes back instead.
            tracing::error!("a command panicked; it was taken back");
            Err(StoreError::Panicked)
        }
    }
}

/// At most one job for each root and each idempotency key; the others wait for the next round, in order.
fn apart(jobs: Vec<Job>) -> (Vec<Job>, Vec<Job>) {
    let (mut roots, mut places) = (HashSet::new(), HashSet::new());
    jobs.into_iter().partition(|job| {
        let root = job.root().is_none_or(|root| roots.insert(root));
        let place = job.place().is_none_or(|place| places.insert(place));
        root && place
    })
}

fn settle(jobs: Vec<Job>, verdicts: Vec<Verdict>, again: &mut Vec<Job>) {
    for (job, verdict) in jobs.into_iter().zip(verdicts) {
        match verdict {
            Verdict::Answer(result, replayed) => job.answer(*result, replayed),
            Verdict::Again => once_more(job, again),
        }
    }
}

/// A round that failed: whether the connection is gone.
fn give_up(jobs: Vec<Job>, error: &StoreError, again: &mut Vec<Job>) -> bool {
    for job in jobs {
        if error.is_busy() || (error.is_unique_violation() && job.idempotency.is_some()) {
            once_more(job, again);
        } else if error.is_lost() {
            let sentence = "the database connection was lost while this was written; look before you repeat it";
            job.refuse(Refusal::new(RefusalKind::Busy, "connection_lost", sentence));
        } else if matches!(error, StoreError::Nul) {
            job.refuse(Refusal::invalid("nul_character", error.to_string()));
        } else {
            tracing::error!(%error, "a command failed in the database");
            let sentence = "this could not be written; nothing was changed";
            job.refuse(Refusal::new(RefusalKind::Internal, "internal", sentence));
        }
    }
    error.is_lost()
}

fn once_more(mut job: Job, again: &mut Vec<Job>) {
    job.attempts += 1;
    if job.attempts < ATTEMPTS {
        again.push(job);
    } else {
        job.refuse(super::busy("others were faster again and again; try again in a moment"));
    }
}
