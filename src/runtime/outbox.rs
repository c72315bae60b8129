//! What an instance sends and waits for, as rows: the outbox and the subscriptions.

use crate::model::delivery::{Delivery, Sent};
use crate::model::event::Event;
use crate::model::ids::DeliveryId;
use crate::model::instance::Instance;
use crate::model::json::JsonMap;
use crate::model::subscription::Subscription;
use crate::model::time::Timestamp;
use crate::store::writes::{Inside, Opened, Writes};

/// Adds the rows of an event of the history of a root, at its place there.
pub fn project(root: &Instance, sequence: i64, event: &Event, now: Timestamp, writes: &mut Writes) {
    match event {
        Event::SubscriptionOpened { subscription } => writes.subscriptions_opened.push(opened(root, subscription, now)),
        Event::SubscriptionClosed { subscription } => {
            writes.subscriptions_closed.push(inside(root, subscription.clone()));
        }
        Event::MessageThrown { message, .. } => {
            writes.sent.push(sent(root, sequence, Sent::message(message), &message.payload, now));
        }
        Event::SignalThrown { name, payload, .. } => {
            writes.sent.push(sent(root, sequence, Sent::SignalStart { name: name.clone() }, payload, now));
        }
        // What else happens is neither sent nor waited for.
        _ => {}
    }
}

/// The row of what a root waits for.
pub fn opened(root: &Instance, subscription: &Subscription, now: Timestamp) -> Inside<Opened> {
    let business_key = root.business_key.clone();
    inside(root, Opened { subscription: subscription.clone(), business_key, at: now })
}

fn sent(root: &Instance, sequence: i64, what: Sent, payload: &JsonMap, now: Timestamp) -> Inside<Delivery> {
    let delivery = Delivery {
        // As wide as a number can be, so that the order of the ids is that in which they were sent.
        id: DeliveryId(format!("{}.{sequence:019}", root.id)),
        business: root.business.clone(),
        what,
        payload: payload.clone(),
        sender: Some(root.id.clone()),
        due: now,
        looked: 0,
    };
    inside(root, delivery)
}

fn inside<T>(root: &Instance, item: T) -> Inside<T> {
    Inside { business: root.business.clone(), root: root.id.clone(), item }
}
