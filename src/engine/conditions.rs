//! Conditional events: whenever variables have changed, the conditions that are waited for are looked at. One happens
//! when it becomes true. A name that nothing has set yet is no mistake here: what it says is not true yet.

use super::happen;
use super::scope;
use super::work::Work;
use crate::model::event::Event;
use crate::model::event_definition::Trigger;
use crate::model::ids::SubscriptionId;
use crate::model::json::{Json, JsonMap};
use crate::model::subscription::Awaited;

/// Looks at every condition that is waited for, if variables have changed; not while an atomic block is carried out,
/// since what it sets may be taken back.
pub(super) fn fire(work: &mut Work) {
    while work.changed && work.ask.is_none() && scope::open_block(work).is_none() {
        work.changed = false;
        for id in waiting(work) {
            let Some(subscription) = work.instance.subscriptions.get(&id) else { continue };
            let Awaited::Condition { holds } = subscription.awaits else { continue };
            let now = is_true(work, &id);
            if now != holds {
                work.emit(Event::ConditionTurned { subscription: id.clone(), holds: now });
            }
            if now && !holds {
                happen::deliver(work, &id, &JsonMap::new(), false);
            }
        }
    }
}

fn waiting(work: &Work) -> Vec<SubscriptionId> {
    let all = work.instance.subscriptions.values();
    all.filter(|one| matches!(one.awaits, Awaited::Condition { .. })).map(|one| one.id.clone()).collect()
}

fn is_true(work: &Work, id: &SubscriptionId) -> bool {
    let Some(one) = work.instance.subscriptions.get(id) else { return false };
    let condition = happen::trigger_of(work, one.holder, &one.node, one.trigger);
    let (Some(Trigger::Condition(condition)), Some(scope)) = (condition, happen::scope_of(work, one.holder)) else {
        return false;
    };
    matches!(work.evaluate(scope, &condition, None), Ok(Json::Bool(true)))
}
