//! Errors, escalations and the cancellation of a transaction go outward from where they are thrown, to the nearest
//! event sub-process or boundary event that catches them: this code before any code.

use super::happen;
use super::loops;
use super::scope;
use super::work::Work;
use crate::model::action::{Abort, Ask};
use crate::model::event::Event;
use crate::model::event_definition::Catching;
use crate::model::ids::NodeId;
use crate::model::instance::{InstanceState, ScopeId, TokenId, TokenState};
use crate::model::json::JsonMap;
use crate::model::process::{Node, NodeKind};

/// A token, which ends here, throws a BPMN error. One that nobody catches ends the root.
pub(super) fn throw_error(work: &mut Work, token: TokenId, code: &str) {
    let scope = work.token(token).scope;
    work.emit(Event::ErrorThrown { token, code: code.to_owned() });
    let inside = happens_inside(work, scope, token);
    work.emit(Event::TokenRemoved { token });
    error_in(work, scope, inside, code);
}

/// An error has come to an activity from its inside.
pub(super) fn error_at(work: &mut Work, activity: TokenId, code: &str) {
    if work.token(activity).state == TokenState::Active && scope::is_open_block(work, activity) {
        work.ask = Some(Ask::Rollback { token: activity, abort: Abort::Error(code.to_owned()) });
        return;
    }
    let caught =
        [boundary(work, activity, |catch| catch.names_error(code)), boundary(work, activity, Catching::any_error)];
    match caught.into_iter().flatten().next() {
        Some(boundary) => happen::happen(work, activity, &boundary, JsonMap::new()),
        None => {
            let scope = work.token(activity).scope;
            let inside = happens_inside(work, scope, activity);
            error_in(work, scope, inside, code);
        }
    }
}

/// An error has come to a level: its event sub-processes first, then the activity that it is the inside of.
fn error_in(work: &mut Work, scope: ScopeId, inside: bool, code: &str) {
    let caught = [
        level_event(work, scope, inside, |catch| catch.names_error(code)),
        level_event(work, scope, inside, Catching::any_error),
    ];
    if let Some(event) = caught.into_iter().flatten().next() {
        return happen::happen(work, scope, &event, JsonMap::new());
    }
    match work.scope(scope).owner {
        Some(owner) => error_at(work, owner, code),
        None => scope::end_root(work, InstanceState::EndedWithError, Some(code.to_owned())),
    }
}

/// A token throws an escalation: who catches it may end what threw it, or only take note. One that nobody catches
/// changes nothing.
pub(super) fn escalate(work: &mut Work, token: TokenId, code: &str) {
    work.emit(Event::EscalationThrown { token, code: code.to_owned() });
    let mut from = token;
    loop {
        let scope = work.token(from).scope;
        let inside = happens_inside(work, scope, from);
        let caught = [
            level_event(work, scope, inside, |catch| catch.names_escalation(code)),
            level_event(work, scope, inside, Catching::any_escalation),
        ];
        if let Some(event) = caught.into_iter().flatten().next() {
            return happen::happen(work, scope, &event, JsonMap::new());
        }
        let Some(owner) = work.scope(scope).owner else { return };
        let caught = [
            boundary(work, owner, |catch| catch.names_escalation(code)),
            boundary(work, owner, Catching::any_escalation),
        ];
        if let Some(boundary) = caught.into_iter().flatten().next() {
            return happen::happen(work, owner, &boundary, JsonMap::new());
        }
        from = owner;
    }
}

/// A transaction, whose token this is, has been cancelled and undone: it goes on at its cancel event.
pub(super) fn cancelled(work: &mut Work, activity: TokenId) {
    let activity = match loops::is_round(work, activity) {
        true => loops::standing_for(work, activity),
        false => activity,
    };
    match boundary(work, activity, Catching::cancel) {
        Some(boundary) => happen::happen(work, activity, &boundary, JsonMap::new()),
        None => {
            let scope = work.token(activity).scope;
            scope::cancel_token(work, activity);
            scope::settle(work, scope);
        }
    }
}

/// The boundary event of an activity that catches this.
fn boundary(work: &Work, owner: TokenId, fits: impl Fn(&Catching) -> bool) -> Option<NodeId> {
    let place = work.place(owner).filter(|_| !loops::is_round(work, owner))?;
    let events = place.node().boundary.iter().filter_map(|id| place.process.node(id));
    events.filter(|event| event.catching().is_some_and(&fits)).map(|event| event.id.clone()).next()
}

/// The event sub-process of a level that catches this; none for what comes out of one of them.
fn level_event(work: &Work, scope: ScopeId, inside: bool, fits: impl Fn(&Catching) -> bool) -> Option<NodeId> {
    let level = work.scope(scope);
    if inside || !level.is_level() {
        return None;
    }
    let process = work.process(scope)?;
    let catches = |event: &&NodeId| {
        let start: Option<&Node> = process.first(Some(event));
        start.and_then(Node::catching).is_some_and(&fits)
    };
    process.events(level.node.as_ref()).iter().find(catches).cloned()
}

/// Whether this token of a level stands at one of the level's event sub-processes: what comes out of it goes further out.
fn happens_inside(work: &Work, scope: ScopeId, token: TokenId) -> bool {
    let process = work.process(scope);
    let node = process.as_ref().and_then(|process| process.node(&work.token(token).node));
    node.is_some_and(|node| matches!(node.kind, NodeKind::EventSubProcess))
}
