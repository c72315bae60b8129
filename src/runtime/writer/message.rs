//! A message finds its one receiver: an instance that waits for it, else the process that it begins.

use super::lane::Lane;
use super::verdict::Verdict;
use crate::model::delivery::{Delivery, NewMessage, Received, Sent};
use crate::model::ids::DeliveryId;
use crate::model::json::JsonMap;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::plugins::Stop;
use crate::runtime::library::Library;
use crate::runtime::request::{Change, Outcome};
use crate::runtime::{begins, ids};
use crate::store::{StoreError, deliveries, subscriptions};
use std::sync::Arc;

/// What came of a message.
pub(super) enum Came {
    /// Somebody has it.
    Arrived(Received),
    /// Nobody waits for it.
    Nobody,
    /// Who was to have it could not take it.
    Refused(Refusal),
    /// Somebody else was faster; the job is to be run again.
    Again,
}

/// A message from outside: it is brought at once, else kept, else refused.
pub(super) fn send(lane: &mut Lane, message: &NewMessage) -> Result<Verdict, StoreError> {
    let NewMessage { name, key, payload, ttl } = message;
    let received = match arrive(lane, name, key.as_deref(), payload)? {
        Came::Arrived(received) => received,
        Came::Refused(refusal) => return Ok(Verdict::answer(Err(refusal))),
        Came::Again => return Ok(Verdict::Again),
        Came::Nobody => {
            let known = active(lane)?.is_some_and(|library| begins::knows_message(&library, name));
            if !known {
                return Ok(Verdict::answer(Err(Refusal::not_found("message", name))));
            }
            let Some(ttl) = ttl.as_ref().filter(|ttl| !ttl.is_zero()) else {
                return Ok(Verdict::answer(Err(not_awaited(name, key.as_deref()))));
            };
            let until = ttl.after(lane.now);
            // Who begins to wait at this very moment may not see the row yet: so it is looked at once more after this
            // transaction.
            let kept = Delivery {
                id: DeliveryId(ids::new()),
                business: lane.job.actor.business.clone(),
                what: Sent::Message { name: name.clone(), key: key.clone(), until: Some(until) },
                payload: payload.clone(),
                sender: None,
                due: lane.now,
                looked: 0,
            };
            deliveries::send(lane.conn, &[&kept])?;
            lane.wakes.sent();
            Received::Kept { until }
        }
    };
    Ok(Verdict::answer(Ok(Outcome::Message(received))))
}

/// Brings a message to its receiver.
pub(super) fn arrive(lane: &mut Lane, name: &str, key: Option<&str>, payload: &JsonMap) -> Result<Came, StoreError> {
    if let Some(receiver) = subscriptions::receiver(lane.conn, &lane.job.actor.business, name, key)? {
        let deliver = Change::Deliver { subscription: receiver.subscription, payload: payload.clone() };
        return Ok(match lane.also(deliver)? {
            Some(Ok(_)) => Came::Arrived(Received::Delivered { instance: receiver.instance }),
            Some(Err(refusal)) if refusal.code == "subscription_gone" => Came::Again,
            Some(Err(refusal)) => Came::Refused(refusal),
            None => Came::Again,
        });
    }
    let begin = active(lane)?.and_then(|library| begins::by_message(&library, name, key, payload));
    let Some(begin) = begin else { return Ok(Came::Nobody) };
    Ok(match lane.also(Change::Begin(begin))? {
        Some(Ok(Outcome::Started(new))) => Came::Arrived(Received::Started { instance: new.id }),
        Some(Ok(Outcome::Existing(first))) => Came::Arrived(Received::Existing { instance: first.id }),
        Some(Ok(_)) => Came::Refused(Refusal::new(RefusalKind::Internal, "internal", "a start had another outcome")),
        Some(Err(refusal)) => Came::Refused(refusal),
        None => Came::Again,
    })
}

/// The active revision; none when nothing is deployed, or it cannot be loaded.
pub(super) fn active(lane: &mut Lane) -> Result<Option<Arc<Library>>, StoreError> {
    match lane.shared.libraries.active(lane.conn, &lane.job.actor.business) {
        Ok(library) => Ok(Some(library)),
        Err(Stop::Store(error)) => Err(error),
        Err(Stop::Refused(refusal)) => {
            tracing::debug!(refusal.detail, "no process can be begun");
            Ok(None)
        }
    }
}

fn not_awaited(name: &str, key: Option<&str>) -> Refusal {
    let key = key.map_or(String::new(), |key| format!(" with the key \"{key}\""));
    let sentence = format!("nobody waits for the message \"{name}\"{key}; give it a \"ttl\" to have it kept");
    Refusal::conflict("message_not_awaited", sentence)
}
