//! What an event sets off: messages and signals, errors and escalations, the undoing of what was done, the end of a
//! level.

use super::compensation;
use super::happen;
use super::nodes::Entered;
use super::outward;
use super::scope;
use super::subscriptions;
use super::variables;
use super::work::Work;
use crate::model::event::Event;
use crate::model::event_definition::{Throw, ThrownMessage};
use crate::model::ids::{SubscriptionId, serial_in};
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::json::JsonMap;
use crate::model::subscription::{Awaited, Message};

/// What is set off, with its arguments.
pub(super) enum Ready {
    Message(Message),
    Signal(String, JsonMap),
    Plain(Throw),
}

/// Sets off all of these at an event that the token stands at. What they bring is computed first, so that a failure
/// leaves nothing half done. The event is told before those who catch it act, unless it takes time itself.
pub(super) fn all(work: &mut Work, token: TokenId, throws: &[Throw]) -> Result<Entered, Failure> {
    let ready = prepare(work, token, throws)?;
    if ready.is_empty() {
        return Ok(Entered::Done);
    }
    if !throws.iter().any(|throw| matches!(throw, Throw::Compensation(_) | Throw::Cancel)) {
        let node = work.token(token).node.clone();
        work.emit(Event::NodeCompleted { token, node });
    }
    let mut entered = Entered::Done;
    for one in ready {
        if !work.instance.tokens.contains_key(&token) {
            return Ok(Entered::Waits);
        }
        if let Entered::Waits = set_off(work, token, one) {
            entered = Entered::Waits;
        }
    }
    let there = work.instance.tokens.contains_key(&token);
    Ok(if there { entered } else { Entered::Waits })
}

/// Sets these off beside what the token does: it stays where it is, if they do not end it.
pub(super) fn set_off_beside(work: &mut Work, token: TokenId, ready: Vec<Ready>) {
    for one in ready {
        if work.instance.tokens.contains_key(&token) {
            set_off(work, token, one);
        }
    }
}

/// Computes what these bring.
pub(super) fn prepare(work: &Work, token: TokenId, throws: &[Throw]) -> Result<Vec<Ready>, Failure> {
    throws.iter().map(|throw| prepare_one(work, token, throw)).collect()
}

/// A message as it is sent from where the token stands.
pub(super) fn message(work: &Work, token: TokenId, message: &ThrownMessage) -> Result<Message, Failure> {
    let scope = work.token(token).scope;
    let key = message.correlate.as_ref().map(|key| subscriptions::key_of(work, scope, key)).transpose()?;
    Ok(Message {
        name: message.name.clone(),
        key,
        payload: variables::evaluate(work, token, &message.input)?,
        until: message.ttl.as_ref().map(|ttl| ttl.after(work.context.now)),
    })
}

fn prepare_one(work: &Work, token: TokenId, throw: &Throw) -> Result<Ready, Failure> {
    Ok(match throw {
        Throw::Message(sent) => Ready::Message(message(work, token, sent)?),
        Throw::Signal { name, input } => Ready::Signal(name.clone(), variables::evaluate(work, token, input)?),
        other => Ready::Plain(other.clone()),
    })
}

fn set_off(work: &mut Work, token: TokenId, ready: Ready) -> Entered {
    match ready {
        Ready::Message(message) => work.emit(Event::MessageThrown { token, message }),
        Ready::Signal(name, payload) => {
            work.emit(Event::SignalThrown { token, name: name.clone(), payload: payload.clone() });
            broadcast(work, &name, &payload);
        }
        Ready::Plain(Throw::Error(code)) => {
            outward::throw_error(work, token, &code);
            return Entered::Waits;
        }
        Ready::Plain(Throw::Escalation(code)) => outward::escalate(work, token, &code),
        Ready::Plain(Throw::Compensation(activity)) => return compensation::begin(work, token, activity.as_ref()),
        Ready::Plain(Throw::Terminate) => {
            let level = work.token(token).scope;
            work.emit(Event::TokenRemoved { token });
            scope::cancel_tokens(work, level);
            scope::end(work, level);
            return Entered::Waits;
        }
        Ready::Plain(Throw::Cancel) => return compensation::cancel_transaction(work, token),
        // The flow that leads to the catch event is all there is of a link.
        Ready::Plain(Throw::Link(_) | Throw::Message(_) | Throw::Signal { .. }) => {}
    }
    Entered::Done
}

/// Everybody in this root who waits for a signal gets it, in the order in which they began to wait; the runtime tells
/// other roots.
fn broadcast(work: &mut Work, name: &str, payload: &JsonMap) {
    let waits = work.instance.subscriptions.values();
    let waits = waits.filter(|one| matches!(&one.awaits, Awaited::Signal { name: awaited } if awaited == name));
    let mut waits: Vec<(u64, SubscriptionId)> =
        waits.map(|one| (serial_in(one.id.as_str()).unwrap_or(0), one.id.clone())).collect();
    waits.sort();
    for (_, subscription) in waits {
        happen::deliver(work, &subscription, payload, false);
    }
}
