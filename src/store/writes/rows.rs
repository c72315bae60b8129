//! From the words of the model to rows, one function a table.

use super::{Called, Inside, Opened, Resolve, Root, Task};
use crate::model::decision::Decision;
use crate::model::history::HistoryEntry;
use crate::model::ids::serial_in;
use crate::model::incident::Incident;
use crate::model::instance::Instance;
use crate::model::job::{Job, JobState, Spent};
use crate::model::subscription::Awaited;
use crate::model::task::TaskState;
use crate::model::timer::Timer;
use crate::store::error::StoreError;
use crate::store::incidents::{OPEN, RESOLVED, word};
use crate::store::schema::job::JobStateRow;
use crate::store::schema::messages::SubscriptionRow;
use crate::store::schema::running::*;
use crate::store::subscriptions::{MESSAGE, SIGNAL};
use crate::store::{json, slots};
use std::collections::BTreeMap;

pub(super) fn root(root: &Root, version: i64) -> Result<RootRow, StoreError> {
    let Root { instance, error, ended_at, search, slots } = root;
    let [s1, s2, s3, s4, s5, s6, s7, s8] = slots.clone();
    let row = InstanceRow {
        business: instance.business.0.clone(),
        id: instance.id.0.clone(),
        root: instance.id.0.clone(),
        parent: None,
        process: instance.process.clone(),
        revision: instance.revision,
        state: instance.state.name().to_owned(),
        error: error.clone(),
        business_key: instance.business_key.clone(),
        starter: instance.starter.0.clone(),
        started_at: instance.started_at.0,
        ended_at: ended_at.map(|at| at.0),
        search: json::text(search)?,
        s1,
        s2,
        s3,
        s4,
        s5,
        s6,
        s7,
        s8,
        version,
    };
    Ok(RootRow { row, document: json::text(instance.as_ref())? })
}

/// The business key of a root; none when it has none.
pub(super) fn key(instance: &Instance) -> Option<InstanceKeyRow> {
    Some(InstanceKeyRow {
        business: instance.business.0.clone(),
        process: instance.process.clone(),
        business_key: instance.business_key.clone()?,
        instance: instance.id.0.clone(),
    })
}

pub(super) fn called<'a>(all: impl Iterator<Item = &'a Inside<Called>>) -> Result<Vec<InstanceRow>, StoreError> {
    let last: BTreeMap<_, _> = all.map(|called| ((&called.business, &called.item.summary.id), called)).collect();
    let rows = last.into_values().map(|Inside { business, root, item: Called { summary, slots } }| {
        let [s1, s2, s3, s4, s5, s6, s7, s8] = slots.clone();
        Ok(InstanceRow {
            business: business.0.clone(),
            id: summary.id.0.clone(),
            root: root.0.clone(),
            parent: summary.parent.as_ref().map(|parent| parent.0.clone()),
            process: summary.process.clone(),
            revision: summary.revision,
            state: summary.state.name().to_owned(),
            error: summary.error.clone(),
            business_key: summary.business_key.clone(),
            starter: summary.starter.0.clone(),
            started_at: summary.started_at.0,
            ended_at: summary.ended_at.map(|at| at.0),
            search: json::text(&summary.search)?,
            s1,
            s2,
            s3,
            s4,
            s5,
            s6,
            s7,
            s8,
            version: 0,
        })
    });
    rows.collect()
}

