//! From events to rows: what one transition of a root writes, by one exhaustive `match`.

use crate::model::actor::Actor;
use crate::model::event::Event;
use crate::model::history::HistoryEntry;
use crate::model::ids::{InstanceId, JobId, TaskId, TokenId};
use crate::model::instance::{Instance, InstanceState, InstanceSummary, Scope, ScopeId};
use crate::model::intervention::Intervention;
use crate::model::job::{Job, JobState};
use crate::model::json::{Json, JsonMap};
use crate::model::process::Uniqueness;
use crate::model::scopes::Scopes;
use crate::model::task::UserTask;
use crate::model::task_change::{self, TaskChange, TaskChanged};
use crate::model::time::Timestamp;
use crate::model::timer::Timer;
use crate::model::voting::{Voting, VotingEvent};
use crate::runtime::shelf::Shelf;
use crate::runtime::{outbox, released, tell};
use crate::store::slots::{self, Slots};
use crate::store::writes::{Called, Changed, Created, Inside, Resolve, Root, Task, Writes};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A transition with what it started from.
pub struct Applied<'a> {
    /// The state before and its version; none for a start.
    pub before: Option<(&'a Instance, i64)>,
    /// What happened.
    pub events: &'a [Event],
    /// The state after.
    pub after: Arc<Instance>,
    /// When.
    pub now: Timestamp,
    /// Who made it happen.
    pub actor: &'a Actor,
    /// The revisions that it runs on.
    pub shelf: &'a Shelf,
}

/// Adds the rows of a transition to a batch.
pub fn project(applied: &Applied, writes: &mut Writes) {
    let mut rows = Rows::new(applied);
    let first = applied.before.map_or(0, |(before, _)| before.sequence);
    for (sequence, event) in (first + 1..).zip(applied.events) {
        rows.history(sequence, event, writes);
        let released = released::by(applied.shelf, &rows.scopes, &rows.places, event);
        writes.released.extend(released.into_iter().map(|one| rows.inside(one)));
        rows.event(sequence, event, writes);
    }
    rows.finish(writes);
}

/// The tasks of a transition as they are after it, by id.
pub fn tasks(writes: &Writes) -> BTreeMap<&TaskId, &UserTask> {
    writes.tasks.iter().map(|inside| (&inside.item.task.id, &inside.item.task)).collect()
}

struct Rows<'a> {
    applied: &'a Applied<'a>,
    scopes: Scopes,
    tasks: BTreeMap<TaskId, UserTask>,
    jobs: BTreeMap<JobId, Job>,
    votings: BTreeMap<TokenId, Voting>,
    called: BTreeSet<ScopeId>,
    error: Option<String>,
    ended_at: Option<Timestamp>,
    suspended: bool,
    /// The revisions of called instances that are not pinned to that of the root.
    revisions: BTreeMap<InstanceId, i64>,
    places: tell::Places,
}

