//! Levels of nodes: opening one, settling it when its last token is gone, cancelling what is inside.

use super::work::Work;
use super::{approvals, compensation, leave, nodes, subscriptions};
use crate::model::action::Ask;
use crate::model::event::{Event, Resolution};
use crate::model::ids::{InstanceId, NodeId};
use crate::model::instance::{InstanceState, Scope, ScopeId, ScopeKind, TokenId, TokenState};
use crate::model::job::JobState;
use crate::model::json::{Json, JsonMap};
use crate::model::process::Process;
use std::collections::BTreeMap;

/// Opens a level and puts a token at its first node.
pub(super) fn open(work: &mut Work, process: &Process, new: NewScope) -> ScopeId {
    let first = process.first(new.node.as_ref()).map(|node| node.id.clone());
    let id = open_empty(work, new);
    match first {
        Some(first) => {
            work.place_token(id, &first, None);
        }
        None => settle(work, id),
    }
    id
}

/// Opens a level that has no token yet.
pub(super) fn open_empty(work: &mut Work, new: NewScope) -> ScopeId {
    let id = work.serial();
    let NewScope { parent, owner, instance, process, revision, node, kind, atomic, variables } = new;
    let revision = revision.or_else(|| work.scope(parent?).revision);
    let opened_at = work.context.now;
    let (listening, done, performers) = (false, Vec::new(), BTreeMap::new());
    let scope = Scope {
        id,
        parent,
        owner,
        instance,
        process,
        revision,
        node,
        kind,
        atomic,
        listening,
        done,
        performers,
        opened_at,
        variables,
    };
    work.emit(Event::ScopeOpened { scope });
    id
}

/// What a new level is made of.
pub(super) struct NewScope {
    pub parent: Option<ScopeId>,
    pub owner: Option<TokenId>,
    pub instance: InstanceId,
    pub process: String,
    /// The revision that a called process is pinned to; none: that of the scope around it.
    pub revision: Option<i64>,
    pub node: Option<NodeId>,
    pub kind: ScopeKind,
    pub atomic: bool,
    pub variables: JsonMap,
}

/// When no token is left in a level, it is done: the sub-process goes on, the call returns, the instance ends.
pub(super) fn settle(work: &mut Work, scope: ScopeId) {
    let Some(level) = work.instance.scopes.get(&scope) else { return };
    if work.instance.scopes.is_around(scope) || work.instance.tokens.is_in(scope) {
        return;
    }
    match &level.kind {
        ScopeKind::Undoing(_) => compensation::step(work, scope),
        ScopeKind::AdHoc(left) => match left.first().cloned() {
            Some(next) => {
                work.place_token(scope, &next, None);
            }
            None => end(work, scope),
        },
        ScopeKind::Level | ScopeKind::Whole(_) | ScopeKind::Round(_) => end(work, scope),
    }
}

/// A level is done.
pub(super) fn end(work: &mut Work, scope: ScopeId) {
    let Scope { owner, node, instance, variables, atomic, .. } = work.scope(scope).clone();
    let completed =
        |variables| Event::InstanceEnded { instance, state: InstanceState::Completed, error: None, variables };
    match (owner, node) {
        (None, _) => {
            subscriptions::close(work, scope);
            work.emit(completed(variables));
        }
        (Some(owner), None) => {
            work.emit(completed(variables.clone()));
            close(work, scope);
            nodes::finish(work, owner, Json::Object(variables));
        }
        (Some(owner), Some(_)) => {
            compensation::keep_level(work, owner, scope);
            close(work, scope);
            leave::leave(work, owner);
            if atomic && work.ask.is_none() {
                work.ask = Some(Ask::Release);
            }
        }
    }
}

/// Ends the whole root at once: everything inside it is cancelled.
pub(super) fn end_root(work: &mut Work, state: InstanceState, error: Option<String>) {
    let Some(root) = work.instance.scopes.values().find(|scope| scope.owner.is_none()).cloned() else { return };
    cancel_tokens(work, root.id);
    subscriptions::close(work, root.id);
    let Scope { instance, variables, .. } = root;
    work.emit(Event::InstanceEnded { instance, state, error, variables });
}

/// A level closes: nothing waits for its event sub-processes any more.
pub(super) fn close(work: &mut Work, scope: ScopeId) {
    subscriptions::close(work, scope);
    work.emit(Event::ScopeClosed { scope });
}

/// Cancels every token in a level, and what is inside them.
pub(super) fn cancel_tokens(work: &mut Work, scope: ScopeId) {
    let tokens: Vec<TokenId> =
        work.instance.tokens.values().filter(|token| token.scope == scope).map(|token| token.id).collect();
    for token in tokens {
        cancel_token(work, token);
    }
}

/// Cancels a token: its tasks, timers, incidents and everything inside its activity.
pub(super) fn cancel_token(work: &mut Work, token: TokenId) {
    let inside: Vec<ScopeId> =
        work.instance.scopes.values().filter(|scope| scope.owner == Some(token)).map(|scope| scope.id).collect();
    for scope in inside {
        cancel_tokens(work, scope);
        let closed = work.scope(scope).clone();
        if closed.node.is_none() {
            work.emit(Event::InstanceEnded {
                instance: closed.instance,
                state: InstanceState::Cancelled,
                error: None,
                variables: closed.variables,
            });
        }
        close(work, scope);
    }
    subscriptions::close(work, token);
    approvals::end(work, token, None, None);
    let tasks = work.instance.tasks.values().filter(|task| task.token == token);
    let tasks: Vec<_> = tasks.map(|task| Event::TaskCancelled { task: task.id.clone() }).collect();
    let jobs = work.instance.jobs.values().filter(|job| job.token == token);
    let state = JobState::Cancelled;
    let jobs: Vec<_> = jobs.map(|job| Event::JobEnded { job: job.id.clone(), state, message: None }).collect();
    let by = work.context.actor.user.clone();
    let incidents = work.instance.incidents.values().filter(|incident| incident.token == token);
    let incidents: Vec<_> = incidents
        .map(|incident| Event::IncidentResolved {
            incident: incident.id.clone(),
            by: by.clone(),
            how: Resolution::Cancelled,
            reason: None,
        })
        .collect();
    for event in tasks.into_iter().chain(jobs).chain(incidents) {
        work.emit(event);
    }
    let at = work.token(token);
    if matches!(at.state, TokenState::Active | TokenState::Failed) {
        let node = at.node.clone();
        work.emit(Event::NodeCancelled { token, node });
    }
    work.emit(Event::TokenRemoved { token });
}

/// Whether a token stands at an atomic block that is being carried out.
pub(super) fn is_open_block(work: &Work, token: TokenId) -> bool {
    work.instance.scopes.atomic().any(|block| block.owner == Some(token))
}

/// The token of the atomic block around this one.
pub(super) fn block_around(work: &Work, token: TokenId) -> Option<TokenId> {
    around(work, work.token(token).scope).find(|scope| scope.atomic).and_then(|scope| scope.owner)
}

/// The token of the atomic block that is being carried out; its savepoint is set.
pub(super) fn open_block(work: &Work) -> Option<TokenId> {
    work.instance.scopes.atomic().next().and_then(|block| block.owner)
}

/// A scope and all those around it, over calls too, up to the root.
pub(super) fn around<'w>(work: &'w Work, scope: ScopeId) -> impl Iterator<Item = &'w Scope> {
    std::iter::successors(Some(work.scope(scope)), |scope| scope.parent.map(|parent| work.scope(parent)))
}
