//! One round of a writer: plan everything in memory, write all of it in one transaction, then answer.
//!
//! One bad command never fails its neighbours: when the transaction as a whole fails, each job is tried alone.

use super::lane::Lane;
use super::look_again::look_again;
use super::plan::{self, Plan};
use super::verdict::Verdict;
use super::wakes::Wakes;
use super::{batch, exchange, pure, single};
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::time::Timestamp;
use crate::runtime::job::Job;
use crate::runtime::prepare::Prepared;
use crate::runtime::request::Change;
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

/// How far an attempt came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    /// It had not begun to write.
    Nothing,
    /// It was writing; nothing of it stays.
    Writing,
    /// Its commit was on the way.
    Commit,
}

/// An attempt that failed.
struct Failed {
    error: StoreError,
    reached: Reached,
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

    /// Does these jobs and answers them; gives those that must be done in a later round.
    pub fn run(mut self, jobs: Vec<Job>) -> Done {
        let (taken, rest) = apart(jobs);
        metrics::histogram!("kamflow_batch_size").record(taken.len() as f64);
        let (mut again, mut lost) = (Vec::new(), false);
        match self.attempt(&taken) {
            Ok(verdicts) => settle(taken, verdicts, &mut again),
            Err(failed) if taken.len() == 1 || failed.is_nobodys_fault() => lost = give_up(taken, &failed, &mut again),
            Err(failed) => {
                tracing::debug!(error = %failed.error, jobs = taken.len(), "a batch failed; each job is tried alone");
                for job in taken {
                    if lost {
                        again.push(job);
                        continue;
                    }
                    let alone = vec![job];
                    match self.attempt(&alone) {
                        Ok(verdicts) => settle(alone, verdicts, &mut again),
                        Err(failed) => lost = give_up(alone, &failed, &mut again),
                    }
                }
            }
        }
        // Who lost a race comes before who waited for it: the commands of a root keep their order.
        again.extend(rest);
        Done { again, lost }
    }

    fn attempt(&mut self, jobs: &[Job]) -> Result<Vec<Verdict>, Failed> {
        let mut reached = Reached::Nothing;
        let done = self.write(jobs, &mut reached).map_err(|error| Failed { error, reached });
        // Also when it failed: a commit that was on the way may have happened.
        if jobs.iter().any(Job::touches_people) {
            self.shared.people.change();
        }
        done
    }

    fn write(&mut self, jobs: &[Job], reached: &mut Reached) -> Result<Vec<Verdict>, StoreError> {
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
            let wakes = Wakes::default();
            transaction(self.conn, |conn| -> Result<(), StoreError> {
                *reached = Reached::Writing;
                let mut rest = caught(|| pure::write(conn, jobs, work, &mut verdicts, &wakes, now))?;
                rest.sort_by_key(|(index, _)| jobs[*index].counts());
                for (index, plan) in rest {
                    verdicts[index] = Some(guarded(shared, conn, &jobs[index], plan, &wakes, now)?);
                }
                *reached = Reached::Commit;
                Ok(())
            })?;
            metrics::counter!("kamflow_commits_total").increment(1);
            wakes.wake(shared);
        }
        Ok(verdicts.into_iter().map(|verdict| verdict.unwrap_or(Verdict::Again)).collect())
    }
}

impl Failed {
    /// Whether no job of the batch can be blamed: trying each alone would only fail as often.
    fn is_nobodys_fault(&self) -> bool {
        self.error.is_lost() || (self.error.is_busy() && self.reached == Reached::Nothing)
    }
}

/// One job of the transactional lane under its savepoint; what it refuses or breaks leaves nothing behind.
fn guarded(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    plan: Plan,
    wakes: &Wakes,
    now: Timestamp,
) -> Result<Verdict, StoreError> {
    savepoint::set(conn)?;
    let verdict = caught(|| match plan {
        Plan::Run(run) => single::run(&mut Lane { shared, conn, job, wakes, now }, *run),
        Plan::Keep(result) => Ok(Verdict::answer(*result)),
        _ => match &job.change {
            Prepared::Change(Change::Import(rows)) => batch::write(shared, conn, job, rows, wakes, now),
            Prepared::Change(Change::Exchange(step)) => {
                exchange::carry_out(&mut Lane { shared, conn, job, wakes, now }, step)
            }
            _ => single::change(shared, conn, job, now),
        },
    })?;
    let verdict = match verdict {
        Verdict::Answer(result, _)
            if result.is_ok() && !caught(|| look_again(&mut Lane { shared, conn, job, wakes, now }))? =>
        {
            Verdict::Again
        }
        verdict => verdict,
    };
    match verdict {
        Verdict::Answer(result, replayed) => {
            if result.is_ok() {
                savepoint::release(conn)?
            } else {
                savepoint::rollback(conn)?
            }
            single::keep_answer(conn, job, &result, now)?;
            Ok(Verdict::Answer(result, replayed))
        }
        Verdict::Again => {
            savepoint::rollback(conn)?;
            Ok(Verdict::Again)
        }
    }
}

/// A panic inside a transaction takes back the whole of it; the thread lives on.
fn caught<T>(work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        tracing::error!("a command panicked; it was taken back");
        Err(StoreError::Panicked)
    })
}

/// At most [`super::BATCH`] jobs, one for each root and each idempotency key; the others wait for the next round, in
/// order.
fn apart(jobs: Vec<Job>) -> (Vec<Job>, Vec<Job>) {
    let (mut roots, mut places, mut taken) = (HashSet::new(), HashSet::new(), 0);
    jobs.into_iter().partition(|job| {
        let root = job.root().is_none_or(|root| roots.insert(root));
        let place = job.place().is_none_or(|place| places.insert(place));
        let take = root && place && taken < super::BATCH;
        taken += usize::from(take);
        take
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

/// What becomes of the jobs of a failed attempt; whether the connection is gone.
fn give_up(jobs: Vec<Job>, failed: &Failed, again: &mut Vec<Job>) -> bool {
    let Failed { error, reached } = failed;
    for job in jobs {
        // Only a commit that was on the way may have happened. A keyed job finds out by itself: its answer is there.
        let in_doubt = error.is_lost() && *reached == Reached::Commit && job.idempotency.is_none();
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