impl<'a> Rows<'a> {
    fn new(applied: &'a Applied<'a>) -> Rows<'a> {
        let before = applied.before.map(|(before, _)| before);
        Rows {
            applied,
            scopes: before.map(|before| before.scopes.clone()).unwrap_or_default(),
            tasks: before.map(|before| before.tasks.clone()).unwrap_or_default(),
            jobs: before.map(|before| before.jobs.clone()).unwrap_or_default(),
            votings: before.map(Instance::approvals).unwrap_or_default(),
            called: BTreeSet::new(),
            error: None,
            ended_at: None,
            suspended: before.is_some_and(|before| before.state == InstanceState::Suspended),
            revisions: before.into_iter().flat_map(|before| before.scopes.values()).filter_map(Scope::pinned).collect(),
            places: tell::Places::of(before),
        }
    }

    fn event(&mut self, sequence: i64, event: &Event, writes: &mut Writes) {
        match event {
            Event::InstanceStarted { .. } => {}
            Event::InstanceEnded { instance, state, error, variables } => {
                if *instance == self.applied.after.id {
                    self.error.clone_from(error);
                    self.ended_at = Some(self.applied.now);
                } else {
                    self.called_ended(instance, *state, variables, writes);
                }
            }
            Event::ScopeOpened { scope } => {
                self.scopes.insert(scope.clone());
                self.revisions.extend(scope.pinned());
                self.called.insert(scope.id);
            }
            Event::ScopeClosed { scope } => {
                self.scopes.remove(*scope);
                self.called.remove(scope);
            }
            Event::VariablesSet { scope, values } => {
                if let Some(open) = self.scopes.get_mut(*scope) {
                    open.variables.extend(values.clone());
                }
                self.called.insert(*scope);
            }
            Event::TaskCreated { task } => {
                self.tasks.insert(task.id.clone(), UserTask::clone(task));
                self.task(&task.id, writes, |_| {});
            }
            Event::TaskChanged(TaskChanged { change: TaskChange::Reminded { .. }, .. }) => {}
            Event::TaskClaimed { task, .. } | Event::TaskChanged(TaskChanged { task, .. }) => {
                self.task(task, writes, |task| task_change::fold(task, event));
            }
            Event::TaskCompleted { task, .. } | Event::TaskCancelled { task } => {
                let now = self.applied.now;
                self.task(task, writes, |task| {
                    task_change::fold(task, event);
                    task.ended_at = Some(now);
                });
            }
            // The timers of a suspended root have no rows, so that nobody finds them due.
            Event::TimerSet { .. } if self.suspended => {}
            Event::JobCreated { job } => {
                self.jobs.insert(job.id.clone(), job.clone());
                self.job(&job.id, writes, |_| {});
            }
            Event::JobFailed { job, message, retries, due } => self.job(job, writes, |job| {
                job.failures += 1;
                job.retries = *retries;
                job.message = Some(message.clone());
                job.due = *due;
            }),
            Event::JobEnded { job, state, message } => {
                let now = self.applied.now;
                self.job(job, writes, |job| {
                    job.state = *state;
                    job.failures += u32::from(*state == JobState::Failed);
                    job.message = message.clone().or(job.message.take());
                    job.ended_at = Some(now);
                });
            }
            Event::TimerSet { timer } => writes.timers_set.push(self.inside(timer.clone())),
            Event::TimerFired { timer, .. } | Event::TimerCancelled { timer } => {
                writes.timers_gone.push(self.inside(timer.clone()));
            }
            Event::SubscriptionOpened { .. }
            | Event::SubscriptionClosed { .. }
            | Event::MessageThrown { .. }
            | Event::SignalThrown { .. } => {
                outbox::project(&self.applied.after, sequence, event, self.applied.now, writes);
            }
            Event::Voting(token, event) => self.vote(*token, event, writes),
            Event::DecisionMade { decision } => writes.decisions.push(self.inside(decision.clone())),
            Event::IncidentRaised { incident } => writes.incidents.push(self.inside(incident.clone())),
            Event::IncidentResolved { incident, by, how, .. } => {
                let (id, at, by, how) = (incident.clone(), self.applied.now, by.clone(), *how);
                writes.resolved.push(self.inside(Resolve { id, at, by, how }));
            }
            Event::TokenCreated { .. }
            | Event::TokenJoining { .. }
            | Event::TokenRemoved { .. }
            | Event::NodeEntered { .. }
            | Event::NodeCompleted { .. }
            | Event::NodeCancelled { .. }
            | Event::RepetitionStarted { .. }
            | Event::RoundCompleted { .. }
            | Event::RepetitionPassed { .. }
            | Event::RepetitionEnded { .. }
            | Event::RepetitionExtended { .. }
            | Event::ConditionTurned { .. }
            | Event::ScopeListening { .. }
            | Event::EventHappened { .. }
            | Event::EscalationThrown { .. }
            | Event::TokenBlocked { .. }
            | Event::TokenUnblocked { .. }
            | Event::GatewayPassed { .. }
            | Event::Compensation(_)
            | Event::ActionPerformed { .. }
            | Event::ProcessBegun(_)
            | Event::ErrorThrown { .. }
            | Event::NodeSkipped { .. } => {}
            Event::Intervened { what, .. } => match what {
                Intervention::Suspend => self.suspend(writes),
                Intervention::Resume => self.resume(writes),
                Intervention::Cancel | Intervention::SetVariables { .. } | Intervention::Modify { .. } => {}
            },
        }
    }

    fn suspend(&mut self, writes: &mut Writes) {
        self.suspended = true;
        let timers = self.timers().map(|timer| self.inside(timer.id.clone()));
        writes.timers_gone.extend(timers);
        self.called.extend(self.scopes.keys());
    }

    fn resume(&mut self, writes: &mut Writes) {
        self.suspended = false;
        let timers = self.timers().map(|timer| self.inside(timer.clone()));
        writes.timers_set.extend(timers);
        // What was held back for it is looked at again.
        let waits = self.applied.before.into_iter().flat_map(|(before, _)| before.subscriptions.values());
        let opened = waits.map(|waits| outbox::opened(&self.applied.after, waits, self.applied.now));
        writes.subscriptions_opened.extend(opened);
        self.called.extend(self.scopes.keys());
    }

    /// The timers that waited before.
    fn timers(&self) -> impl Iterator<Item = &'a Timer> {
        self.applied.before.into_iter().flat_map(|(before, _)| before.timers.values())
    }

    fn history(&mut self, sequence: i64, event: &Event, writes: &mut Writes) {
        let Some(mut told) = self.places.tell(event, &self.applied.after.id) else { return };
        let actor = self.applied.actor;
        if let (Some(client), Json::Object(data)) = (&actor.through, &mut told.data) {
            data.insert("through".to_owned(), client.as_str().into());
        }
        writes.history.push(HistoryEntry {
            business: self.applied.after.business.clone(),
            root: self.applied.after.id.clone(),
            sequence,
            at: self.applied.now,
            instance: told.instance,
            kind: told.kind.to_owned(),
            node: told.node,
            actor: actor.user.clone(),
            data: told.data,
        });
    }

    /// A task changed: its row is written anew.
    fn task(&mut self, id: &TaskId, writes: &mut Writes, change: impl FnOnce(&mut UserTask)) {
        let Some(task) = self.tasks.get_mut(id) else { return };
        change(task);
        let task = task.clone();
        let slots = self.slots(&task.instance, &task.process, &task.search).1;
        let starter = self.applied.after.starter.clone();
        let business_key = self.applied.after.business_key.clone();
        writes.tasks.push(self.inside(Task { task, slots, starter, business_key }));
    }

    /// An approval changed: its row is written anew.
    fn vote(&mut self, token: TokenId, event: &VotingEvent, writes: &mut Writes) {
        if let VotingEvent::Opened(voting) = event {
            self.votings.insert(token, Voting::clone(voting));
        }
        let Some(voting) = self.votings.get_mut(&token) else { return };
        voting.fold(event);
        let voting = voting.clone();
        writes.approvals.push(self.inside(voting));
    }

    /// A job changed: its row is written anew.
    fn job(&mut self, id: &JobId, writes: &mut Writes, change: impl FnOnce(&mut Job)) {
        let Some(job) = self.jobs.get_mut(id) else { return };
        change(job);
        let job = job.clone();
        writes.jobs.push(self.inside(job));
    }

    fn called_ended(&self, id: &InstanceId, state: InstanceState, variables: &JsonMap, writes: &mut Writes) {
        let ended = self.scopes.values().find(|scope| scope.instance == *id && scope.node.is_none());
        if let Some(scope) = ended {
            let called = self.called_row(scope, state, variables, Some(self.applied.now));
            writes.called.push(self.inside(called));
        }
    }

    fn called_row(&self, scope: &Scope, state: InstanceState, variables: &JsonMap, ended: Option<Timestamp>) -> Called {
        let root = &self.applied.after;
        let (search, slots) = self.slots(&scope.instance, &scope.process, variables);
        let parent = scope.parent.and_then(|parent| self.scopes.get(&parent)).map(|parent| parent.instance.clone());
        let summary = InstanceSummary {
            id: scope.instance.clone(),
            business: root.business.clone(),
            parent,
            process: scope.process.clone(),
            revision: scope.revision.unwrap_or(root.revision),
            state,
            error: None,
            business_key: None,
            starter: root.starter.clone(),
            started_at: scope.opened_at,
            ended_at: ended,
            search,
            version: 0,
        };
        Called { summary, slots }
    }

    /// The search variables of a process, by name and by slot.
    fn slots(&self, instance: &InstanceId, process: &str, variables: &JsonMap) -> (JsonMap, Slots) {
        let library = self.applied.shelf.library(self.revisions.get(instance).copied());
        let names = library.definitions.processes.get(process).map_or(&[][..], |process| &process.search);
        let search: JsonMap =
            names.iter().filter_map(|name| Some((name.clone(), variables.get(name)?.clone()))).collect();
        let slots = slots::of(names, &search);
        (search, slots)
    }

    fn inside<T>(&self, item: T) -> Inside<T> {
        Inside { business: self.applied.after.business.clone(), root: self.applied.after.id.clone(), item }
    }

    fn finish(self, writes: &mut Writes) {
        let after = &self.applied.after;
        for scope in self.called.iter().filter_map(|id| self.scopes.get(id)) {
            if scope.node.is_none() && scope.owner.is_some() {
                let called = self.called_row(scope, after.state, &scope.variables, None);
                writes.called.push(self.inside(called));
            }
        }
        let none = JsonMap::new();
        let variables = after.scopes.values().find(|scope| scope.owner.is_none()).map_or(&none, |root| &root.variables);
        let (search, slots) = self.slots(&after.id, &after.process, variables);
        let root = Root { instance: after.clone(), error: self.error, ended_at: self.ended_at, search, slots };
        let uniqueness =
            self.applied.shelf.pinned.definitions.processes.get(&after.process).map(|process| process.uniqueness);
        let ended = after.state.has_ended();
        match self.applied.before {
            None => {
                // What is over as soon as it began is not active, so it keeps no key from the next one.
                let held = match uniqueness {
                    Some(Uniqueness::None) => false,
                    Some(Uniqueness::Active) => !ended,
                    Some(Uniqueness::Forever) | None => true,
                };
                let claims_key = after.business_key.is_some() && held;
                writes.created.push(Created { root, claims_key });
            }
            Some((_, expected)) => {
                let releases_key = ended && uniqueness == Some(Uniqueness::Active);
                writes.changed.push(Changed { root, expected, releases_key });
            }
        }
    }
}
