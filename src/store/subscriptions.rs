//! Who waits for messages and signals. The rows are written with their roots by the batch write.

use super::connection::Connection;
use super::error::StoreError;
use super::schema::messages::{SubscriptionRow, subscriptions};
use crate::model::ids::{BusinessId, InstanceId, SubscriptionId};
use diesel::prelude::*;

/// The word of a message in `kind`, here and among what is on its way.
pub(super) const MESSAGE: &str = "message";
/// The word of a signal.
pub(super) const SIGNAL: &str = "signal";

/// Somebody who waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receiver {
    /// What it waits for.
    pub subscription: SubscriptionId,
    /// The instance, root or called.
    pub instance: InstanceId,
}

/// Who gets a message: one who waits for its very key; else one who names no key, and whose root has it as its business
/// key when the message has one. Who began to wait first comes first.
pub fn receiver(
    conn: &mut Connection,
    business: &BusinessId,
    name: &str,
    key: Option<&str>,
) -> Result<Option<Receiver>, StoreError> {
    let named = || {
        subscriptions::table
            .filter(subscriptions::business.eq(business.as_str()))
            .filter(subscriptions::kind.eq(MESSAGE))
            .filter(subscriptions::name.eq(name))
            .order((subscriptions::opened_at.asc(), subscriptions::root.asc(), subscriptions::serial.asc()))
            .limit(1)
    };
    let keyless = || named().filter(subscriptions::key.is_null());
    let found = match key {
        Some(key) => match first(named().filter(subscriptions::key.eq(key)).load(conn)?) {
            Some(exact) => Some(exact),
            None => first(keyless().filter(subscriptions::business_key.eq(key)).load(conn)?),
        },
        None => first(keyless().load(conn)?),
    };
    Ok(found)
}

/// The instance that still waits for this; none when it does not.
pub fn find(conn: &mut Connection, business: &BusinessId, id: &SubscriptionId) -> Result<Option<Receiver>, StoreError> {
    Ok(first(subscriptions::table.find((business.as_str(), id.as_str())).load(conn)?))
}

fn first(rows: Vec<SubscriptionRow>) -> Option<Receiver> {
    rows.into_iter().next().map(|row| Receiver { subscription: row.id.into(), instance: row.instance.into() })
}
