//! `evolve` folds one event into the state: the only place where an instance changes.
//!
//! `moves` counts node entries since the last thing that came from outside: whatever the engine does by itself, even
//! opening tasks or calling processes, does not make an endless loop a new one.

use super::incident::{FLOW, OUT};
use crate::model::compensation::Compensation;
use crate::model::event::{Event, Resolution};
use crate::model::ids::{NodeId, UserId, serial_in};
use crate::model::instance::{
    HolderId, Instance, InstanceState, Progress, ScopeId, ScopeKind, Token, TokenId, TokenState,
};
use crate::model::intervention::Intervention;
use crate::model::job::JobState;
use crate::model::json::Json;
use crate::model::subscription::Awaited;
use crate::model::task::UserTask;
use crate::model::task_change::{self, TaskChanged};
use crate::model::voting::{Approved, Voting, VotingEvent};

/// Folds an event into the state it was decided on. Total: an event that does not fit changes what it can and no more.
pub fn evolve(instance: &mut Instance, event: &Event) {
    instance.sequence += 1;
    match event {
        Event::InstanceStarted { instance: id, .. } => take(instance, serial_in(id.as_str())),
        Event::InstanceEnded { instance: id, state, .. } => {
            if *id == instance.id {
                instance.state = *state;
                instance.approved.clear();
            }
        }
        Event::ScopeOpened { scope } => {
            take(instance, Some(scope.id));
            instance.scopes.insert(scope.clone());
            if let ScopeKind::Round(_) = scope.kind {
                progress(instance, scope.parent, |progress| progress.started += 1);
            }
        }
        Event::ScopeClosed { scope } => {
            instance.scopes.remove(*scope);
            instance.approved.retain(|_, approved| approved.scope != *scope);
        }
        Event::TokenCreated { token, scope, node, flow } => {
            take(instance, Some(*token));
            let new = Token {
                id: *token,
                scope: *scope,
                node: node.clone(),
                flow: *flow,
                state: TokenState::Ready,
                outcome: None,
                listening: false,
            };
            if let (None, Some(ScopeKind::AdHoc(left))) =
                (flow, instance.scopes.get_mut(*scope).map(|scope| &mut scope.kind))
            {
                left.retain(|waiting| waiting != node);
            }
            instance.tokens.insert(new);
            instance.ready.push_back(*token);
        }
        Event::TokenJoining { token } => rest(instance, *token, TokenState::Joining),
        Event::TokenBlocked { token } => rest(instance, *token, TokenState::Blocked),
        Event::TokenUnblocked { token } => wake(instance, *token, TokenState::Ready),
        Event::GatewayPassed { token } => rest(instance, *token, TokenState::Passed),
        Event::TokenRemoved { token } => {
            unready(instance, *token);
            instance.tokens.remove(*token);
        }
        Event::NodeEntered { token, .. } => {
            instance.moves += 1;
            rest(instance, *token, TokenState::Active);
        }
        Event::NodeCompleted { token, node } => {
            passed(instance, *token, node);
            rest(instance, *token, TokenState::Happened);
        }
        Event::NodeCancelled { .. } | Event::RepetitionEnded { .. } => {}
        Event::RepetitionStarted { token } => {
            instance.moves += 1;
            rest(instance, *token, TokenState::Active);
        }
        Event::RoundCompleted { scope, values } => {
            let round = instance.scopes.get(scope).map(|round| (round.parent, round.kind.clone()));
            if let Some((whole, ScopeKind::Round(number))) = round {
                progress(instance, whole, |progress| {
                    progress.completed += 1;
                    progress.collected.insert(number, values.clone());
                });
            }
        }
        Event::RepetitionPassed { token, scope } => {
            rest(instance, *token, TokenState::Passed);
            progress(instance, Some(*scope), |progress| progress.passed = true);
        }
        Event::VariablesSet { scope, values } => {
            if let Some(scope) = instance.scopes.get_mut(*scope) {
                scope.variables.extend(values.clone());
            }
        }
        Event::TaskCreated { task } => {
            take(instance, serial_in(task.id.as_str()));
            instance.tasks.insert(task.id.clone(), UserTask::clone(task));
        }
        Event::TaskClaimed { task, .. } | Event::TaskChanged(TaskChanged { task, .. }) => {
            if let Some(task) = instance.tasks.get_mut(task) {
                task_change::fold(task, event);
            }
        }
        Event::TaskCompleted { task, outcome, .. } => {
            instance.moves = 0;
            let Some(mut done) = instance.tasks.remove(task) else { return };
            task_change::fold(&mut done, event);
            if let Some((token, scope)) = instance.tokens.get(&done.token).map(|token| (token.id, token.scope)) {
                if done.parent.is_none() {
                    instance.tokens.set_outcome(token, outcome.clone());
                }
                performed(instance, scope, done.node.clone(), task_change::performers(&done));
            }
        }
        Event::TaskCancelled { task } => {
            instance.tasks.remove(task);
        }
        Event::JobCreated { job } => {
            take(instance, serial_in(job.id.as_str()));
            instance.jobs.insert(job.id.clone(), job.clone());
        }
        Event::JobFailed { job, message, retries, due } => {
            if let Some(job) = instance.jobs.get_mut(job) {
                job.failures += 1;
                job.retries = *retries;
                job.message = Some(message.clone());
                job.due = *due;
            }
        }
        Event::JobEnded { job, state, .. } => {
            instance.jobs.remove(job);
            if *state != JobState::Cancelled {
                instance.moves = 0;
            }
        }
        Event::TimerSet { timer } => {
            take(instance, serial_in(timer.id.as_str()));
            instance.timers.insert(timer.id.clone(), timer.clone());
            listen(instance, timer.holder);
        }
        Event::TimerFired { timer, .. } => {
            instance.moves = 0;
            instance.timers.remove(timer);
        }
        Event::TimerCancelled { timer } => {
            instance.timers.remove(timer);
        }
        Event::SubscriptionOpened { subscription } => {
            take(instance, serial_in(subscription.id.as_str()));
            instance.subscriptions.insert(subscription.id.clone(), subscription.clone());
            listen(instance, subscription.holder);
        }
        Event::SubscriptionClosed { subscription } => {
            instance.subscriptions.remove(subscription);
        }
        Event::ConditionTurned { subscription, holds } => {
            if let Some(one) = instance.subscriptions.get_mut(subscription) {
                one.awaits = Awaited::Condition { holds: *holds };
            }
        }
        Event::ScopeListening { scope } => {
            if let Some(scope) = instance.scopes.get_mut(*scope) {
                scope.listening = true;
            }
        }
        Event::EventHappened { outside, .. } => {
            if *outside {
                instance.moves = 0;
            }
        }
        Event::Compensation(Compensation::Kept { scope, done }) => {
            if let Some(scope) = instance.scopes.get_mut(*scope) {
                scope.done.push(done.clone());
            }
        }
        Event::Compensation(Compensation::Begun { scope, node }) => {
            if let Some(scope) = instance.scopes.get_mut(*scope) {
                scope.done.retain(|done| node.as_ref().is_some_and(|node| done.node != *node));
            }
        }
        Event::Compensation(Compensation::Step { scope }) => {
            if let Some(scope) = instance.scopes.get_mut(*scope)
                && let ScopeKind::Undoing(left) = &mut scope.kind
                && let Some(done) = left.pop()
            {
                scope.variables = done.variables;
                scope.done = done.inside;
            }
        }
        Event::RepetitionExtended { scope, item } => progress(instance, Some(*scope), |progress| {
            progress.total = progress.total.map(|total| total + 1);
            if *item != Json::Null || !progress.items.is_empty() {
                progress.items.push(item.clone());
            }
        }),
        Event::Voting(token, event) => vote(instance, *token, event),
        Event::DecisionMade { decision } => take(instance, serial_in(decision.id.as_str())),
        Event::ActionPerformed { .. }
        | Event::ProcessBegun(_)
        | Event::ErrorThrown { .. }
        | Event::EscalationThrown { .. }
        | Event::MessageThrown { .. }
        | Event::SignalThrown { .. } => {}
        Event::IncidentRaised { incident } => {
            take(instance, serial_in(incident.id.as_str()));
            rest(instance, incident.token, TokenState::Failed);
            instance.incidents.insert(incident.id.clone(), incident.clone());
        }
        Event::IncidentResolved { incident, how, .. } => {
            let resolved = instance.incidents.remove(incident);
            if let (Some(_), Resolution::Skipped) = (&resolved, how) {
                instance.moves = 0;
            }
            if let (Some(incident), Resolution::Retried) = (resolved, how) {
                instance.moves = 0;
                match incident.failure.code.as_str() {
                    FLOW => wake(instance, incident.token, TokenState::Leaving),
                    OUT => rest(instance, incident.token, TokenState::Active),
                    _ => wake(instance, incident.token, TokenState::Ready),
                }
            }
        }
        Event::Intervened { what, .. } => {
            instance.moves = 0;
            match what {
                Intervention::Suspend => suspend(instance, InstanceState::Suspended),
                Intervention::Resume => suspend(instance, InstanceState::Active),
                Intervention::Cancel | Intervention::SetVariables { .. } | Intervention::Modify { .. } => {}
            }
        }
        Event::NodeSkipped { token, node, outcome, by } => {
            passed(instance, *token, node);
            if let Some((by, token)) = by.as_ref().zip(instance.tokens.get(token)) {
                performed(instance, token.scope, node.clone(), vec![by.clone()]);
            }
            instance.tokens.set_outcome(*token, outcome.clone());
            wake(instance, *token, TokenState::Leaving);
        }
    }
}

