//! Positions: the hierarchy of people, as it was or is at an instant.

use super::connection::Connection;
use super::error::StoreError;
use super::schema::people::{PositionRow, positions};
use super::set::{self, Taken};
use crate::model::directory::Position;
use crate::model::ids::{BusinessId, UserId};
use crate::model::time::Timestamp;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// All positions of a business, by id, of the past and the future too.
pub fn list(conn: &mut Connection, business: &BusinessId) -> Result<Vec<Position>, StoreError> {
    let rows = positions::table
        .filter(positions::business.eq(business.as_str()))
        .order(positions::id.asc())
        .load::<PositionRow>(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// A position.
pub fn find(conn: &mut Connection, business: &BusinessId, id: &str) -> Result<Option<Position>, StoreError> {
    let found = positions::table.find((business.as_str(), id)).first::<PositionRow>(conn).optional()?;
    Ok(found.map(read))
}

/// Adds a position or replaces the one with its id.
pub fn upsert(conn: &mut Connection, business: &BusinessId, position: &Position) -> Result<(), StoreError> {
    let Position { id, unit, title, user, manager, valid_from, valid_to } = position.clone();
    let row = PositionRow {
        business: business.0.clone(),
        id,
        unit,
        title,
        user_id: user.map(|user| user.0),
        manager,
        valid_from: valid_from.map(|at| at.0),
        valid_to: valid_to.map(|at| at.0),
    };
    set::insert(conn, &[row], Taken::Replace)
}

/// The positions that a user holds at an instant, by id.
pub fn of_user(
    conn: &mut Connection,
    business: &BusinessId,
    user: &UserId,
    at: Timestamp,
) -> Result<Vec<Position>, StoreError> {
    let rows = positions::table
        .filter(positions::business.eq(business.as_str()))
        .filter(positions::user_id.eq(user.as_str()))
        .order(positions::id.asc())
        .load::<PositionRow>(conn)?;
    Ok(rows.into_iter().map(read).filter(|position| holds(position, at)).collect())
}

/// The direct superior of a user at an instant: who holds the nearest position above, vacant ones (nobody in it, or not
/// valid then) skipped. Of several positions of the user the first that leads to somebody else counts. A circle of
/// managers leads to nobody.
pub fn superior(
    conn: &mut Connection,
    business: &BusinessId,
    user: &UserId,
    at: Timestamp,
) -> Result<Option<UserId>, StoreError> {
    for own in of_user(conn, business, user, at)? {
        let mut seen = BTreeSet::from([own.id]);
        let mut above = own.manager;
        while let Some(id) = above.take().filter(|id| seen.insert(id.clone())) {
            let Some(position) = find(conn, business, &id)? else { break };
            if let Some(holder) = position.user.as_ref().filter(|holder| *holder != user && holds(&position, at)) {
                return Ok(Some(holder.clone()));
            }
            above = position.manager;
        }
    }
    Ok(None)
}

fn holds(position: &Position, at: Timestamp) -> bool {
    position.valid_from.is_none_or(|from| from <= at) && position.valid_to.is_none_or(|to| at < to)
}

fn read(row: PositionRow) -> Position {
    Position {
        id: row.id,
        unit: row.unit,
        title: row.title,
        user: row.user_id.map(UserId),
        manager: row.manager,
        valid_from: row.valid_from.map(Timestamp),
        valid_to: row.valid_to.map(Timestamp),
    }
}
