//! Walking a list in its order: places come from index ranges, so many at a time; their rows are asked for whether they
//! belong to it.

use super::super::connection::Connection;
use super::super::error::StoreError;
use super::super::page::{self, Count, MOST_COUNTED, Page};
use super::super::schema::running::TaskRow;
use super::super::schema::{Cell, Column, Kind, Row};
use super::super::set;
use super::super::statement::Statement;
use super::order::Place;
use super::ways::{self, Way};
use super::{TaskQuery, asked, sight};
use std::collections::BTreeMap;

/// Places that are asked for at once, at most.
const AT_ONCE: i64 = 2_500;

/// A page; none when it is bounded and not full after so many places.
pub(super) fn page(
    conn: &mut Connection,
    query: &TaskQuery,
    ways: &[Way<'_>],
    bound: Option<i64>,
) -> Result<Option<Page<TaskRow>>, StoreError> {
    let wanted = query.limit.saturating_add(1);
    let (mut found, mut after) = (Vec::new(), query.after.clone());
    let (mut looked, mut more) = (0, wanted);
    loop {
        if let Some(bound) = bound {
            more = more.min(bound - looked);
        }
        let places = ways::next(conn, query, ways, after.as_ref(), more)?;
        found.extend(of(conn, query, &places)?);
        let got = i64::try_from(places.len()).unwrap_or(i64::MAX);
        looked += got;
        if i64::try_from(found.len()).unwrap_or(i64::MAX) >= wanted || got < more {
            return Ok(Some(Page::cut(found, query.limit, |row| query.order.place(row))));
        }
        if bound.is_some_and(|bound| looked >= bound) {
            return Ok(None);
        }
        after = places.last().cloned();
        more = more.saturating_mul(4).min(AT_ONCE);
    }
}

/// How many there are: every place of the ranges once, and only those that are seen.
pub(super) fn count(conn: &mut Connection, query: &TaskQuery, ways: &[Way<'_>]) -> Result<Count, StoreError> {
    let most = MOST_COUNTED + 1;
    let business = query.business.as_str();
    let mut statement = page::counting();
    if ways.iter().any(|way| way.of == ways::Of::All) {
        statement.sql(" FROM user_tasks AS t WHERE t.business = ").text(business);
        let states: Vec<&str> = ways.iter().map(|way| way.state.name()).collect();
        statement.sql(" AND t.state").any_of(&states);
        asked(&mut statement, query);
        return page::count(conn, statement);
    }
    let own = ways::own(ways, &query.visible.user, &query.visible.roles) && query.visible.sees_own_work();
    let suspended = query.actionable && sight::anything_suspended(conn, &query.business)?;
    statement.sql(" FROM (SELECT DISTINCT q.id FROM (");
    // Each range is cut off where counting ends, unless something of it may not count.
    let known = (query.visible.everything() || own) && !suspended;
    ways::ids(&mut statement, query, ways, if known { most } else { i64::MAX });
    statement.sql(") AS q) AS d");
    if !known {
        statement.sql(" CROSS JOIN user_tasks AS t WHERE t.business = ").text(business).sql(" AND t.id = d.id");
        asked(&mut statement, query);
    }
    page::count(conn, statement)
}

/// The rows at these places that belong to the list, in order.
fn of(conn: &mut Connection, query: &TaskQuery, places: &[Place]) -> Result<Vec<TaskRow>, StoreError> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::default();
    rows(&mut statement, conn, query, places)?;
    let rows = statement.load::<<TaskRow as Row>::Types, TaskRow>(conn)?;
    let mut rows: BTreeMap<String, TaskRow> = rows.into_iter().map(|row| (row.id.clone(), row)).collect();
    Ok(places.iter().filter_map(|place| rows.remove(&place.id)).collect())
}

/// The statement for the rows at these places.
pub(super) fn rows<'a>(
    statement: &mut Statement<'a>,
    conn: &Connection,
    query: &'a TaskQuery,
    places: &'a [Place],
) -> Result<(), StoreError> {
    const ID: [Column; 1] = [Column { name: "id", kind: Kind::Text }];
    statement.sql(format!("SELECT {} FROM (", TaskRow::list("t.")));
    set::source(statement, conn, &ID, places.iter().map(|place| vec![Cell::Text(Some(&place.id))]).collect())?;
    // CROSS JOIN keeps SQLite from turning the tables round.
    statement.sql(") AS d CROSS JOIN user_tasks AS t WHERE t.business = ").text(query.business.as_str());
    statement.sql(" AND t.id = d.id");
    asked(statement, query);
    Ok(())
}
