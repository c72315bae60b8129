//! Positions with their periods: what the hierarchy of people is computed from.

use super::connection::Connection;
use super::error::StoreError;
use super::schema::people::{PeriodRow, PositionRow, position_periods, positions};
use super::set::{self, Taken};
use super::superiors;
use super::transaction::transaction;
use crate::model::directory::{Period, Position};
use crate::model::ids::{BusinessId, UserId};
use crate::model::time::Timestamp;
use crate::model::window::Window;
use diesel::prelude::*;
use std::collections::BTreeMap;

/// A position that somebody holds, as it is then.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// The position.
    pub position: String,
    /// What it is then.
    pub period: Period,
}

/// All positions of a business, by id, those of the past and the future too.
pub fn list(conn: &mut Connection, business: &BusinessId) -> Result<Vec<Position>, StoreError> {
    let heads = positions::table
        .filter(positions::business.eq(business.as_str()))
        .order(positions::id.asc())
        .load::<PositionRow>(conn)?;
    let periods = position_periods::table
        .filter(position_periods::business.eq(business.as_str()))
        .order((position_periods::position.asc(), position_periods::valid_from.asc()))
        .load::<PeriodRow>(conn)?;
    Ok(together(heads, periods))
}

/// A position.
pub fn find(conn: &mut Connection, business: &BusinessId, id: &str) -> Result<Option<Position>, StoreError> {
    let Some(head) = positions::table.find((business.as_str(), id)).first::<PositionRow>(conn).optional()? else {
        return Ok(None);
    };
    let periods = position_periods::table
        .filter(position_periods::business.eq(business.as_str()))
        .filter(position_periods::position.eq(id))
        .order(position_periods::valid_from.asc())
        .load::<PeriodRow>(conn)?;
    Ok(together(vec![head], periods).pop())
}

/// Adds positions or replaces those with their ids, all periods included, and computes the superiors anew.
pub fn save(conn: &mut Connection, business: &BusinessId, changed: &[Position]) -> Result<(), StoreError> {
    let head = |position: &Position| PositionRow {
        business: business.0.clone(),
        id: position.id.clone(),
        version: position.version,
    };
    let heads: Vec<PositionRow> = changed.iter().map(head).collect();
    let periods: Vec<PeriodRow> = changed.iter().flat_map(|position| rows(business, position)).collect();
    let keys: Vec<Vec<&str>> = changed.iter().map(|position| vec![business.as_str(), position.id.as_str()]).collect();
    transaction(conn, |conn| {
        superiors::lock(conn, business)?;
        set::insert(conn, &heads, Taken::Replace)?;
        set::delete(conn, "position_periods", &["business", "position"], &keys)?;
        set::insert(conn, &periods, Taken::Fail)?;
        superiors::rebuild(conn, business)
    })
}

/// The positions that a user holds at an instant, by id.
pub fn of_user(
    conn: &mut Connection,
    business: &BusinessId,
    user: &UserId,
    at: Timestamp,
) -> Result<Vec<Held>, StoreError> {
    let rows = position_periods::table
        .filter(position_periods::business.eq(business.as_str()))
        .filter(position_periods::user_id.eq(user.as_str()))
        .filter(position_periods::valid_from.le(at.0))
        .filter(position_periods::valid_to.gt(at.0))
        .order(position_periods::position.asc())
        .load::<PeriodRow>(conn)?;
    Ok(rows.into_iter().map(|row| Held { position: row.position.clone(), period: read(row) }).collect())
}

fn together(heads: Vec<PositionRow>, rows: Vec<PeriodRow>) -> Vec<Position> {
    let mut periods: BTreeMap<String, Vec<Period>> = BTreeMap::new();
    for row in rows {
        periods.entry(row.position.clone()).or_default().push(read(row));
    }
    let position = |head: PositionRow| Position {
        periods: periods.remove(&head.id).unwrap_or_default(),
        id: head.id,
        version: head.version,
    };
    heads.into_iter().map(position).collect()
}

fn rows(business: &BusinessId, position: &Position) -> Vec<PeriodRow> {
    let row = |period: &Period| PeriodRow {
        business: business.0.clone(),
        position: position.id.clone(),
        valid_from: period.window.from.0,
        valid_to: period.window.to.0,
        unit: period.unit.clone(),
        title: period.title.clone(),
        user_id: period.user.as_ref().map(|user| user.0.clone()),
        manager: period.manager.clone(),
    };
    position.periods.iter().map(row).collect()
}

fn read(row: PeriodRow) -> Period {
    Period {
        window: Window { from: Timestamp(row.valid_from), to: Timestamp(row.valid_to) },
        unit: row.unit,
        title: row.title,
        user: row.user_id.map(UserId),
        manager: row.manager,
    }
}
