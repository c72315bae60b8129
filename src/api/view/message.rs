//! What became of a message or a signal from outside.

use crate::model::delivery::{Broadcast, Received};
use serde::Serialize;
use utoipa::ToSchema;

/// What became of a message.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ReceivedMessage)]
pub(in crate::api) struct MessageView {
    /// `delivered` to an instance that waited, `started` an instance, `existing` when the process that it begins has an
    /// instance with this business key already, `kept` until somebody waits for it.
    state: &'static str,
    /// The instance.
    instance: Option<String>,
    /// Until when it is kept.
    until: Option<String>,
}

/// What became of a signal.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SentSignal)]
pub(in crate::api) struct SignalView {
    /// Its name.
    name: String,
    /// How many wait for it now, and will get it.
    waiting: usize,
    /// How many processes it begins.
    starts: usize,
}

/// Shows what became of a message.
pub(in crate::api) fn message(received: Received) -> MessageView {
    let with =
        |state, instance: crate::model::ids::InstanceId| MessageView { state, instance: Some(instance.0), until: None };
    match received {
        Received::Delivered { instance } => with("delivered", instance),
        Received::Started { instance } => with("started", instance),
        Received::Existing { instance } => with("existing", instance),
        Received::Kept { until } => MessageView { state: "kept", instance: None, until: Some(until.rfc3339()) },
    }
}

/// Shows what became of a signal.
pub(in crate::api) fn signal(told: Broadcast) -> SignalView {
    let Broadcast { name, waiting, starts } = told;
    SignalView { name, waiting, starts }
}
