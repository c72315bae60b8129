//! What is waited for: at the edge of an activity while it is at work, on the way where a path stops for an event, and
//! beside a whole level by its event sub-processes. Opened all at once or not at all; closed with what holds them.

use super::loops;
use super::timers;
use super::work::Work;
use crate::model::event::Event;
use crate::model::event_definition::{Catching, Trigger};
use crate::model::expression::Expression;
use crate::model::ids::{NodeId, SubscriptionId, TimerId};
use crate::model::incident::Failure;
use crate::model::instance::{HolderId, ScopeId, TokenId, TokenState};
use crate::model::json::Json;
use crate::model::process::{Node, NodeKind, Process};
use crate::model::subscription::{Awaited, Subscription};
use crate::model::time::Timestamp;
use crate::model::timer::Timer;

/// Characters of the key of a message at most: an index entry has room for no more.
const KEY_MOST: usize = 500;

/// Something that is to be waited for.
pub(super) struct Planned {
    node: NodeId,
    trigger: usize,
    what: What,
}

enum What {
    Timer { due: Timestamp, left: Option<u32> },
    Awaits(Awaited),
}

/// What the events at the edge of an activity wait for, all of them or the failure of one; none when they wait already:
/// a retry does not begin them again. They are of the activity as a whole, not of one round of it.
pub(super) fn at_edge(work: &Work, token: TokenId, process: &Process, node: &Node) -> Result<Vec<Planned>, Failure> {
    if node.boundary.is_empty() || work.token(token).listening || loops::is_round(work, token) {
        return Ok(Vec::new());
    }
    let scope = work.token(token).scope;
    let events = node.boundary.iter().filter_map(|id| process.node(id));
    let planned: Result<Vec<_>, _> =
        events.filter_map(|event| Some(plan(work, scope, event, event.catching()?))).collect();
    Ok(planned?.into_iter().flatten().collect())
}

/// What one event waits for, seen from a scope.
pub(super) fn plan(work: &Work, scope: ScopeId, event: &Node, catch: &Catching) -> Result<Vec<Planned>, Failure> {
    if catch.triggers.is_empty() && matches!(event.kind, NodeKind::ReceiveTask(_)) {
        return Ok(vec![Planned { node: event.id.clone(), trigger: 0, what: What::Awaits(Awaited::Call) }]);
    }
    let mut planned = Vec::new();
    for (trigger, wanted) in catch.triggers.iter().enumerate() {
        let what = match wanted {
            Trigger::Timer(spec) => {
                let (due, left) = timers::first(work, scope, spec)?;
                What::Timer { due, left }
            }
            Trigger::Message { name, correlate } => {
                let key = correlate.as_ref().map(|key| key_of(work, scope, key)).transpose()?;
                What::Awaits(Awaited::Message { name: name.clone(), key })
            }
            Trigger::Signal(name) => What::Awaits(Awaited::Signal { name: name.clone() }),
            Trigger::Condition(_) => What::Awaits(Awaited::Condition { holds: false }),
            Trigger::Error(_) | Trigger::Escalation(_) | Trigger::Compensation | Trigger::Cancel | Trigger::Link(_) => {
                continue;
            }
        };
        planned.push(Planned { node: event.id.clone(), trigger, what });
    }
    Ok(planned)
}

/// The key of a message: text, a number, true or false.
pub(super) fn key_of(work: &Work, scope: ScopeId, key: &Expression) -> Result<String, Failure> {
    match work.evaluate(scope, key, None)? {
        Json::String(text) if text.chars().count() <= KEY_MOST => Ok(text),
        Json::String(_) => {
            let sentence = format!("{}: `{}` gave more than {KEY_MOST} characters", key.at, key.source);
            Err(Failure::new("correlate", sentence))
        }
        value @ (Json::Number(_) | Json::Bool(_)) => Ok(value.to_string()),
        other => {
            let sentence =
                format!("{}: `{}` gave {other}; the key of a message is text or a number", key.at, key.source);
            Err(Failure::new("correlate", sentence))
        }
    }
}

/// Begins to wait for what an activity or an event of this token waits for, when the token is still there.
pub(super) fn open(work: &mut Work, token: TokenId, planned: Vec<Planned>) {
    let at = work.instance.tokens.get(&token);
    let Some(scope) = at.filter(|at| matches!(at.state, TokenState::Active | TokenState::Failed)).map(|at| at.scope)
    else {
        return;
    };
    open_for(work, token, scope, planned);
}

fn open_for(work: &mut Work, holder: HolderId, scope: ScopeId, planned: Vec<Planned>) {
    for Planned { node, trigger, what } in planned {
        work.emit(match what {
            What::Timer { due, left } => {
                let id = TimerId(work.next_id());
                Event::TimerSet { timer: Timer { id, holder, node, trigger, due, left } }
            }
            What::Awaits(awaits) => {
                let instance = work.scope(scope).instance.clone();
                let id = SubscriptionId(work.next_id());
                Event::SubscriptionOpened { subscription: Subscription { id, instance, holder, node, trigger, awaits } }
            }
        });
    }
}

/// The event sub-processes of a level begin to wait for their events, once.
pub(super) fn listen(work: &mut Work, scope: ScopeId, process: &Process) -> Result<(), Failure> {
    let open = work.scope(scope);
    let events = process.events(open.node.as_ref());
    if open.listening || events.is_empty() || !open.is_level() {
        return Ok(());
    }
    let mut planned = Vec::new();
    for event in events {
        let Some(start) = process.first(Some(event)) else { continue };
        let Some(catch) = start.catching() else { continue };
        let waits = plan(work, scope, start, catch)?;
        planned.extend(waits.into_iter().map(|waits| Planned { node: event.clone(), ..waits }));
    }
    open_for(work, scope, scope, planned);
    work.emit(Event::ScopeListening { scope });
    Ok(())
}

/// Nothing that this token or scope waits for is waited for any more.
pub(super) fn close(work: &mut Work, holder: HolderId) {
    close_some(work, holder, |_| true);
}

/// Nothing that this one event waits for is waited for any more.
pub(super) fn close_event(work: &mut Work, holder: HolderId, event: &NodeId) {
    close_some(work, holder, |node| node == event);
}

fn close_some(work: &mut Work, holder: HolderId, fits: impl Fn(&NodeId) -> bool) {
    let listens = match work.instance.tokens.get(&holder) {
        Some(token) => token.listening,
        None => work.instance.scopes.get(&holder).is_some_and(|scope| scope.listening),
    };
    if !listens {
        return;
    }
    let timers = work.instance.timers.values().filter(|timer| timer.holder == holder && fits(&timer.node));
    let timers = timers.map(|timer| Event::TimerCancelled { timer: timer.id.clone() });
    let others = work.instance.subscriptions.values().filter(|other| other.holder == holder && fits(&other.node));
    let others = others.map(|other| Event::SubscriptionClosed { subscription: other.id.clone() });
    let events: Vec<Event> = timers.chain(others).collect();
    events.into_iter().for_each(|event| work.emit(event));
}

/// Whether an event still waits for something.
pub(super) fn waits(work: &Work, holder: HolderId, event: &NodeId) -> bool {
    work.instance.timers.values().any(|timer| timer.holder == holder && timer.node == *event)
        || work.instance.subscriptions.values().any(|other| other.holder == holder && other.node == *event)
}
