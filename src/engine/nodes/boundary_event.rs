//! Boundary event: a timer or a BPMN error at the edge of an activity. An interrupting one cancels everything inside.

use crate::engine::loops;
use crate::engine::scope;
use crate::engine::work::Work;
use crate::model::action::{Abort, Ask};
use crate::model::event::Event;
use crate::model::ids::NodeId;
use crate::model::instance::{InstanceState, TokenId, TokenState};
use crate::model::process::{NodeKind, Trigger};

/// The event happens to the activity of this token.
pub(in crate::engine) fn happen(work: &mut Work, token: TokenId, boundary: &NodeId) {
    let level = work.token(token).scope;
    let interrupting = work
        .process(level)
        .and_then(|process| process.node(boundary).map(|node| node.kind.clone()))
        .is_none_or(|kind| !matches!(kind, NodeKind::BoundaryEvent(event) if !event.interrupting));
    work.place_token(level, boundary, None);
    if interrupting {
        scope::cancel_token(work, token);
    }
}

/// A BPMN error goes outward from its token, which ends here, to the nearest boundary event that catches it: this code
/// before any code. One that nobody catches ends the root.
pub(in crate::engine) fn throw_error(work: &mut Work, token: TokenId, code: &str) {
    let activity = work.scope(work.token(token).scope).owner;
    work.emit(Event::ErrorThrown { token, code: code.to_owned() });
    work.emit(Event::TokenRemoved { token });
    propagate(work, code, activity);
}

/// An error has come to this activity from its inside; none: to the root.
pub(in crate::engine) fn propagate(work: &mut Work, code: &str, activity: Option<TokenId>) {
    let Some(owner) = activity else {
        return scope::end_root(work, InstanceState::EndedWithError, Some(code.to_owned()));
    };
    if work.token(owner).state == TokenState::Active && scope::is_atomic(work, owner) && has_inside(work, owner) {
        work.ask = Some(Ask::Rollback { token: owner, abort: Abort::Error(code.to_owned()) });
        return;
    }
    match catcher(work, owner, code) {
        Some(boundary) => happen(work, owner, &boundary),
        None => {
            let around = work.scope(work.token(owner).scope).owner;
            propagate(work, code, around);
        }
    }
}

/// Whether an activity has a level open inside it; a block that was rolled back has none.
fn has_inside(work: &Work, owner: TokenId) -> bool {
    work.instance.scopes.values().any(|scope| scope.owner == Some(owner))
}

fn catcher(work: &Work, owner: TokenId, code: &str) -> Option<NodeId> {
    let (process, node) = work.place(owner).filter(|_| !loops::is_round(work, owner))?;
    let caught = |wanted: Option<&str>| {
        node.boundary.iter().filter_map(|id| process.node(id)).find_map(|boundary| match &boundary.kind {
            NodeKind::BoundaryEvent(event) => match &event.trigger {
                Trigger::Error(caught) if caught.as_deref() == wanted => Some(boundary.id.clone()),
                _ => None,
            },
            _ => None,
        })
    };
    caught(Some(code)).or_else(|| caught(None))
}
