//! The batch write: everything that many commands changed, in a few statements, all or nothing for each root.
//!
//! The runtime fills [`Writes`] from events; which rows an event makes is decided there, how they are stored here.

mod approvals;
mod claims;
mod leases;
mod rows;

use super::bindings;
use super::connection::Connection;
use super::deliveries;
use super::error::StoreError;
use super::idempotency::Kept;
use super::set::{self, Taken};
use super::slots::Slots;
use super::transaction::{in_transaction, transaction};
use crate::model::decision::Decision;
use crate::model::delivery::Delivery;
use crate::model::event::Resolution;
use crate::model::history::HistoryEntry;
use crate::model::ids::{BusinessId, IncidentId, InstanceId, JobId, NodeId, ScopeId, SubscriptionId, TimerId, UserId};
use crate::model::incident::Incident;
use crate::model::instance::{Instance, InstanceSummary};
use crate::model::job::Job;
use crate::model::json::JsonMap;
use crate::model::subscription::Subscription;
use crate::model::task::UserTask;
use crate::model::time::Timestamp;
use crate::model::timer::Timer;
use crate::model::voting::Voting;
use std::collections::HashSet;
use std::sync::Arc;

/// What a batch of commands changed, by table. A root appears in one of `created` and `changed`, once.
#[derive(Debug, Clone, Default)]
pub struct Writes {
    /// New roots; their version is 1.
    pub created: Vec<Created>,
    /// Roots that changed.
    pub changed: Vec<Changed>,
    /// Called instances, new or changed; of several for one id the last counts.
    pub called: Vec<Inside<Called>>,
    /// User tasks, new or changed; of several for one id the last counts.
    pub tasks: Vec<Inside<Task>>,
    /// Approvals, new or changed; of several for one id the last counts.
    pub approvals: Vec<Inside<Voting>>,
    /// Approved records that may be changed again.
    pub released: Vec<Inside<Released>>,
    /// Jobs, new or changed; of several for one id the last counts.
    pub jobs: Vec<Inside<Job>>,
    /// Leases that the changes of their roots depend on; a root whose lease is not the present one loses.
    pub held: Vec<Inside<Held>>,
    /// Timers that were set.
    pub timers_set: Vec<Inside<Timer>>,
    /// Timers that fired or are no longer needed.
    pub timers_gone: Vec<Inside<TimerId>>,
    /// Messages and signals that are waited for from now on.
    pub subscriptions_opened: Vec<Inside<Opened>>,
    /// What is no longer waited for.
    pub subscriptions_closed: Vec<Inside<SubscriptionId>>,
    /// Messages and signals that were sent.
    pub sent: Vec<Inside<Delivery>>,
    /// Incidents that were raised.
    pub incidents: Vec<Inside<Incident>>,
    /// Incidents that are over.
    pub resolved: Vec<Inside<Resolve>>,
    /// Decision records.
    pub decisions: Vec<Inside<Decision>>,
    /// History.
    pub history: Vec<HistoryEntry>,
    /// Answers under an idempotency key.
    pub idempotency: Vec<Answer>,
}

impl Writes {
    /// Whether there is something new for the worker.
    pub fn wakes_worker(&self) -> bool {
        !(self.timers_set.is_empty() && self.sent.is_empty() && self.subscriptions_opened.is_empty())
    }
}

/// A row with the root that it is written for.
#[derive(Debug, Clone, PartialEq)]
pub struct Inside<T> {
    /// The business.
    pub business: BusinessId,
    /// The root instance.
    pub root: InstanceId,
    /// The row.
    pub item: T,
}

/// A root instance with what lists show of it.
#[derive(Debug, Clone)]
pub struct Root {
    /// The aggregate.
    pub instance: Arc<Instance>,
    /// The code of the BPMN error that ended it.
    pub error: Option<String>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// The variables of the process's `search` list.
    pub search: JsonMap,
    /// The same in the order of the list.
    pub slots: Slots,
}

/// A new root.
#[derive(Debug, Clone)]
pub struct Created {
    /// The root.
    pub root: Root,
    /// Whether it claims its business key; when another instance holds the key, the root loses.
    pub claims_key: bool,
}

/// A root that changed.
#[derive(Debug, Clone)]
pub struct Changed {
    /// The root as it is now.
    pub root: Root,
    /// The version that the change was computed on; when the stored one is another, the root loses.
    pub expected: i64,
    /// Whether it gives its business key back.
    pub releases_key: bool,
}

/// A called instance.
#[derive(Debug, Clone)]
pub struct Called {
    /// Its row. The version is not stored: it is the root's.
    pub summary: InstanceSummary,
    /// The variables of its process's `search` list, in the order of the list.
    pub slots: Slots,
}

/// A user task.
#[derive(Debug, Clone)]
pub struct Task {
    /// The task.
    pub task: UserTask,
    /// Its search variables in the order of the process's list.
    pub slots: Slots,
    /// Who started its root instance.
    pub starter: UserId,
    /// The business key of its root.
    pub business_key: Option<String>,
}

/// A subscription that was opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The subscription.
    pub subscription: Subscription,
    /// The business key of its root.
    pub business_key: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Approved records of an instance that may be changed again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released {
    /// The instance.
    pub instance: InstanceId,
    /// Those that are held until this is done; none: all, since the instance has ended.
    pub until: Option<Until>,
}

