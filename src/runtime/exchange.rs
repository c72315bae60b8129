//! What comes to instances from outside or from one another, as a change: sent, brought, or begun by the clock.

use crate::model::delivery::{NewMessage, NewSignal};
use crate::model::ids::{DeliveryId, SubscriptionId};
use crate::model::schedule::Schedule;

/// One step of it.
#[derive(Debug, Clone)]
pub enum Exchange {
    /// A message from outside goes to who waits for it.
    Message(NewMessage),
    /// A signal from outside goes to everybody who waits for it.
    Signal(NewSignal),
    /// What is on its way is brought.
    Bring {
        /// Which.
        delivery: DeliveryId,
        /// Who gets it, when that is fixed.
        to: Option<SubscriptionId>,
    },
    /// A timer at the start of a process is due.
    Begin(Schedule),
}
