//! Positions with their periods: what the hierarchy of people is computed from.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::page::{self, Count};
use super::schema::Row;
use super::schema::organisation::{PeriodRow, PositionRow, position_periods, positions};
use super::set::{self, Taken};
use super::statement::Statement;
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

/// Which positions are asked for, by id.
#[derive(Debug, Clone)]
pub struct PositionQuery {
    /// Their business.
    pub business: BusinessId,
    /// In this unit.
    pub unit: Option<String>,
    /// Held by this person.
    pub user: Option<UserId>,
    /// Valid at this instant; unit and user are those of then. None: at any time.
    pub at: Option<Timestamp>,
    /// After this id.
    pub after: Option<String>,
    /// At most so many.
    pub limit: i64,
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
    together(heads, periods)
}

/// Positions after an id, each with all its periods.
pub fn search(conn: &mut Connection, query: &PositionQuery) -> Result<Vec<Position>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {}", PositionRow::list("t.")));
    filter(&mut statement, query);
    if let Some(after) = &query.after {
        statement.sql(" AND t.id > ").text(after.as_str());
    }
    statement.sql(" ORDER BY t.id LIMIT ").int(query.limit);
    let heads = statement.load::<<PositionRow as Row>::Types, PositionRow>(conn)?;
    let ids: Vec<&String> = heads.iter().map(|head| &head.id).collect();
    let mut statement = Statement::new(format!("SELECT {}", PeriodRow::list("t.")));
    statement.sql(" FROM position_periods AS t WHERE t.business = ").text(query.business.as_str());
    statement.sql(" AND t.position").any_of(ids).sql(" ORDER BY t.position, t.valid_from");
    let periods = statement.load::<<PeriodRow as Row>::Types, PeriodRow>(conn)?;
    together(heads, periods)
}

/// How many there are, whatever page is asked for.
pub fn count(conn: &mut Connection, query: &PositionQuery) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    filter(&mut statement, query);
    page::count(conn, statement)
}

fn filter<'a>(statement: &mut Statement<'a>, query: &'a PositionQuery) {
    statement.sql(" FROM positions AS t WHERE t.business = ").text(query.business.as_str());
    if query.unit.is_none() && query.user.is_none() && query.at.is_none() {
        return;
    }
    statement.sql(" AND t.id IN (SELECT p.position FROM position_periods AS p WHERE p.business = ");
    statement.text(query.business.as_str());
    if let Some(unit) = &query.unit {
        statement.sql(" AND p.unit = ").text(unit.as_str());
    }
    if let Some(user) = &query.user {
        statement.sql(" AND p.user_id = ").text(user.as_str());
    }
    if let Some(at) = query.at {
        statement.sql(" AND p.valid_from <= ").int(at.0).sql(" AND p.valid_to > ").int(at.0);
    }
    statement.sql(")");
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
    Ok(together(vec![head], periods)?.pop())
}

/// Adds positions or replaces those with their ids, all periods included, and computes the superiors anew.
pub fn save(conn: &mut Connection, business: &BusinessId, changed: &[Position]) -> Result<(), StoreError> {
    let head = |position: &Position| PositionRow {
        business: business.0.clone(),
        id: position.id.clone(),
        version: position.version,
    };
    let heads: Vec<PositionRow> = changed.iter().map(head).collect();
    let periods = changed.iter().map(|position| rows(business, position)).collect::<Result<Vec<_>, _>>()?.concat();
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
    rows.into_iter().map(|row| Ok(Held { position: row.position.clone(), period: read(row)? })).collect()
}

fn together(heads: Vec<PositionRow>, rows: Vec<PeriodRow>) -> Result<Vec<Position>, StoreError> {
    let mut periods: BTreeMap<String, Vec<Period>> = BTreeMap::new();
    for row in rows {
        periods.entry(row.position.clone()).or_default().push(read(row)?);
    }
    let position = |head: PositionRow| Position {
        periods: periods.remove(&head.id).unwrap_or_default(),
        id: head.id,
        version: head.version,
    };
    Ok(heads.into_iter().map(position).collect())
}

fn rows(business: &BusinessId, position: &Position) -> Result<Vec<PeriodRow>, StoreError> {
    let row = |period: &Period| {
        Ok(PeriodRow {
            business: business.0.clone(),
            position: position.id.clone(),
            valid_from: period.window.from.0,
            valid_to: period.window.to.0,
            unit: period.unit.clone(),
            title: period.title.clone(),
            user_id: period.user.as_ref().map(|user| user.0.clone()),
            manager: period.manager.clone(),
            limits: json::text(&period.limits)?,
        })
    };
    position.periods.iter().map(row).collect()
}

fn read(row: PeriodRow) -> Result<Period, StoreError> {
    Ok(Period {
        limits: json::read(&row.limits, &format!("position {}", row.position))?,
        window: Window { from: Timestamp(row.valid_from), to: Timestamp(row.valid_to) },
        unit: row.unit,
        title: row.title,
        user: row.user_id.map(UserId),
        manager: row.manager,
    })
}
