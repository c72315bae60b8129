//! What was waited for has happened: which event it is, and what becomes of those who waited.

use super::scope::{self, NewScope};
use super::subscriptions;
use super::work::{Place, Work};
use super::{leave, nodes};
use crate::model::event::Event;
use crate::model::event_definition::Trigger;
use crate::model::ids::{NodeId, SubscriptionId};
use crate::model::instance::{HolderId, ScopeId, ScopeKind, TokenId};
use crate::model::json::{Json, JsonMap};
use crate::model::process::{NodeKind, Process};

/// A message, a signal, a condition or a person has met a subscription.
pub(super) fn deliver(work: &mut Work, id: &SubscriptionId, payload: &JsonMap, outside: bool) {
    let Some(met) = work.instance.subscriptions.get(id).cloned() else { return };
    let Some(scope) = scope_of(work, met.holder) else { return };
    work.emit(Event::EventHappened {
        node: met.node.clone(),
        scope,
        subscription: Some(id.clone()),
        payload: payload.clone(),
        outside,
    });
    if event_of(work, scope, &met.node).is_some_and(|event| event.node().catching().is_some_and(|catch| catch.all)) {
        work.emit(Event::SubscriptionClosed { subscription: id.clone() });
    }
    happen(work, met.holder, &met.node, payload.clone());
}

/// One of the things that an event waits for has happened; of an event that waits for all, the others may be missing.
pub(super) fn happen(work: &mut Work, holder: HolderId, event: &NodeId, payload: JsonMap) {
    let Some(scope) = scope_of(work, holder) else { return };
    let Some(place) = event_of(work, scope, event) else { return };
    let (process, caught) = (&*place.process, place.node());
    if caught.catching().is_some_and(|catch| catch.all) && subscriptions::waits(work, holder, event) {
        return;
    }
    match &caught.kind {
        NodeKind::StartEvent(start) => {
            if start.interrupting {
                scope::cancel_tokens(work, scope);
                subscriptions::close(work, scope);
            }
            begin_event_sub_process(work, scope, process, event, payload);
        }
        NodeKind::BoundaryEvent(boundary) => {
            let token = work.place_token(scope, event, None);
            if boundary.interrupting {
                scope::cancel_token(work, holder);
            }
            happened(work, token, payload);
        }
        _ if work.token(holder).node == *event => {
            subscriptions::close_event(work, holder, event);
            nodes::finish(work, holder, Json::Object(payload));
        }
        _ => decide(work, holder, process, event, payload),
    }
}

/// The token comes to an event that has happened.
pub(super) fn happened(work: &mut Work, token: TokenId, payload: JsonMap) {
    let node = work.token(token).node.clone();
    work.emit(Event::NodeEntered { token, node });
    nodes::finish(work, token, Json::Object(payload));
}

/// The level inside an event sub-process begins at its start event, in a scope whose own event it is.
pub(super) fn begin_event_sub_process(
    work: &mut Work,
    around: ScopeId,
    process: &Process,
    event: &NodeId,
    payload: JsonMap,
) {
    let token = work.place_token(around, event, None);
    work.emit(Event::NodeEntered { token, node: event.clone() });
    let Some(start) = process.first(Some(event)).map(|start| start.id.clone()) else {
        return leave::leave(work, token);
    };
    let inside = NewScope {
        parent: Some(around),
        owner: Some(token),
        instance: work.scope(around).instance.clone(),
        process: process.key.clone(),
        revision: None,
        node: Some(event.clone()),
        kind: ScopeKind::Level,
        atomic: false,
        variables: JsonMap::new(),
    };
    let level = scope::open_empty(work, inside);
    let token = work.place_token(level, &start, None);
    happened(work, token, payload);
}

/// The event of an event-based gateway that happened first: the path goes on behind it.
fn decide(work: &mut Work, token: TokenId, process: &Process, event: &NodeId, payload: JsonMap) {
    let at = work.token(token);
    let (scope, gateway) = (at.scope, at.node.clone());
    let flows = process.node(&gateway).map_or(&[][..], |node| &node.outgoing);
    let flow = flows.iter().copied().find(|flow| process.flows[*flow].to == *event);
    subscriptions::close(work, token);
    work.emit(Event::NodeCompleted { token, node: gateway });
    let next = work.place_token(scope, event, flow);
    work.emit(Event::TokenRemoved { token });
    happened(work, next, payload);
}

/// The scope in which a holder waits.
pub(super) fn scope_of(work: &Work, holder: HolderId) -> Option<ScopeId> {
    match work.instance.tokens.get(&holder) {
        Some(token) => Some(token.scope),
        None => work.instance.scopes.get(&holder).map(|scope| scope.id),
    }
}

/// The node that waits; of an event sub-process, its start event.
pub(super) fn event_of(work: &Work, scope: ScopeId, event: &NodeId) -> Option<Place> {
    let process = work.process(scope)?;
    let waits = match process.node(event)?.kind {
        NodeKind::EventSubProcess => process.first(Some(event))?.id.clone(),
        _ => event.clone(),
    };
    Place::of(process, &waits)
}

/// The trigger of an event that a timer or a subscription stands for.
pub(super) fn trigger_of(work: &Work, holder: HolderId, event: &NodeId, trigger: usize) -> Option<Trigger> {
    let place = event_of(work, scope_of(work, holder)?, event)?;
    place.node().catching()?.triggers.get(trigger).cloned()
}
