//! What an instance sends, as a row of the outbox.

use crate::model::delivery::{Delivery, Sent};
use crate::model::ids::DeliveryId;
use crate::model::instance::Instance;
use crate::model::json::JsonMap;
use crate::model::time::Timestamp;

/// What a root sends with this entry of its history.
pub fn sent(root: &Instance, sequence: i64, what: Sent, payload: &JsonMap, now: Timestamp) -> Delivery {
    Delivery {
        // As wide as a number can be, so that the order of the ids is that in which they were sent.
        id: DeliveryId(format!("{}.{sequence:019}", root.id)),
        business: root.business.clone(),
        what,
        payload: payload.clone(),
        sender: Some(root.id.clone()),
        due: now,
        looked: 0,
    }
}
