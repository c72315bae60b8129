//! Undoing what was done (BPMN: compensation, transactions): the last one first, each once, with the variables as they
//! were. What can be undone is kept by the level in which it was done; the token that asks waits until it is undone.

use super::nodes::Entered;
use super::outward;
use super::scope::{self, NewScope};
use super::subscriptions;
use super::work::Work;
use super::{happen, leave};
use crate::model::compensation::{Compensation, Done};
use crate::model::event::Event;
use crate::model::event_definition::{Catching, Throw};
use crate::model::ids::NodeId;
use crate::model::instance::{Scope, ScopeId, ScopeKind, TokenId};
use crate::model::json::JsonMap;
use crate::model::process::{Node, NodeKind, Process};

/// An activity is done: keeps what it takes to undo it, if something does. A sub-process is kept by [`keep_level`].
pub(super) fn keep(work: &mut Work, token: TokenId, node: &Node) {
    if node.compensation.is_none() || matches!(node.kind, NodeKind::SubProcess(_)) {
        return;
    }
    let scope = work.token(token).scope;
    let done = Done { node: node.id.clone(), variables: visible(work, scope), inside: Vec::new() };
    work.emit(Event::Compensation(Compensation::Kept { scope: level(work, scope), done }));
}

/// A sub-process, whose token is the owner of the level, is done: keeps what was done in it, and its variables.
pub(super) fn keep_level(work: &mut Work, owner: TokenId, scope: ScopeId) {
    let Some(place) = work.place(owner) else { return };
    let (process, node) = (&place.process, place.node());
    let inside = work.scope(scope).done.clone();
    if inside.is_empty() && handler(process, node).is_none() {
        return;
    }
    let done = Done { node: node.id.clone(), variables: visible(work, scope), inside };
    let around = level(work, work.token(owner).scope);
    work.emit(Event::Compensation(Compensation::Kept { scope: around, done }));
}

/// A token asks that what was done is undone: what this activity did, or all of its level.
pub(super) fn begin(work: &mut Work, token: TokenId, activity: Option<&NodeId>) -> Entered {
    let Some(scope) = asked(work, token, activity) else { return Entered::Done };
    let done = work.scope(scope).done.iter();
    let left: Vec<Done> = done.filter(|done| activity.is_none_or(|activity| done.node == *activity)).cloned().collect();
    if left.is_empty() {
        return Entered::Done;
    }
    work.emit(Event::Compensation(Compensation::Begun { scope, node: activity.cloned() }));
    let undoing = open(work, token, scope, left);
    step(work, undoing);
    Entered::Waits
}

/// A token ends its transaction: everything else in it is cancelled, what was done is undone, and it goes on at its
/// cancel event.
pub(super) fn cancel_transaction(work: &mut Work, token: TokenId) -> Entered {
    let level = work.token(token).scope;
    let others = work.instance.tokens.values().filter(|other| other.scope == level && other.id != token);
    let others: Vec<TokenId> = others.map(|other| other.id).collect();
    others.into_iter().for_each(|other| scope::cancel_token(work, other));
    subscriptions::close(work, level);
    if let Entered::Done = begin(work, token, None) {
        finished(work, token);
    }
    Entered::Waits
}

/// Undoes the next activity; when none is left, the token that asked goes on.
pub(super) fn step(work: &mut Work, undoing: ScopeId) {
    let Scope { kind, parent, owner: Some(owner), .. } = work.scope(undoing).clone() else { return };
    let ScopeKind::Undoing(left) = kind else { return };
    let Some(done) = left.last() else {
        scope::close(work, undoing);
        return match parent.filter(|parent| matches!(work.scope(*parent).kind, ScopeKind::Undoing(_))) {
            Some(around) => step(work, around),
            None => finished(work, owner),
        };
    };
    work.emit(Event::Compensation(Compensation::Step { scope: undoing }));
    let Some(process) = work.process(undoing) else { return };
    match process.node(&done.node).and_then(|node| handler(&process, node)) {
        Some(Handler::Activity(handler)) => {
            work.place_token(undoing, &handler, None);
        }
        Some(Handler::Event(event)) => {
            happen::begin_event_sub_process(work, undoing, &process, &event, JsonMap::new());
        }
        None => {
            work.emit(Event::Compensation(Compensation::Begun { scope: undoing, node: None }));
            let inner = open(work, owner, undoing, done.inside.clone());
            step(work, inner);
        }
    }
}

