//! A batch on its way: what was planned for each of its jobs, and the rows of those that ask nothing. It is planned while the
//! batch before is being written, on another connection, so everything in it is looked at once more when it is written: rows by
//! their versions, keys by their indexes.

use super::lane::Lane;
use super::look_again::look_again;
use super::plan::{self, Plan};
use super::pure::Pure;
use super::verdict::Verdict;
use super::wakes::Wakes;
use super::{batch, exchange, single};
use crate::model::time::Timestamp;
use crate::runtime::job::Job;
use crate::runtime::prepare::Prepared;
use crate::runtime::request::Change;
use crate::runtime::shared::Shared;
use crate::store::{Connection, StoreError, savepoint, transaction};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How far an attempt came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// It had not begun to write.
    Nothing,
    /// It was writing; nothing of it stays.
    Writing,
    /// Its commit was on the way.
    Commit,
}

/// A batch.
#[derive(Default)]
pub struct Planned {
    /// The jobs.
    pub jobs: Vec<Job>,
    /// What came of those that need nothing more.
    verdicts: Vec<Option<Verdict>>,
    pure: Pure,
    /// What is left for the transactional lane: the places of the jobs, and what is to be done.
    rest: Vec<(usize, Plan)>,
    /// When the last of them were planned.
    now: Timestamp,
}

impl Planned {
    /// Plans jobs; gives them back when that fails.
    pub fn new(shared: &Shared, conn: &mut Connection, jobs: Vec<Job>) -> Result<Planned, (Vec<Job>, StoreError)> {
        let now = shared.clock.now();
        let planned = caught(|| {
            let mut planned = Planned { now, ..Planned::default() };
            let plans = plan::plan(shared, conn, &jobs, now)?;
            for (index, (job, plan)) in jobs.iter().zip(plans).enumerate() {
                let mut settled = None;
                match plan {
                    Plan::Settled(verdict) => settled = Some(verdict),
                    Plan::Run(run) if run.transition.ask.is_none() => planned.pure.add(index, job, *run, now),
                    plan => planned.rest.push((index, plan)),
                }
                planned.verdicts.push(settled);
            }
            Ok(planned)
        });
        match planned {
            Ok(planned) => Ok(Planned { jobs, ..planned }),
            Err(error) => Err((jobs, error)),
        }
    }

    /// Adds jobs that were planned later.
    pub fn append(&mut self, later: Planned) {
        let first = self.jobs.len();
        self.pure.append(later.pure, first);
        self.rest.extend(later.rest.into_iter().map(|(index, plan)| (first + index, plan)));
        self.verdicts.extend(later.verdicts);
        self.jobs.extend(later.jobs);
        self.now = later.now;
    }

    /// Writes it in one transaction, which is durable when the log was forced; what came of each job. Says how far it came also when it fails.
    pub fn write(
        &mut self,
        shared: &Shared,
        conn: &mut Connection,
        reached: &mut Reached,
    ) -> Result<Vec<Verdict>, StoreError> {
        let Planned { jobs, verdicts, pure, rest, now } = self;
        let now = *now;
        if !(pure.is_empty() && rest.is_empty()) {
            let wakes = Wakes::default();
            let committed = transaction(conn, |conn| -> Result<(), StoreError> {
                *reached = Reached::Writing;
                caught(|| pure.write(conn, jobs, verdicts, &wakes))?;
                rest.sort_by_key(|(index, _)| jobs[*index].counts());
                for (index, plan) in rest.drain(..) {
                    verdicts[index] = Some(guarded(shared, conn, &jobs[index], plan, &wakes, now)?);
                }
                *reached = Reached::Commit;
                shared.log.begin();
                Ok(())
            });
            shared.log.end();
            committed?;
            metrics::counter!("kamflow_commits_total").increment(1);
            wakes.wake(shared);
        }
        Ok(verdicts.drain(..).map(|verdict| verdict.unwrap_or(Verdict::Again)).collect())
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
