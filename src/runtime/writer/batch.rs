//! A batch of an import: its rows one after the other, each under a savepoint, by the very changes that a single request
//! makes. Where the import stands moves on with them; a dry run takes all of it back.

use super::lane::Lane;
use super::led_to::led_to;
use super::plan::{self, Plan};
use super::single::{self, Finished};
use super::verdict::Verdict;
use super::wakes::Wakes;
use crate::model::import::{Counts, LedTo, Row, RowDone, RowOutcome};
use crate::model::json::{Json, JsonMap};
use crate::model::mapping::Target;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::changes;
use crate::runtime::job::Job;
use crate::runtime::request::{Change, Outcome};
use crate::runtime::shared::Shared;
use crate::runtime::transfer::Batch;
use crate::store::imports::{self, About};
use crate::store::{Connection, StoreError, savepoint};

/// How often a start that lost its business key to another node is looked at again.
const ATTEMPTS: usize = 3;

/// A batch at work.
pub struct Work<'a> {
    /// What all writers share.
    pub shared: &'a Shared,
    /// The open transaction.
    pub conn: &'a mut Connection,
    /// The job that brought the batch.
    pub job: &'a Job,
    /// The batch.
    pub batch: &'a Batch,
    /// Whether a timer was set.
    pub wakes: &'a Wakes,
    /// The time of the round.
    pub now: Timestamp,
}

/// What became of a row, and where a process came to.
type Done = (RowDone, Vec<LedTo>);

/// Writes the rows of a batch; the answer tells of each.
pub fn write(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    batch: &Batch,
    wakes: &Wakes,
    now: Timestamp,
) -> Result<Verdict, StoreError> {
    let mut work = Work { shared, conn, job, batch, wakes, now };
    let outcomes = if batch.plan.trial.is_some() {
        savepoint::set(work.conn)?;
        let outcomes = work.rows()?;
        savepoint::rollback(work.conn)?;
        outcomes
    } else {
        if !work.advance()? {
            return Ok(Verdict::answer(Err(running(batch))));
        }
        let outcomes = work.rows()?;
        work.count(&outcomes)?;
        outcomes
    };
    Ok(Verdict::answer(Ok(Outcome::Imported(outcomes))))
}

fn running(batch: &Batch) -> Refusal {
    let sentence = format!("this import does not stand at line {} any more: another run of it is faster", batch.after);
    Refusal::conflict("import_running", sentence)
}