/// What undoes an activity.
enum Handler {
    Activity(NodeId),
    Event(NodeId),
}

/// What undoes an activity as a whole: the activity named for it, or an event sub-process inside it.
fn handler(process: &Process, node: &Node) -> Option<Handler> {
    let catches =
        |event: &&NodeId| process.first(Some(event)).and_then(Node::catching).is_some_and(Catching::compensation);
    match &node.compensation {
        Some(handler) => Some(Handler::Activity(handler.clone())),
        None => node.events.iter().find(catches).map(|event| Handler::Event(event.clone())),
    }
}

/// A scope in which these are undone; `around` is where their variables belong.
fn open(work: &mut Work, owner: TokenId, around: ScopeId, left: Vec<Done>) -> ScopeId {
    let level = work.scope(around);
    let new = NewScope {
        parent: Some(around),
        owner: Some(owner),
        instance: level.instance.clone(),
        process: level.process.clone(),
        revision: None,
        node: Some(work.token(owner).node.clone()),
        kind: ScopeKind::Undoing(left),
        atomic: false,
        variables: JsonMap::new(),
    };
    scope::open_empty(work, new)
}

/// All is undone that this token asked for.
fn finished(work: &mut Work, token: TokenId) {
    let cancels = work.place(token).is_some_and(|place| match &place.node().kind {
        NodeKind::EndEvent(throws) => throws.iter().any(|throw| matches!(throw, Throw::Cancel)),
        _ => false,
    });
    if !cancels {
        return leave::leave(work, token);
    }
    let at = work.token(token);
    let (scope, node) = (at.scope, at.node.clone());
    work.emit(Event::NodeCompleted { token, node });
    work.emit(Event::TokenRemoved { token });
    if let Some(activity) = work.scope(scope).owner {
        outward::cancelled(work, activity);
    }
}

/// The level whose activities a token may ask to be undone: that of the activity, or its own one; an event sub-process
/// speaks for the level around it.
fn asked(work: &Work, token: TokenId, activity: Option<&NodeId>) -> Option<ScopeId> {
    let mut around = work.chain(work.token(token).scope);
    let found = match activity {
        Some(activity) => around.find(|scope| scope.done.iter().any(|done| done.node == *activity)),
        None => around.find(|scope| match scope.kind {
            ScopeKind::Undoing(_) => !scope.done.is_empty(),
            ScopeKind::Level | ScopeKind::AdHoc(_) => !of_event(work, scope),
            ScopeKind::Whole(_) | ScopeKind::Round(_) => false,
        }),
    };
    found.map(|scope| scope.id)
}

fn of_event(work: &Work, scope: &Scope) -> bool {
    let process = work.process(scope.id);
    let node = process.as_ref().zip(scope.node.as_ref()).and_then(|(process, node)| process.node(node));
    node.is_some_and(|node| matches!(node.kind, NodeKind::EventSubProcess))
}

/// The level of nodes that a scope is or lies in.
fn level(work: &Work, scope: ScopeId) -> ScopeId {
    let level = work.chain(scope).find(|scope| scope.is_level() || matches!(scope.kind, ScopeKind::Undoing(_)));
    level.map_or(scope, |level| level.id)
}

/// All variables that are seen from a scope.
pub(super) fn visible(work: &Work, scope: ScopeId) -> JsonMap {
    let layers: Vec<&Scope> = work.chain(scope).collect();
    let inward = layers.into_iter().rev();
    inward.flat_map(|scope| scope.variables.iter().map(|(name, value)| (name.clone(), value.clone()))).collect()
}