pub(super) fn tasks<'a>(all: impl Iterator<Item = &'a Inside<Task>>) -> Result<Vec<TaskRow>, StoreError> {
    let rows =
        last(all).into_values().map(|Inside { business, root, item: Task { task, slots, starter, business_key } }| {
            let [s1, s2, s3, s4, s5, s6, s7, s8] = slots.clone();
            Ok(TaskRow {
                business: business.0.clone(),
                id: task.id.0.clone(),
                root: root.0.clone(),
                instance: task.instance.0.clone(),
                process: task.process.clone(),
                token: task.token.cast_signed(),
                node: task.node.to_string(),
                title: json::text(&task.title)?,
                state: task.state.name().to_owned(),
                assignee: task.assignee.as_ref().map(|user| user.0.clone()),
                candidate_users: json::text(&task.candidate_users)?,
                candidate_groups: json::text(&task.candidate_groups)?,
                form: task.form.clone(),
                outcomes: json::text(&task.outcomes)?,
                priority: task.priority,
                due: task.due.map(|at| at.0),
                search: json::text(&task.search)?,
                s1,
                s2,
                s3,
                s4,
                s5,
                s6,
                s7,
                s8,
                created_at: task.created_at.0,
                ended_at: task.ended_at.map(|at| at.0),
                completed_by: task.completed_by.as_ref().map(|user| user.0.clone()),
                outcome: task.outcome.clone(),
                version: task.version,
                starter: starter.0.clone(),
                subject: task.subject.as_ref().map(|subject| subject.0.clone()),
                business_key: business_key.clone(),
                words: slots::words(&task.title),
                owner: task.owner.as_ref().map(|user| user.0.clone()),
                delegation: task.delegation.map(|delegation| delegation.name().to_owned()),
                acting_for: task.acting_for.as_ref().map(|user| user.0.clone()),
                completed_for: task.completed_for.as_ref().map(|user| user.0.clone()),
                helpers: json::text(&task.helpers)?,
                follow_up: task.follow_up.map(|at| at.0),
                parent: task.parent.as_ref().map(|parent| parent.0.clone()),
                raised: task.raised.as_ref().map(json::text).transpose()?,
                escalated: task.raised.as_ref().is_some_and(|raised| raised.open),
                seat: task.seat.and_then(|seat| i64::try_from(seat).ok()),
                description: task.description.clone(),
            })
        });
    rows.collect()
}

/// The candidates of open tasks.
pub(super) fn candidates<'a>(all: impl Iterator<Item = &'a Inside<Task>>) -> Vec<CandidateRow> {
    let mut rows = Vec::new();
    for Inside { business, item: Task { task, .. }, .. } in last(all).into_values().filter(|task| is_open(task)) {
        let users = task.candidate_users.iter().map(|user| ("user", &user.0));
        let groups = task.candidate_groups.iter().map(|group| ("group", group));
        let raised = task.raised.iter().flat_map(|raised| {
            let users = raised.users.iter().flat_map(|user| [("user", &user.0), ("raised_user", &user.0)]);
            users.chain(raised.groups.iter().flat_map(|group| [("group", group), ("raised_group", group)]))
        });
        rows.extend(users.chain(groups).chain(raised).map(|(kind, value)| CandidateRow {
            business: business.0.clone(),
            kind: kind.to_owned(),
            value: value.clone(),
            task: task.id.0.clone(),
            state: task.state.name().to_owned(),
            due: task.due.map_or(i64::MAX, |at| at.0),
            created_at: task.created_at.0,
            priority: task.priority,
            process: task.process.clone(),
        }));
    }
    rows
}

/// Business and id of the tasks that have ended: they have no candidates any more.
pub(super) fn closed<'a>(all: impl Iterator<Item = &'a Inside<Task>>) -> Vec<Vec<&'a str>> {
    let ended = last(all).into_values().filter(|task| !is_open(task));
    ended.map(|task| vec![task.business.as_str(), task.item.task.id.as_str()]).collect()
}

fn is_open(task: &Inside<Task>) -> bool {
    match task.item.task.state {
        TaskState::Created | TaskState::Claimed => true,
        TaskState::Completed | TaskState::Cancelled => false,
    }
}

/// The last state of each task in the batch, by business and id.
fn last<'a>(all: impl Iterator<Item = &'a Inside<Task>>) -> BTreeMap<(&'a str, &'a str), &'a Inside<Task>> {
    all.map(|task| ((task.business.as_str(), task.item.task.id.as_str()), task)).collect()
}

/// The last state of each job in the batch.
pub(super) fn jobs<'a>(all: impl Iterator<Item = &'a Inside<Job>>) -> Result<Vec<JobStateRow>, StoreError> {
    let last: BTreeMap<_, _> = all.map(|job| ((job.business.as_str(), job.item.id.as_str()), job)).collect();
    let rows = last.into_values().map(|Inside { business, root, item: job }| {
        Ok(JobStateRow {
            business: business.0.clone(),
            id: job.id.0.clone(),
            root: root.0.clone(),
            instance: job.instance.0.clone(),
            process: job.process.clone(),
            token: job.token.cast_signed(),
            node: job.node.to_string(),
            title: json::text(&job.title)?,
            kind: job.job_type.clone(),
            input: json::text(&job.input)?,
            priority: job.priority,
            state: job.state.name().to_owned(),
            retries: i64::from(job.retries),
            failures: i64::from(job.failures),
            message: job.message.clone(),
            due: job.due.0,
            available_at: job.due.0,
            created_at: job.created_at.0,
            ended_at: job.ended_at.map(|at| at.0),
            spent: spent(job).map(|spent| spent.name().to_owned()),
        })
    });
    rows.collect()
}