impl Work<'_> {
    /// The first statement writes, and holds up any other run of the same import.
    fn advance(&mut self) -> Result<bool, StoreError> {
        let Batch { plan, after, to, .. } = self.batch;
        let target = plan.target.to_string();
        let about = About { caller: &self.job.actor.user, name: &plan.name, target: &target };
        imports::advance(self.conn, &self.job.actor.business, about, *after, to, self.now)
    }

    fn count(&mut self, outcomes: &[RowOutcome]) -> Result<(), StoreError> {
        let mut counts: Counts = self.batch.to.counts;
        outcomes.iter().for_each(|outcome| counts.add(&outcome.done));
        let ended = self.batch.last.then_some(self.now);
        imports::count(self.conn, &self.job.actor.business, &self.batch.to.id, counts, ended)
    }

    fn rows(&mut self) -> Result<Vec<RowOutcome>, StoreError> {
        let starts = self.starts()?;
        let mut outcomes = Vec::with_capacity(self.batch.rows.len());
        for (row, start) in self.batch.rows.iter().zip(starts) {
            let (done, led_to) = self.row(row, start)?;
            outcomes.push(RowOutcome { line: row.line, done, led_to });
        }
        Ok(outcomes)
    }

    /// A row under its savepoint: what is refused leaves nothing behind.
    fn row(&mut self, row: &Row, start: Option<(Job, Plan)>) -> Result<Done, StoreError> {
        let values = match &row.values {
            Ok(values) => values,
            Err(refusal) => return Ok((RowDone::Refused(refusal.clone()), Vec::new())),
        };
        savepoint::set(self.conn)?;
        let done = match (&self.batch.plan.target, start) {
            (Target::Process(_), Some((job, plan))) => self.start(row, &job, plan),
            (Target::Process(_), None) => Ok(refused(Refusal::new(RefusalKind::Internal, "internal", "no plan"))),
            (Target::Records(name), _) => self.record(name, row, values),
        };
        let done = match done {
            Err(Stop::Store(StoreError::Nul)) => {
                refused(Refusal::invalid("nul_character", StoreError::Nul.to_string()))
            }
            Err(Stop::Store(error)) => return Err(error),
            Err(Stop::Refused(refusal)) => refused(refusal),
            Ok(done) => done,
        };
        if matches!(done.0, RowDone::Refused(_)) {
            savepoint::rollback(self.conn)?;
        } else {
            savepoint::release(self.conn)?;
        }
        Ok(done)
    }

    /// The starts of the batch, planned together; one for each row, none for records.
    fn starts(&mut self) -> Result<Vec<Option<(Job, Plan)>>, StoreError> {
        let Target::Process(key) = &self.batch.plan.target else {
            return Ok(self.batch.rows.iter().map(|_| None).collect());
        };
        let empty = JsonMap::new();
        let start = |row: &Row| {
            let variables = row.values.as_ref().unwrap_or(&empty).clone();
            self.job.part(Change::Start { process: key.clone(), variables }, None, None)
        };
        let jobs: Vec<Job> = self.batch.rows.iter().map(start).collect();
        let plans = plan::plan(self.shared, self.conn, &jobs, self.now)?;
        Ok(jobs.into_iter().zip(plans).map(Some).collect())
    }

    /// Starts a process, runs it until it waits, and tells where it came to.
    fn start(&mut self, row: &Row, job: &Job, plan: Plan) -> Result<Done, Stop> {
        let mut plan = plan;
        for _ in 0..ATTEMPTS {
            let run = match plan {
                Plan::Run(run) => *run,
                Plan::Settled(Verdict::Answer(result, _)) | Plan::Keep(result) => return Ok(settled(*result)),
                // An earlier row of the batch, or another node, has its business key: look again.
                Plan::Settled(Verdict::Again) | Plan::Change => {
                    plan = self.again(job)?;
                    continue;
                }
            };
            if let Some(done) = self.seen_start(row, &run)? {
                return Ok(done);
            }
            let (shared, wakes, now) = (self.shared, self.wakes, self.now);
            let mut lane = Lane { shared, conn: self.conn, job, wakes, now };
            let (verdict, led_to) = match single::finished(&mut lane, &run.shelf, run.transition)? {
                Finished::Whole(transition) => {
                    let led_to = led_to(&run.shelf.pinned.definitions, &transition);
                    (single::written(&mut lane, &run.shelf, run.before.as_ref(), *transition)?, led_to)
                }
                Finished::Refused(refusal) => return Err(refusal.into()),
                Finished::Lost => (Verdict::Again, Vec::new()),
            };
            match verdict {
                Verdict::Answer(result, _) => return Ok((settled(*result).0, led_to)),
                Verdict::Again => {
                    savepoint::rollback(self.conn)?;
                    savepoint::set(self.conn)?;
                    plan = self.again(job)?;
                }
            }
        }
        Err(Refusal::new(RefusalKind::Busy, "busy", "others were faster again and again; try again in a moment").into())
    }

    fn again(&mut self, job: &Job) -> Result<Plan, StoreError> {
        let plans = plan::plan(self.shared, self.conn, std::slice::from_ref(job), self.now)?;
        Ok(plans.into_iter().next().unwrap_or(Plan::Settled(Verdict::Again)))
    }

    /// In a dry run: what an earlier row with the same business key does to this one.
    fn seen_start(&mut self, row: &Row, run: &plan::Run) -> Result<Option<Done>, Refusal> {
        let (Some(seen), Some(key)) = (&self.batch.plan.trial, &run.transition.instance.business_key) else {
            return Ok(None);
        };
        let Ok(mut seen) = seen.lock() else { return Ok(None) };
        let variables = row.values.as_ref().map(|values| Json::Object(values.clone()).to_string()).unwrap_or_default();
        let whole = format!("start\0{key}\0{variables}");
        let first = self.batch.rows.first().map_or(0, |row| row.line);
        let Some(line) = seen.line(key).filter(|line| *line < first) else {
            seen.keep(key, row.line)?;
            seen.keep(&whole, row.line)?;
            return Ok(None);
        };
        if seen.line(&whole).is_some() {
            return Ok(Some((RowDone::Already(format!("line {line}").into()), Vec::new())));
        }
        let sentence = format!("line {line} starts a process under this business key with other variables");
        Ok(Some(refused(Refusal::invalid("business_key_reused", sentence))))
    }
}

pub(super) fn refused(refusal: Refusal) -> Done {
    (RowDone::Refused(refusal), Vec::new())
}

/// The outcome of a start.
fn settled(result: Result<Outcome, Refusal>) -> Done {
    match result {
        Ok(Outcome::Started(instance)) => (RowDone::Started(instance.id), Vec::new()),
        Ok(Outcome::Existing(instance)) => (RowDone::Already(instance.id), Vec::new()),
        Ok(_) => refused(Refusal::new(RefusalKind::Internal, "internal", "a start had another outcome")),
        Err(refusal) => refused(refusal),
    }
}

/// Carries out a change of one row as a request of its own would be.
pub(super) fn carried_out(work: &mut Work, change: Change, if_match: Option<i64>) -> Result<Outcome, Stop> {
    let part = work.job.part(change, if_match, Some(work.batch.plan.reason()));
    changes::carry_out(work.shared, work.conn, &part, work.now)
}
