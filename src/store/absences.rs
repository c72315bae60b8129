//! Who is away when.

use super::connection::Connection;
use super::error::StoreError;
use super::page::{self, Count};
use super::schema::Row;
use super::schema::organisation::{AbsenceRow, absences};
use super::set::{self, Taken};
use super::statement::Statement;
use super::superiors;
use crate::model::absence::Absence;
use crate::model::ids::{BusinessId, UserId};
use crate::model::time::Timestamp;
use crate::model::window::Window;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::collections::BTreeMap;

/// Which absences are asked for, by id.
#[derive(Debug, Clone)]
pub struct AbsenceQuery {
    /// Their business.
    pub business: BusinessId,
    /// Only those of this person and of people below, at the instant; none: all.
    pub seen_by: Option<(UserId, Timestamp)>,
    /// Of this person.
    pub user: Option<UserId>,
    /// Those that hold at this instant.
    pub at: Option<Timestamp>,
    /// After this id.
    pub after: Option<String>,
    /// At most so many.
    pub limit: i64,
}

/// An absence.
pub fn find(conn: &mut Connection, business: &BusinessId, id: &str) -> Result<Option<Absence>, StoreError> {
    Ok(absences::table.find((business.as_str(), id)).first::<AbsenceRow>(conn).optional()?.map(read))
}

/// Absences after an id.
pub fn search(conn: &mut Connection, query: &AbsenceQuery) -> Result<Vec<Absence>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {}", AbsenceRow::list("t.")));
    filter(&mut statement, query);
    if let Some(after) = &query.after {
        statement.sql(" AND t.id > ").text(after.as_str());
    }
    statement.sql(" ORDER BY t.id LIMIT ").int(query.limit);
    let rows = statement.load::<<AbsenceRow as Row>::Types, AbsenceRow>(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// How many there are, whatever page is asked for.
pub fn count(conn: &mut Connection, query: &AbsenceQuery) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    filter(&mut statement, query);
    page::count(conn, statement)
}

fn filter<'a>(statement: &mut Statement<'a>, query: &'a AbsenceQuery) {
    statement.sql(" FROM absences AS t WHERE t.business = ").text(query.business.as_str());
    if let Some((user, at)) = &query.seen_by {
        statement.sql(" AND (t.user_id = ").text(user.as_str()).sql(" OR t.user_id IN (");
        superiors::those_below(statement, &query.business, user, *at);
        statement.sql("))");
    }
    if let Some(user) = &query.user {
        statement.sql(" AND t.user_id = ").text(user.as_str());
    }
    if let Some(at) = query.at {
        statement.sql(" AND t.valid_from <= ").int(at.0).sql(" AND t.valid_to > ").int(at.0);
    }
}

/// Everybody who is away at an instant, with the end of that absence, the latest when there are several.
pub fn absent(
    conn: &mut Connection,
    business: &BusinessId,
    at: Timestamp,
) -> Result<BTreeMap<UserId, Timestamp>, StoreError> {
    let mut statement = Statement::new("SELECT user_id, CAST(MAX(valid_to) AS BIGINT) FROM absences WHERE business = ");
    statement.text(business.as_str()).sql(" AND valid_to > ").int(at.0).sql(" AND valid_from <= ").int(at.0);
    statement.sql(" GROUP BY user_id");
    let rows = statement.load::<(Text, BigInt), (String, i64)>(conn)?;
    Ok(rows.into_iter().map(|(user, until)| (UserId(user), Timestamp(until))).collect())
}

/// Whether somebody is away for all of a time, by one absence or by several.
pub fn covers(conn: &mut Connection, business: &BusinessId, user: &UserId, time: Window) -> Result<bool, StoreError> {
    let rows = absences::table
        .filter(absences::business.eq(business.as_str()))
        .filter(absences::user_id.eq(user.as_str()))
        .filter(absences::valid_from.lt(time.to.0))
        .filter(absences::valid_to.gt(time.from.0))
        .order(absences::valid_from.asc())
        .load::<AbsenceRow>(conn)?;
    let mut until = time.from.0;
    for row in rows.iter().filter(|row| row.valid_to > time.from.0) {
        if row.valid_from > until {
            return Ok(false);
        }
        until = until.max(row.valid_to);
    }
    Ok(until >= time.to.0)
}

/// Adds an absence or replaces the one with its id.
pub fn upsert(conn: &mut Connection, business: &BusinessId, absence: &Absence) -> Result<(), StoreError> {
    let Absence { id, user, window, note, version } = absence.clone();
    let row = AbsenceRow {
        business: business.0.clone(),
        id,
        user_id: user.0,
        valid_from: window.from.0,
        valid_to: window.to.0,
        note,
        version,
    };
    set::insert(conn, &[row], Taken::Replace)
}

/// Removes an absence.
pub fn delete(conn: &mut Connection, business: &BusinessId, id: &str) -> Result<(), StoreError> {
    set::delete(conn, "absences", &["business", "id"], &[vec![business.as_str(), id]])
}

fn read(row: AbsenceRow) -> Absence {
    Absence {
        id: row.id,
        user: UserId(row.user_id),
        window: Window { from: Timestamp(row.valid_from), to: Timestamp(row.valid_to) },
        note: row.note,
        version: row.version,
    }
}
