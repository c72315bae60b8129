//! Answers that were given under an idempotency key, so that the same request gets the same answer.

use super::connection::Connection;
use super::error::StoreError;
use super::schema::service::{IdempotencyRow, idempotency};
use super::schema::{Cell, Column, Kind, Row};
use super::statement::Statement;
use super::{json, set};
use crate::model::ids::BusinessId;
use crate::model::json::Json;
use crate::model::time::Timestamp;
use diesel::prelude::*;

/// Where a key holds: the same text from another caller or on another route is another key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The business.
    pub business: BusinessId,
    /// Who asked.
    pub caller: String,
    /// What for.
    pub route: String,
    /// The key.
    pub key: String,
}

/// An answer that was given.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The key.
    pub place: Place,
    /// The hash of the request's body: another body under the same key is refused.
    pub body_hash: String,
    /// The answer.
    pub outcome: Json,
    /// When.
    pub created_at: Timestamp,
}

/// The answers given under these keys, in one statement; unused keys are left out.
pub fn find(conn: &mut Connection, places: &[Place]) -> Result<Vec<Kept>, StoreError> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let columns = ["business", "caller", "route", "key"].map(|name| Column { name, kind: Kind::Text });
    let keys = places.iter().map(|place| place.texts().map(|text| Cell::Text(Some(text))).to_vec()).collect();
    let mut statement = Statement::new(format!("SELECT {} FROM (", IdempotencyRow::list("t.")));
    set::source(&mut statement, conn, &columns, keys)?;
    statement.sql(
        ") AS i JOIN idempotency AS t \
         ON t.business = i.business AND t.caller = i.caller AND t.route = i.route AND t.key = i.key",
    );
    let rows = statement.load::<<IdempotencyRow as Row>::Types, IdempotencyRow>(conn)?;
    rows.into_iter().map(read).collect()
}

/// Keeps an answer; a unique violation when the key is taken.
pub fn insert(conn: &mut Connection, kept: &Kept) -> Result<(), StoreError> {
    set::insert(conn, &[row(kept)?], set::Taken::Fail)
}

/// Forgets the answers given before this instant; how many.
pub fn prune(conn: &mut Connection, before: Timestamp) -> Result<usize, StoreError> {
    Ok(diesel::delete(idempotency::table.filter(idempotency::created_at.lt(before.0))).execute(conn)?)
}

impl Place {
    /// Business, caller, route and key.
    pub(super) fn texts(&self) -> [&str; 4] {
        [self.business.as_str(), &self.caller, &self.route, &self.key]
    }
}

pub(super) fn row(kept: &Kept) -> Result<IdempotencyRow, StoreError> {
    let Kept { place: Place { business, caller, route, key }, body_hash, outcome, created_at } = kept;
    Ok(IdempotencyRow {
        business: business.0.clone(),
        caller: caller.clone(),
        route: route.clone(),
        key: key.clone(),
        body_hash: body_hash.clone(),
        outcome: json::text(outcome)?,
        created_at: created_at.0,
    })
}

fn read(row: IdempotencyRow) -> Result<Kept, StoreError> {
    Ok(Kept {
        outcome: json::read(&row.outcome, "an answer under an idempotency key")?,
        place: Place { business: row.business.into(), caller: row.caller, route: row.route, key: row.key },
        body_hash: row.body_hash,
        created_at: Timestamp(row.created_at),
    })
}
