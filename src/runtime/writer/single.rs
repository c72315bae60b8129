//! One job of the transactional lane, and what both lanes make of one run: its rows and its outcome.

use super::lane::Lane;
use super::plan::{Run, is_kept};
use super::transactional;
use super::verdict::Verdict;
use crate::engine::Transition;
use crate::model::ids::InstanceId;
use crate::model::instance::{Instance, InstanceSummary};
use crate::model::job::LeasedJob;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::access;
use crate::runtime::changes;
use crate::runtime::job::Job;
use crate::runtime::library::Library;
use crate::runtime::prepare::Prepared;
use crate::runtime::project::{self, Applied};
use crate::runtime::request::{Change, Outcome};
use crate::runtime::shared::Shared;
use crate::runtime::shelf::Shelf;
use crate::store::idempotency::{self, Kept};
use crate::store::writes::{self, Held, Inside, Root, Writes};
use crate::store::{Connection, StoreError};
use std::sync::Arc;

/// Runs a command that asks for something to its end and writes it.
pub(super) fn run(lane: &mut Lane, run: Run) -> Result<Verdict, StoreError> {
    let Run { shelf, before, transition } = run;
    match finished(lane, &shelf, transition)? {
        Finished::Whole(transition) => written(lane, &shelf, before.as_ref(), *transition),
        Finished::Refused(refusal) => Ok(Verdict::answer(Err(refusal))),
        Finished::Lost => Ok(Verdict::Again),
    }
}

/// What came of what a transition asks for.
pub(super) enum Finished {
    /// All of it is done; nothing of the instance itself is written yet.
    Whole(Box<Transition>),
    /// It could not be done.
    Refused(Refusal),
    /// Somebody else was faster; it is to be run again.
    Lost,
}

/// Does what a transition asks for.
pub(super) fn finished(lane: &mut Lane, shelf: &Shelf, transition: Transition) -> Result<Finished, StoreError> {
    match transactional::finish(lane, shelf, transition) {
        Ok(transition) => Ok(Finished::Whole(Box::new(transition))),
        Err(transactional::Broken::Store(error)) => Err(error),
        Err(transactional::Broken::Lost) => Ok(Finished::Lost),
        Err(transactional::Broken::Engine(error)) => {
            tracing::error!(%error, "the engine refused the answer to its own question");
            let sentence = "this could not be done; nothing was changed";
            Ok(Finished::Refused(Refusal::new(RefusalKind::Internal, "internal", sentence)))
        }
    }
}

/// Writes a whole transition.
pub(super) fn written(
    lane: &mut Lane,
    shelf: &Shelf,
    before: Option<&(Instance, i64)>,
    transition: Transition,
) -> Result<Verdict, StoreError> {
    let (writes, outcome) = rows(lane.job, shelf, before, transition, lane.now);
    lane.wakes.note(&writes);
    let lost = writes::flush(lane.conn, &writes)?;
    Ok(if lost.is_empty() { Verdict::answer(Ok(outcome)) } else { Verdict::Again })
}

/// Carries out a change that is not a command of the engine.
pub fn change(shared: &Shared, conn: &mut Connection, job: &Job, now: Timestamp) -> Result<Verdict, StoreError> {
    match changes::carry_out(shared, conn, job, now) {
        Ok(outcome) => Ok(Verdict::answer(Ok(outcome))),
        Err(Stop::Refused(refusal)) => Ok(Verdict::answer(Err(refusal))),
        Err(Stop::Store(error)) => Err(error),
    }
}

/// The rows that a run writes, and what its caller is told.
pub fn rows(
    job: &Job,
    shelf: &Shelf,
    before: Option<&(Instance, i64)>,
    transition: Transition,
    now: Timestamp,
) -> (Writes, Outcome) {
    let applied = Applied {
        before: before.map(|(instance, version)| (instance, *version)),
        events: &transition.events,
        after: Arc::new(transition.instance),
        now,
        actor: &job.actor,
        shelf,
    };
    let mut writes = Writes::default();
    project::project(&applied, &mut writes);
    if let (Some((id, lease, _)), Some(changed)) = (job.reported(), writes.changed.first()) {
        let root = changed.root.instance.id.clone();
        let item = Held { job: id.clone(), lease: lease.to_owned() };
        writes.held.push(Inside { business: job.actor.business.clone(), root, item });
    }
    let outcome = outcome(job, &shelf.pinned, &writes, now);
    (writes, outcome)
}

/// Keeps an answer under its idempotency key, when there is one.
pub fn keep_answer(
    conn: &mut Connection,
    job: &Job,
    result: &Result<Outcome, Refusal>,
    now: Timestamp,
) -> Result<(), StoreError> {
    match answer_of(job, None, result, now) {
        Some(answer) => idempotency::insert(conn, &answer.kept),
        None => Ok(()),
    }
}

/// The row that keeps an answer; none without a key, and none for a refusal that may come out differently next time.
pub fn answer_of(
    job: &Job,
    root: Option<&InstanceId>,
    result: &Result<Outcome, Refusal>,
    now: Timestamp,
) -> Option<writes::Answer> {
    let (place, key) = (job.place()?, job.idempotency.as_ref()?);
    if result.as_ref().is_err_and(|refusal| !is_kept(refusal)) {
        return None;
    }
    let outcome = serde_json::to_value(result).ok()?;
    let kept = Kept { place, body_hash: key.body_hash.clone(), outcome, created_at: now };
    Some(writes::Answer { root: root.cloned(), kept })
}

/// What the caller is told: the task it touched, else its instance.
fn outcome(job: &Job, library: &Library, writes: &Writes, now: Timestamp) -> Outcome {
    if let Some(task) = job.task().and_then(|task| project::tasks(writes).get(task).copied()) {
        return Outcome::Task(task.clone());
    }
    if let (Prepared::Change(Change::CreateTask(_)), Some(new)) = (&job.change, writes.tasks.first()) {
        return Outcome::Task(new.item.task.clone());
    }
    let part = writes
        .tasks
        .iter()
        .find(|task| task.item.task.parent.is_some() && task.item.task.parent.as_ref() == job.task());
    if let Some(part) = part {
        return Outcome::Task(part.item.task.clone());
    }
    if let Some(done) = job.reported().and_then(|(id, ..)| writes.jobs.iter().rfind(|done| done.item.id == *id)) {
        return Outcome::Job(Box::new(LeasedJob { job: done.item.clone(), lease: None }));
    }
    match (writes.created.first(), writes.changed.first()) {
        (Some(created), _) => Outcome::Started(summary(&created.root, 1)),
        (None, Some(changed)) => {
            let mut summary = summary(&changed.root, changed.expected + 1);
            if !summary.search.is_empty() {
                let masked = access::masked(&job.actor, &library.definitions, now);
                summary.search = access::mask_fields(summary.search, &masked);
            }
            Outcome::Instance(summary)
        }
        (None, None) => Outcome::Done { about: job.actor.user.clone() },
    }
}

fn summary(root: &Root, version: i64) -> InstanceSummary {
    let instance = &root.instance;
    InstanceSummary {
        id: instance.id.clone(),
        business: instance.business.clone(),
        parent: None,
        process: instance.process.clone(),
        revision: instance.revision,
        state: instance.state,
        error: root.error.clone(),
        business_key: instance.business_key.clone(),
        starter: instance.starter.clone(),
        started_at: instance.started_at,
        ended_at: root.ended_at,
        search: root.search.clone(),
        version,
    }
}
