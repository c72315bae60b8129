//! Messages and signals: who waits for them, what is on its way, and when a process begins by the clock.

use super::row;

row!(
    /// A message or a signal that an instance waits for.
    SubscriptionRow, subscriptions = "subscriptions", (business, id), {
        business: String,
        id: String,
        root: String,
        instance: String,
        node: String,
        kind: String,
        name: String,
        key: Option<String>,
        business_key: Option<String>,
        opened_at: i64,
        serial: i64,
    }
);

row!(
    /// A message or a signal on its way.
    DeliveryRow, deliveries = "deliveries", (business, id), {
        business: String,
        id: String,
        kind: String,
        name: String,
        key: Option<String>,
        payload: String,
        subscription: Option<String>,
        sender: Option<String>,
        due: i64,
        kept_until: Option<i64>,
        looked: i64,
    }
);

row!(
    /// When a timer at the start of a process begins it next.
    ScheduleRow, schedules = "schedules", (business, process, node, place), {
        business: String,
        process: String,
        node: String,
        place: i64,
        spec: String,
        due: i64,
        remaining: Option<i64>,
    }
);
