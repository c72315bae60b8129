//! Deliver: what is waited for has happened. What is no longer waited for is refused, so that it happens once.

use crate::engine::error::EngineError;
use crate::engine::happen;
use crate::engine::work::Work;
use crate::model::ids::SubscriptionId;
use crate::model::json::JsonMap;

pub(super) fn deliver(work: &mut Work, subscription: &SubscriptionId, payload: &JsonMap) -> Result<(), EngineError> {
    if !work.instance.subscriptions.contains_key(subscription) {
        return Err(EngineError::SubscriptionGone(subscription.clone()));
    }
    happen::deliver(work, subscription, payload, true);
    Ok(())
}
