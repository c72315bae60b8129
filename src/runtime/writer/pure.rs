//! The pure lane: runs that ask nothing are written together, set-based, in a few statements. A run that lost its
//! version check is run again.

use super::plan::Run;
use super::single;
use super::verdict::Verdict;
use super::wakes::Wakes;
use crate::model::ids::{BusinessId, InstanceId};
use crate::model::task::UserTask;
use crate::model::time::Timestamp;
use crate::runtime::job::Job;
use crate::runtime::request::Outcome;
use crate::store::writes::{Writes, flush};
use crate::store::{Connection, StoreError, task_papers};
use std::collections::BTreeMap;

/// The runs of a batch that ask nothing.
#[derive(Default)]
pub struct Pure {
    rows: Writes,
    runs: Vec<Done>,
}

/// A run: the place of its job, its root, and what its caller is told when it is written.
struct Done {
    index: usize,
    root: InstanceId,
    outcome: Outcome,
}

impl Pure {
    /// Makes the rows of a run.
    pub fn add(&mut self, index: usize, job: &Job, run: Run, now: Timestamp) {
        let Run { shelf, before, transition } = run;
        let root = transition.instance.id.clone();
        let (writes, outcome) = single::rows(job, &shelf, before.as_ref(), transition, now);
        append(&mut self.rows, writes);
        self.rows.idempotency.extend(single::answer_of(job, Some(&root), &Ok(outcome.clone()), now));
        self.runs.push(Done { index, root, outcome });
    }

    /// Adds runs of jobs whose places begin at `first`.
    pub fn append(&mut self, later: Pure, first: usize) {
        append(&mut self.rows, later.rows);
        self.runs.extend(later.runs.into_iter().map(|run| Done { index: first + run.index, ..run }));
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Writes the rows, and says in `wakes` who waits for them.
    pub fn write(
        &mut self,
        conn: &mut Connection,
        jobs: &[Job],
        verdicts: &mut [Option<Verdict>],
        wakes: &Wakes,
    ) -> Result<(), StoreError> {
        wakes.note(&self.rows);
        let lost = flush(conn, &self.rows)?;
        count_papers(conn, self.runs.iter_mut().map(|run| (&jobs[run.index].actor.business, &mut run.outcome)))?;
        for Done { index, root, outcome } in self.runs.drain(..) {
            let verdict = if lost.contains(&root) { Verdict::Again } else { Verdict::answer(Ok(outcome)) };
            verdicts[index] = Some(verdict);
        }
        Ok(())
    }
}

/// Counts what is beside tasks that have ended, so that their answers need no more reading.
fn count_papers<'a>(
    conn: &mut Connection,
    outcomes: impl Iterator<Item = (&'a BusinessId, &'a mut Outcome)>,
) -> Result<(), StoreError> {
    let mut by_business: BTreeMap<&BusinessId, Vec<&mut UserTask>> = BTreeMap::new();
    for (business, outcome) in outcomes {
        match outcome {
            Outcome::Task(task) if task.ended_at.is_some() => by_business.entry(business).or_default().push(task),
            _ => {}
        }
    }
    for (business, tasks) in by_business {
        let ids: Vec<&str> = tasks.iter().map(|task| task.id.as_str()).collect();
        let counted = task_papers::counts(conn, business, &ids)?;
        for task in tasks {
            task.papers = Some(counted.get(&task.id).copied().unwrap_or_default());
        }
    }
    Ok(())
}

/// Adds the rows of one run to the batch. Destructured, so that a new table cannot be forgotten.
fn append(batch: &mut Writes, more: Writes) {
    let Writes {
        created,
        changed,
        called,
        tasks,
        approvals,
        released,
        jobs,
        held,
        timers_set,
        timers_gone,
        subscriptions_opened,
        subscriptions_closed,
        sent,
        incidents,
        resolved,
        decisions,
        history,
        idempotency,
    } = more;
    batch.created.extend(created);
    batch.changed.extend(changed);
    batch.called.extend(called);
    batch.tasks.extend(tasks);
    batch.approvals.extend(approvals);
    batch.released.extend(released);
    batch.jobs.extend(jobs);
    batch.held.extend(held);
    batch.timers_set.extend(timers_set);
    batch.timers_gone.extend(timers_gone);
    batch.subscriptions_opened.extend(subscriptions_opened);
    batch.subscriptions_closed.extend(subscriptions_closed);
    batch.sent.extend(sent);
    batch.incidents.extend(incidents);
    batch.resolved.extend(resolved);
    batch.decisions.extend(decisions);
    batch.history.extend(history);
    batch.idempotency.extend(idempotency);
}