/// What the holder of its lease did, as far as the engine can tell.
fn spent(job: &Job) -> Option<Spent> {
    match job.state {
        JobState::Open => (job.failures > 0).then_some(Spent::Failed),
        JobState::Completed => Some(Spent::Completed),
        JobState::Failed => Some(Spent::Failed),
        JobState::Error => Some(Spent::Error),
        JobState::TimedOut | JobState::Cancelled => None,
    }
}

pub(super) fn timers<'a>(all: impl Iterator<Item = &'a Inside<Timer>>) -> Vec<TimerRow> {
    all.map(|Inside { business, root, item: timer }| TimerRow {
        business: business.0.clone(),
        id: timer.id.0.clone(),
        root: root.0.clone(),
        holder: timer.holder.cast_signed(),
        node: timer.node.to_string(),
        due: timer.due.0,
    })
    .collect()
}

/// What the outside can bring: messages and signals.
pub(super) fn subscriptions<'a>(all: impl Iterator<Item = &'a Inside<Opened>>) -> Vec<SubscriptionRow> {
    all.filter_map(|Inside { business, root, item: Opened { subscription, business_key, at } }| {
        let (kind, name, key) = match &subscription.awaits {
            Awaited::Message { name, key } => (MESSAGE, name, key.clone()),
            Awaited::Signal { name } => (SIGNAL, name, None),
            Awaited::Condition { .. } | Awaited::Call => return None,
        };
        Some(SubscriptionRow {
            business: business.0.clone(),
            id: subscription.id.0.clone(),
            root: root.0.clone(),
            instance: subscription.instance.0.clone(),
            node: subscription.node.to_string(),
            kind: kind.to_owned(),
            name: name.clone(),
            key,
            business_key: business_key.clone(),
            opened_at: at.0,
            serial: serial_in(subscription.id.as_str()).map_or(0, u64::cast_signed),
        })
    })
    .collect()
}

pub(super) fn incidents<'a>(all: impl Iterator<Item = &'a Inside<Incident>>) -> Result<Vec<IncidentRow>, StoreError> {
    all.map(|Inside { business, root, item: incident }| {
        Ok(IncidentRow {
            business: business.0.clone(),
            id: incident.id.0.clone(),
            root: root.0.clone(),
            instance: incident.instance.0.clone(),
            process: incident.process.clone(),
            token: incident.token.cast_signed(),
            node: incident.node.to_string(),
            code: incident.failure.code.clone(),
            message: incident.failure.message.clone(),
            input: json::text(&incident.failure.input)?,
            state: OPEN.to_owned(),
            created_at: incident.created_at.0,
            resolved_at: None,
            resolved_by: None,
            resolution: None,
        })
    })
    .collect()
}

pub(super) fn resolved<'a>(all: impl Iterator<Item = &'a Inside<Resolve>>) -> Vec<ResolvedRow> {
    all.map(|Inside { business, item: Resolve { id, at, by, how }, .. }| ResolvedRow {
        business: business.0.clone(),
        id: id.0.clone(),
        state: RESOLVED.to_owned(),
        resolved_at: Some(at.0),
        resolved_by: Some(by.0.clone()),
        resolution: Some(word(*how).to_owned()),
    })
    .collect()
}

pub(super) fn decisions<'a>(all: impl Iterator<Item = &'a Inside<Decision>>) -> Result<Vec<DecisionRow>, StoreError> {
    all.map(|Inside { business, root, item: decision }| {
        Ok(DecisionRow {
            business: business.0.clone(),
            id: decision.id.0.clone(),
            root: root.0.clone(),
            instance: decision.instance.0.clone(),
            node: decision.node.to_string(),
            plugin: decision.function.plugin.clone(),
            function: decision.function.function.clone(),
            revision: decision.revision,
            script_hash: decision.script_hash.clone(),
            input: json::text(&decision.input)?,
            output: json::text(&decision.output)?,
            at: decision.at.0,
        })
    })
    .collect()
}

pub(super) fn history<'a>(all: impl Iterator<Item = &'a HistoryEntry>) -> Result<Vec<HistoryRow>, StoreError> {
    all.map(|entry| {
        let HistoryEntry { business, root, sequence, at, instance, kind, node, actor, data } = entry;
        Ok(HistoryRow {
            business: business.0.clone(),
            root: root.0.clone(),
            sequence: *sequence,
            at: at.0,
            instance: instance.0.clone(),
            kind: kind.clone(),
            node: node.as_ref().map(ToString::to_string),
            actor: actor.0.clone(),
            data: json::text(data)?,
        })
    })
    .collect()
}