/// A node that is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Until {
    /// Which.
    pub node: NodeId,
    /// In which activation of the level around it and the approval.
    pub within: Option<ScopeId>,
}

/// A lease that a worker reported under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The job.
    pub job: JobId,
    /// The token of the lease.
    pub lease: String,
}

/// The end of an incident.
#[derive(Debug, Clone)]
pub struct Resolve {
    /// Which.
    pub id: IncidentId,
    /// When.
    pub at: Timestamp,
    /// Who saw to it.
    pub by: UserId,
    /// How.
    pub how: Resolution,
}

/// An answer under an idempotency key.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The root that the command was for; it loses when the key is taken. None for a refusal, which changed no root: it
    /// is kept when the key is free.
    pub root: Option<InstanceId>,
    /// The answer.
    pub kept: Kept,
}

/// Writes a batch and returns the roots that lost: their version has moved, their business key or their idempotency key
/// is taken, or (a new one) their id is there already. Nothing of a loser is written; its commands are to be run again.
///
/// The first statement already writes, so no writer ever acts on what it read before it held the lock. Opens a
/// transaction when there is none.
pub fn flush(conn: &mut Connection, writes: &Writes) -> Result<Vec<InstanceId>, StoreError> {
    if !in_transaction(conn) {
        return transaction(conn, |conn| flush(conn, writes));
    }
    let lost = claims::claim(conn, writes)?;
    insert_rest(conn, writes, &lost)?;
    let mut lost: Vec<InstanceId> = lost.into_iter().cloned().collect();
    lost.sort();
    Ok(lost)
}

/// One statement a table. Set comes before gone and raised before resolved, since one batch may hold both.
fn insert_rest(conn: &mut Connection, writes: &Writes, lost: &HashSet<&InstanceId>) -> Result<(), StoreError> {
    set::insert(conn, &rows::called(kept(&writes.called, lost))?, Taken::Replace)?;
    set::insert(conn, &rows::tasks(kept(&writes.tasks, lost))?, Taken::Replace)?;
    set::insert(conn, &rows::candidates(kept(&writes.tasks, lost)), Taken::Replace)?;
    let closed = rows::closed(kept(&writes.tasks, lost));
    set::delete(conn, "task_candidates", &["business", "task"], &closed)?;

    set::insert(conn, &approvals::rows(kept(&writes.approvals, lost))?, Taken::Replace)?;
    // In place, never away and there again: who writes the record meanwhile waits for the row and sees what it became.
    let bound = approvals::bindings(kept(&writes.approvals, lost))?;
    set::insert(conn, &bound, Taken::Replace)?;
    bindings::keep(conn, &approvals::about_records(kept(&writes.approvals, lost)), &bound)?;
    let (over, ended): (Vec<_>, Vec<_>) =
        kept(&writes.released, lost).partition(|released| released.item.until.is_some());
    let over = approvals::over(&over);
    let over: Vec<Vec<&str>> = over.iter().map(|key| key.iter().map(AsRef::as_ref).collect()).collect();
    set::delete(conn, "approval_bindings", &["business", "instance", "until", "activation"], &over)?;
    let ended: Vec<Vec<&str>> =
        ended.iter().map(|ended| vec![ended.business.as_str(), ended.item.instance.as_str()]).collect();
    set::delete(conn, "approval_bindings", &["business", "instance"], &ended)?;

    set::insert(conn, &rows::jobs(kept(&writes.jobs, lost))?, Taken::Replace)?;

    set::insert(conn, &rows::timers(kept(&writes.timers_set, lost)), Taken::Replace)?;
    let gone: Vec<Vec<&str>> =
        kept(&writes.timers_gone, lost).map(|timer| vec![timer.business.as_str(), timer.item.as_str()]).collect();
    set::delete(conn, "timers", &["business", "id"], &gone)?;

    let opened = rows::subscriptions(kept(&writes.subscriptions_opened, lost));
    set::insert(conn, &opened, Taken::Replace)?;
    let gone: Vec<Vec<&str>> = kept(&writes.subscriptions_closed, lost)
        .map(|closed| vec![closed.business.as_str(), closed.item.as_str()])
        .collect();
    set::delete(conn, "subscriptions", &["business", "id"], &gone)?;
    // After the subscriptions: a signal reaches who began to wait in the same batch.
    let sent: Vec<&Delivery> = kept(&writes.sent, lost).map(|sent| &sent.item).collect();
    deliveries::send(conn, &sent)?;
    deliveries::wake(conn, &opened)?;

    set::insert(conn, &rows::incidents(kept(&writes.incidents, lost))?, Taken::Fail)?;
    set::update(conn, &rows::resolved(kept(&writes.resolved, lost)))?;
    set::insert(conn, &rows::decisions(kept(&writes.decisions, lost))?, Taken::Fail)?;
    let history = writes.history.iter().filter(|entry| !lost.contains(&entry.root));
    set::insert(conn, &rows::history(history)?, Taken::Fail)
}

/// What is not of a loser.
fn kept<'a, T>(all: &'a [Inside<T>], lost: &'a HashSet<&InstanceId>) -> impl Iterator<Item = &'a Inside<T>> {
    all.iter().filter(|inside| !lost.contains(&inside.root))
}