/// Something happened with an approval; its outcome is that of its token.
fn vote(instance: &mut Instance, token: TokenId, event: &VotingEvent) {
    match event {
        VotingEvent::Opened(voting) => {
            instance.votings.insert(token, Voting::clone(voting));
        }
        VotingEvent::Closed(ended) => {
            let at = instance.tokens.get(&token).map(|token| token.scope);
            if let Some((mut voting, scope)) = instance.votings.remove(&token).zip(at) {
                voting.fold(event);
                if voting.is_watched() {
                    instance.approved.insert(token, Approved { scope, voting });
                }
            }
            instance.tokens.set_outcome(token, ended.outcome.clone());
        }
        VotingEvent::Voided { .. } => {
            instance.approved.remove(&token);
        }
        _ => {
            let approved = instance.approved.get_mut(&token).map(|approved| &mut approved.voting);
            if let Some(voting) = instance.votings.get_mut(&token).or(approved) {
                voting.fold(event);
            }
        }
    }
}

/// A node is done: what was approved until then may change.
fn passed(instance: &mut Instance, token: TokenId, node: &NodeId) {
    if let Some(scope) = instance.tokens.get(&token).map(|token| token.scope) {
        let until = |approved: &Approved| {
            approved.voting.subject.as_ref().and_then(|subject| subject.until.as_ref()) == Some(node)
        };
        instance.approved.retain(|_, approved| approved.scope != scope || !until(approved));
    }
}

