//! What is on its way: messages and signals that were sent and have not arrived. A row is written with the change that
//! sends it, locked by who brings it, and removed with the change that brings it: so it happens once.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::schema::Row;
use super::schema::messages::{DeliveryRow, SubscriptionRow, deliveries};
use super::set::{self, Taken};
use super::statement::Statement;
use super::subscriptions::{MESSAGE, SIGNAL};
use crate::model::delivery::{Delivery, Sent};
use crate::model::ids::{BusinessId, DeliveryId, SubscriptionId};
use crate::model::time::Timestamp;
use diesel::prelude::*;

/// The word of a signal that begins processes.
const SIGNAL_START: &str = "signal_start";

/// Something that is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The business.
    pub business: BusinessId,
    /// Which.
    pub id: DeliveryId,
    /// Who gets it, when that is fixed.
    pub to: Option<SubscriptionId>,
    /// Since when.
    pub due: Timestamp,
}

/// What is due in all businesses, the oldest first; what comes after one of them, when one is given.
pub fn due(conn: &mut Connection, now: Timestamp, after: Option<&Due>, limit: i64) -> Result<Vec<Due>, StoreError> {
    let (since, id) = after.map_or((i64::MIN, ""), |due| (due.due.0, due.id.as_str()));
    let rows = deliveries::table
        .filter(deliveries::due.le(now.0))
        .filter(deliveries::due.gt(since).or(deliveries::due.eq(since).and(deliveries::id.gt(id))))
        .order((deliveries::due.asc(), deliveries::id.asc()))
        .limit(limit)
        .select((deliveries::business, deliveries::id, deliveries::subscription, deliveries::due))
        .load::<(String, String, Option<String>, i64)>(conn)?;
    let read = |(business, id, to, due): (String, String, Option<String>, i64)| Due {
        business: business.into(),
        id: id.into(),
        to: to.map(SubscriptionId::from),
        due: Timestamp(due),
    };
    Ok(rows.into_iter().map(read).collect())
}

/// When something is due next; none when nothing is on its way.
pub fn next_due(conn: &mut Connection) -> Result<Option<Timestamp>, StoreError> {
    let first = deliveries::table.select(deliveries::due).order(deliveries::due.asc()).limit(1).load::<i64>(conn)?;
    Ok(first.first().map(|due| Timestamp(*due)))
}

/// Takes one in hand until the end of the transaction: nobody else brings it, and who begins to wait for it meanwhile is
/// seen or waits for this transaction. None when it was brought already.
pub fn take(conn: &mut Connection, business: &BusinessId, id: &DeliveryId) -> Result<Option<Delivery>, StoreError> {
    let this = deliveries::table.find((business.as_str(), id.as_str()));
    let taken = diesel::update(this).set(deliveries::looked.eq(deliveries::looked + 1)).execute(conn)?;
    if taken == 0 {
        return Ok(None);
    }
    read(this.first::<DeliveryRow>(conn)?)
}

/// It was brought, or is given up.
pub fn remove(conn: &mut Connection, business: &BusinessId, id: &DeliveryId) -> Result<(), StoreError> {
    diesel::delete(deliveries::table.find((business.as_str(), id.as_str()))).execute(conn)?;
    Ok(())
}

/// It is looked at again at this time.
pub fn postpone(
    conn: &mut Connection,
    business: &BusinessId,
    id: &DeliveryId,
    due: Timestamp,
) -> Result<(), StoreError> {
    let this = deliveries::table.find((business.as_str(), id.as_str()));
    diesel::update(this).set(deliveries::due.eq(due.0)).execute(conn)?;
    Ok(())
}

/// Sends these; a signal goes to everybody outside of its sender's root who waits for it now. How many wait for signals.
pub fn send(conn: &mut Connection, sent: &[&Delivery]) -> Result<usize, StoreError> {
    let rows = sent.iter().map(|delivery| row(delivery)).collect::<Result<Vec<_>, _>>()?;
    set::insert(conn, &rows, Taken::Fail)?;
    let signals: Vec<DeliveryRow> = rows.into_iter().filter(|row| row.kind == SIGNAL_START).collect();
    if signals.is_empty() {
        return Ok(0);
    }
    let mut statement = Statement::new(format!(
        "INSERT INTO deliveries ({}) SELECT i.business, i.id || ':' || s.id, '{SIGNAL}', i.name, i.key, i.payload, s.id, \
         i.sender, i.due, i.kept_until, i.looked FROM (",
        DeliveryRow::list("")
    ));
    set::source(&mut statement, conn, DeliveryRow::COLUMNS, signals.iter().map(Row::cells).collect())?;
    statement.sql(format!(
        ") AS i JOIN subscriptions AS s ON s.business = i.business AND s.kind = '{SIGNAL}' AND s.name = i.name \
         AND (i.sender IS NULL OR s.root <> i.sender)"
    ));
    statement.execute(conn)
}

/// What is kept or held back is looked at again, now that somebody waits for it.
pub(super) fn wake(conn: &mut Connection, opened: &[SubscriptionRow]) -> Result<(), StoreError> {
    let Some(now) = opened.iter().map(|row| row.opened_at).max() else { return Ok(()) };
    let mut statement = Statement::new("UPDATE deliveries SET due = ");
    statement.int(now).sql(" WHERE (business, id) IN (SELECT d.business, d.id FROM (");
    set::source(&mut statement, conn, SubscriptionRow::COLUMNS, opened.iter().map(Row::cells).collect())?;
    statement.sql(
        ") AS i JOIN deliveries AS d ON d.business = i.business AND d.kind = i.kind AND d.name = i.name \
         AND (d.subscription = i.id OR (d.subscription IS NULL \
         AND (d.key = i.key OR (i.key IS NULL AND (d.key IS NULL OR d.key = i.business_key))))))",
    );
    statement.execute(conn)?;
    Ok(())
}

fn row(delivery: &Delivery) -> Result<DeliveryRow, StoreError> {
    let Delivery { id, business, what, payload, sender, due, looked } = delivery;
    let (kind, key, until, to) = match what {
        Sent::Message { key, until, .. } => (MESSAGE, key.clone(), *until, None),
        Sent::Signal { to, .. } => (SIGNAL, None, None, Some(to.0.clone())),
        Sent::SignalStart { .. } => (SIGNAL_START, None, None, None),
    };
    Ok(DeliveryRow {
        business: business.0.clone(),
        id: id.0.clone(),
        kind: kind.to_owned(),
        name: what.name().to_owned(),
        key,
        payload: json::text(payload)?,
        subscription: to,
        sender: sender.as_ref().map(|sender| sender.0.clone()),
        due: due.0,
        kept_until: until.map(|until| until.0),
        looked: *looked,
    })
}

fn read(row: DeliveryRow) -> Result<Option<Delivery>, StoreError> {
    let DeliveryRow { business, id, kind, name, key, payload, subscription, sender, due, kept_until, looked } = row;
    let what = match (kind.as_str(), subscription) {
        (MESSAGE, _) => Sent::Message { name, key, until: kept_until.map(Timestamp) },
        (SIGNAL, Some(to)) => Sent::Signal { name, to: to.into() },
        (SIGNAL_START, _) => Sent::SignalStart { name },
        (kind, _) => {
            let reason = format!("\"{kind}\" is no kind of it");
            return Err(StoreError::Unreadable { what: format!("delivery {id}"), reason });
        }
    };
    let payload = json::read(&payload, "what a delivery brings")?;
    let sender = sender.map(Into::into);
    Ok(Some(Delivery { id: id.into(), business: business.into(), what, payload, sender, due: Timestamp(due), looked }))
}
