//! One round of a writer: write what was planned in one transaction. It is answered when it is on the disk.
//!
//! One bad command never fails its neighbours: when the transaction as a whole fails, each job is tried alone.

use super::planned::{Planned, Reached};
use super::verdict::Verdict;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::runtime::job::Job;
use crate::runtime::not_durable;
use crate::runtime::outcome::Outcome;
use crate::runtime::shared::Shared;
use crate::store::{Connection, StoreError};

/// How often a job that lost a race is run again before its caller is told to try later.
const ATTEMPTS: u32 = 50;

/// What came of a round.
#[derive(Default)]
pub struct Done {
    /// Jobs with their answers, and whether these were given before.
    settled: Vec<(Job, Result<Outcome, Refusal>, bool)>,
    /// Jobs for a later round, in order.
    pub again: Vec<Job>,
    /// Whether the connection is gone.
    pub lost: bool,
}

/// An attempt that failed.
struct Failed {
    jobs: Vec<Job>,
    error: StoreError,
    reached: Reached,
}

/// A round.
pub struct Round<'a> {
    /// What all writers share.
    pub shared: &'a Shared,
    /// The connection that writes.
    pub conn: &'a mut Connection,
}

impl Round<'_> {
    /// Writes a batch. `unplanned` are jobs that could not be planned with the others.
    pub fn run(mut self, planned: Planned, unplanned: Vec<Job>) -> Done {
        metrics::histogram!("kamflow_batch_size").record((planned.jobs.len() + unplanned.len()) as f64);
        let mut done = Done::default();
        let mut alone = match self.attempt(planned) {
            Ok((jobs, verdicts)) => {
                done.settle(jobs, verdicts);
                Vec::new()
            }
            Err(failed) if failed.jobs.len() == 1 || failed.is_nobodys_fault() => {
                done.lost = give_up(failed, &mut done.again);
                Vec::new()
            }
            Err(Failed { jobs, error, .. }) => {
                tracing::debug!(%error, jobs = jobs.len(), "a batch failed; each job is tried alone");
                jobs
            }
        };
        alone.extend(unplanned);
        for job in alone {
            if done.lost {
                done.again.push(job);
                continue;
            }
            match self.alone(job) {
                Ok((jobs, verdicts)) => done.settle(jobs, verdicts),
                Err(failed) => done.lost = give_up(failed, &mut done.again),
            }
        }
        done
    }

    fn alone(&mut self, job: Job) -> Result<(Vec<Job>, Vec<Verdict>), Failed> {
        match Planned::new(self.shared, self.conn, vec![job]) {
            Ok(planned) => self.attempt(planned),
            Err((jobs, error)) => Err(Failed { jobs, error, reached: Reached::Nothing }),
        }
    }

    fn attempt(&mut self, mut planned: Planned) -> Result<(Vec<Job>, Vec<Verdict>), Failed> {
        let mut reached = Reached::Nothing;
        let written = planned.write(self.shared, self.conn, &mut reached);
        // Also when it failed: a commit that was on the way may have happened.
        if planned.jobs.iter().any(Job::touches_people) {
            self.shared.people.change();
        }
        match written {
            Ok(verdicts) => Ok((planned.jobs, verdicts)),
            Err(error) => Err(Failed { jobs: planned.jobs, error, reached }),
        }
    }
}

impl Failed {
    /// Whether no job of the batch can be blamed: trying each alone would only fail as often.
    fn is_nobodys_fault(&self) -> bool {
        self.error.is_lost() || (self.error.is_busy() && self.reached == Reached::Nothing)
    }
}

impl Done {
    fn settle(&mut self, jobs: Vec<Job>, verdicts: Vec<Verdict>) {
        for (job, verdict) in jobs.into_iter().zip(verdicts) {
            match verdict {
                Verdict::Answer(result, replayed) => self.settled.push((job, *result, replayed)),
                Verdict::Again => once_more(job, &mut self.again),
            }
        }
    }

    /// Answers the jobs, when what they wrote and saw is on the disk.
    pub fn answer(self, forced: Result<(), StoreError>) {
        for (job, result, replayed) in self.settled {
            match &forced {
                Ok(()) => job.answer(result, replayed),
                Err(_) => job.refuse(not_durable()),
            }
        }
    }
}

/// What becomes of the jobs of a failed attempt; whether the connection is gone.
fn give_up(failed: Failed, again: &mut Vec<Job>) -> bool {
    let Failed { jobs, error, reached } = failed;
    for job in jobs {
        // Only a commit that was on the way may have happened. A keyed job finds out by itself: its answer is there.
        let in_doubt = error.is_lost() && reached == Reached::Commit && job.idempotency.is_none();
        if in_doubt {
            let sentence = "the database connection was lost while this was written; look before you repeat it";
            job.refuse(Refusal::new(RefusalKind::Busy, "connection_lost", sentence));
        } else if error.is_lost() || error.is_busy() || error.is_unique_violation() {
            once_more(job, again);
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
