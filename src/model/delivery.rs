//! Messages and signals on their way between instances: the outbox. What is sent is written with the change that sends
//! it, and goes with the change that brings it.

use super::ids::{BusinessId, DeliveryId, InstanceId, SubscriptionId};
use super::json::JsonMap;
use super::subscription::Message;
use super::time::{Duration, Timestamp};
use serde::{Deserialize, Serialize};

/// Something that is to be brought to somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// Its id. Of what an instance sent: its root and the place in its history, so that it sorts as it was sent.
    pub id: DeliveryId,
    /// The business.
    pub business: BusinessId,
    /// What it is, and to whom it goes.
    pub what: Sent,
    /// What it brings.
    pub payload: JsonMap,
    /// The root instance that sent it; none: it came from outside.
    pub sender: Option<InstanceId>,
    /// When it is looked at next.
    pub due: Timestamp,
    /// How often somebody looked for a receiver.
    pub looked: i64,
}

/// What was sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Sent {
    /// A message, to one who waits for it, or who is begun by it.
    Message {
        /// Its name.
        name: String,
        /// Its key.
        key: Option<String>,
        /// Until when it is kept when nobody waits for it; none: it is not kept.
        until: Option<Timestamp>,
    },
    /// A signal, to one who waited for it when it was sent.
    Signal {
        /// Its name.
        name: String,
        /// Who waited.
        to: SubscriptionId,
    },
    /// A signal, to the processes that it begins.
    SignalStart {
        /// Its name.
        name: String,
    },
}

/// A message from outside.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Its name.
    pub name: String,
    /// Its key.
    pub key: Option<String>,
    /// What it brings.
    pub payload: JsonMap,
    /// How long it is kept when nobody waits for it; none: it is not.
    pub ttl: Option<Duration>,
}

/// A signal from outside.
#[derive(Debug, Clone)]
pub struct NewSignal {
    /// Its name.
    pub name: String,
    /// What it brings.
    pub payload: JsonMap,
}

/// What became of a message that came from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Received {
    /// An instance that waited for it has it.
    Delivered {
        /// The instance, root or called.
        instance: InstanceId,
    },
    /// It began a process.
    Started {
        /// The new instance.
        instance: InstanceId,
    },
    /// The process that it begins has an instance with this business key already.
    Existing {
        /// The first instance.
        instance: InstanceId,
    },
    /// Nobody waits for it; it is kept.
    Kept {
        /// Until then.
        until: Timestamp,
    },
}

/// A signal that was sent from outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broadcast {
    /// Its name.
    pub name: String,
    /// How many wait for it, in instances.
    pub waiting: usize,
    /// How many processes it begins.
    pub starts: usize,
}

impl Sent {
    /// A message as it was thrown.
    pub fn message(message: &Message) -> Sent {
        Sent::Message { name: message.name.clone(), key: message.key.clone(), until: message.until }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Sent::Message { name, .. } | Sent::Signal { name, .. } | Sent::SignalStart { name } => name,
        }
    }
}