/// Somebody has done a user task: the process remembers who.
fn performed(instance: &mut Instance, scope: ScopeId, node: NodeId, by: Vec<UserId>) {
    let mut at = scope;
    while let Some(scope) = instance.scopes.get_mut(at) {
        match scope.parent.filter(|_| scope.node.is_some()) {
            Some(around) => at = around,
            None => return scope.performers.entry(node).or_default().extend(by),
        }
    }
}

/// The rounds of an activity have got on: the variables that count them follow.
fn progress(instance: &mut Instance, whole: Option<ScopeId>, change: impl FnOnce(&mut Progress)) {
    let Some(scope) = whole.and_then(|whole| instance.scopes.get_mut(whole)) else { return };
    if let ScopeKind::Whole(progress) = &mut scope.kind {
        change(progress);
        scope.variables.extend(progress.counters(0));
    }
}

/// The root stops or goes on; its tasks know it.
fn suspend(instance: &mut Instance, state: InstanceState) {
    instance.state = state;
    for task in instance.tasks.values_mut() {
        task.suspended = state == InstanceState::Suspended;
    }
}

/// The events of a token's activity are waited for from now on; those of a scope say so themselves.
fn listen(instance: &mut Instance, holder: HolderId) {
    instance.tokens.set_listening(holder);
}

/// The token stays where it is and is not ready to move.
fn rest(instance: &mut Instance, token: TokenId, state: TokenState) {
    unready(instance, token);
    instance.tokens.set_state(token, state);
}

/// The token may move again.
fn wake(instance: &mut Instance, token: TokenId, state: TokenState) {
    if instance.tokens.contains_key(&token) {
        instance.tokens.set_state(token, state);
        instance.ready.push_back(token);
    }
}

/// The token is not among those that can move; mostly it is the one that has just moved.
fn unready(instance: &mut Instance, token: TokenId) {
    match instance.ready.front() {
        Some(first) if *first == token => {
            instance.ready.pop_front();
        }
        _ => instance.ready.retain(|ready| *ready != token),
    }
}

/// A serial number was used: the next one is above it.
fn take(instance: &mut Instance, used: Option<u64>) {
    if let Some(used) = used {
        instance.serial = instance.serial.max(used + 1);
    }
}
