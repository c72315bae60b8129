//! The pure lane: runs that ask nothing are written together, set-based, in a few statements. A run that lost its
//! version check is run again.

use super::plan::{Plan, Run};
use super::single;
use super::verdict::Verdict;
use super::wakes::Wakes;
use crate::model::ids::BusinessId;
use crate::model::task::UserTask;
use crate::model::time::Timestamp;
use crate::runtime::job::Job;
use crate::runtime::request::Outcome;
use crate::store::writes::{Writes, flush};
use crate::store::{Connection, StoreError, task_papers};
use std::collections::BTreeMap;

/// Writes the pure runs and says in `wakes` who waits for it; gives what is left for the transactional lane, in order.
pub fn write(
    conn: &mut Connection,
    jobs: &[Job],
    work: Vec<(usize, Plan)>,
    verdicts: &mut [Option<Verdict>],
    wakes: &Wakes,
    now: Timestamp,
) -> Result<Vec<(usize, Plan)>, StoreError> {
    let (mut batch, mut rest, mut written) = (Writes::default(), Vec::new(), Vec::new());
    for (index, plan) in work {
        match plan {
            Plan::Run(run) if run.transition.ask.is_none() => {
                let Run { shelf, before, transition } = *run;
                let root = transition.instance.id.clone();
                let (writes, outcome) = single::rows(&jobs[index], &shelf, before.as_ref(), transition, now);
                append(&mut batch, writes);
                batch.idempotency.extend(single::answer_of(&jobs[index], Some(&root), &Ok(outcome.clone()), now));
                written.push((index, root, outcome));
            }
            plan => rest.push((index, plan)),
        }
    }
    wakes.note(&batch);
    let lost = flush(conn, &batch)?;
    let told = written.iter_mut().map(|(index, _, outcome)| (&jobs[*index].actor.business, outcome));
    count_papers(conn, told)?;
    for (index, root, outcome) in written {
        let verdict = if lost.contains(&root) { Verdict::Again } else { Verdict::answer(Ok(outcome)) };
        verdicts[index] = Some(verdict);
    }
    Ok(rest)
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
