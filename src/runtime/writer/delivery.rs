//! What is on its way is brought, in the transaction that takes its row away: once, however many nodes try.

use super::lane::Lane;
use super::message::{self, Came};
use super::verdict::Verdict;
use crate::model::delivery::{Broadcast, Delivery, Sent};
use crate::model::ids::{DeliveryId, SubscriptionId};
use crate::model::json::JsonMap;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::model::time::Timestamp;
use crate::runtime::request::{Change, Outcome};
use crate::runtime::{begins, ids};
use crate::store::{StoreError, deliveries, subscriptions};

/// A message that nobody waited for is looked at once more after so many milliseconds: who began to wait in a
/// transaction that was open while it was sent may not have seen it.
const ONCE_MORE: i64 = 10_000;
/// What cannot be brought for a reason that is not its own is tried again after so many milliseconds.
const RETRY: i64 = 60_000;

/// A signal from outside: on its way to everybody who waits for it now, and to the processes that it begins.
pub(super) fn broadcast(lane: &mut Lane, name: &str, payload: &JsonMap) -> Result<Verdict, StoreError> {
    let signal = Delivery {
        id: DeliveryId(ids::new()),
        business: lane.job.actor.business.clone(),
        what: Sent::SignalStart { name: name.to_owned() },
        payload: payload.clone(),
        sender: None,
        due: lane.now,
        looked: 0,
    };
    let waiting = deliveries::send(lane.conn, &[&signal])?;
    let starts = message::active(lane)?.map_or(0, |library| begins::by_signal(&library, name, payload).len());
    lane.wakes.sent();
    let told = Broadcast { name: name.to_owned(), waiting, starts };
    Ok(Verdict::answer(Ok(Outcome::Signal(told))))
}

/// Brings one; it may be that another node was faster.
pub(super) fn bring(lane: &mut Lane, id: &DeliveryId) -> Result<Verdict, StoreError> {
    let business = lane.job.actor.business.clone();
    let done = Verdict::answer(Ok(Outcome::Done { about: lane.job.actor.user.clone() }));
    let Some(delivery) = deliveries::take(lane.conn, &business, id)? else { return Ok(done) };
    let next = match &delivery.what {
        Sent::Message { name, key, until } => bring_message(lane, &delivery, name, key.as_deref(), *until)?,
        Sent::Signal { to, .. } => bring_signal(lane, &delivery, to)?,
        Sent::SignalStart { name } => start(lane, &delivery, name)?,
    };
    match next {
        Next::Over => deliveries::remove(lane.conn, &business, id)?,
        Next::Later(due) => deliveries::postpone(lane.conn, &business, id, due)?,
        Next::Again => return Ok(Verdict::Again),
    }
    Ok(done)
}

/// What becomes of the row.
enum Next {
    Over,
    Later(Timestamp),
    Again,
}

fn bring_message(
    lane: &mut Lane,
    delivery: &Delivery,
    name: &str,
    key: Option<&str>,
    until: Option<Timestamp>,
) -> Result<Next, StoreError> {
    let first = delivery.looked == 1;
    // By its own time, not by when somebody came to look: who began to wait before the end gets it.
    let expired = !first && until.is_some_and(|until| delivery.due >= until);
    let came = if expired { Came::Nobody } else { message::arrive(lane, name, key, &delivery.payload)? };
    match came {
        Came::Arrived(_) => return Ok(Next::Over),
        Came::Again => return Ok(Next::Again),
        Came::Refused(refusal) if !is_its_own_fault(&refusal) => return Ok(later(lane, delivery, &refusal)),
        Came::Refused(refusal) => {
            tracing::warn!(id = %delivery.id, message = name, refusal.detail, "a message was refused")
        }
        Came::Nobody => {}
    }
    match until.filter(|until| !expired && *until > lane.now) {
        Some(until) if first => Ok(Next::Later(until.min(Timestamp(lane.now.0 + ONCE_MORE)))),
        Some(until) => Ok(Next::Later(until)),
        None => {
            metrics::counter!("kamflow_messages_dropped_total").increment(1);
            let sender = delivery.sender.as_ref().map_or("outside", |sender| sender.as_str());
            tracing::warn!(id = %delivery.id, sender, message = name, key, "nobody waited for a message; it is dropped");
            Ok(Next::Over)
        }
    }
}

fn bring_signal(lane: &mut Lane, delivery: &Delivery, to: &SubscriptionId) -> Result<Next, StoreError> {
    if subscriptions::find(lane.conn, &delivery.business, to)?.is_none() {
        return Ok(Next::Over);
    }
    let deliver = Change::Deliver { subscription: to.clone(), payload: delivery.payload.clone() };
    Ok(match lane.also(deliver)? {
        Some(Ok(_)) => Next::Over,
        Some(Err(refusal)) if refusal.code == "subscription_gone" => Next::Again,
        Some(Err(refusal)) => later(lane, delivery, &refusal),
        None => Next::Again,
    })
}

/// Begins every process that the signal begins, all of them in this transaction.
fn start(lane: &mut Lane, delivery: &Delivery, name: &str) -> Result<Next, StoreError> {
    let Some(library) = message::active(lane)? else { return Ok(Next::Over) };
    for begin in begins::by_signal(&library, name, &delivery.payload) {
        let process = begin.process.clone();
        match lane.also(Change::Begin(begin))? {
            Some(Ok(_)) => {}
            Some(Err(refusal)) => {
                tracing::warn!(signal = name, process, refusal.detail, "a signal did not begin a process")
            }
            None => return Ok(Next::Again),
        }
    }
    Ok(Next::Over)
}

fn later(lane: &Lane, delivery: &Delivery, refusal: &Refusal) -> Next {
    tracing::warn!(id = %delivery.id, refusal.detail, "something that was sent could not be brought; trying again");
    Next::Later(Timestamp(lane.now.0 + RETRY))
}

/// Whether it would be refused for ever. Who is suspended takes it when it is resumed.
fn is_its_own_fault(refusal: &Refusal) -> bool {
    if refusal.code == "instance_suspended" {
        return false;
    }
    match refusal.kind {
        RefusalKind::Forbidden | RefusalKind::NotFound | RefusalKind::Conflict | RefusalKind::Invalid => true,
        RefusalKind::Stale | RefusalKind::Busy | RefusalKind::Internal => false,
    }
}
