//! Who acts for whom when. One step only: who stands in for a substitute does not stand in for those the substitute
//! stands in for, since authority is given to a person, not to whoever that person may choose.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::page::{self, Count};
use super::schema::Row;
use super::schema::organisation::{SubstitutionRow, substitutions};
use super::set::{self, Taken};
use super::statement::Statement;
use super::superiors;
use crate::model::absence::Substitution;
use crate::model::ids::{BusinessId, UserId};
use crate::model::time::Timestamp;
use crate::model::window::Window;
use diesel::prelude::*;

/// Which substitutions are asked for, by id.
#[derive(Debug, Clone)]
pub struct SubstitutionQuery {
    /// Their business.
    pub business: BusinessId,
    /// Only those by or for this person, and for people below, at the instant; none: all.
    pub seen_by: Option<(UserId, Timestamp)>,
    /// By this person.
    pub user: Option<UserId>,
    /// For this person.
    pub for_user: Option<UserId>,
    /// Those that hold at this instant.
    pub at: Option<Timestamp>,
    /// After this id.
    pub after: Option<String>,
    /// At most so many.
    pub limit: i64,
}

/// A substitution.
pub fn find(conn: &mut Connection, business: &BusinessId, id: &str) -> Result<Option<Substitution>, StoreError> {
    substitutions::table.find((business.as_str(), id)).first::<SubstitutionRow>(conn).optional()?.map(read).transpose()
}

/// Substitutions after an id.
pub fn search(conn: &mut Connection, query: &SubstitutionQuery) -> Result<Vec<Substitution>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {}", SubstitutionRow::list("t.")));
    filter(&mut statement, query);
    if let Some(after) = &query.after {
        statement.sql(" AND t.id > ").text(after.as_str());
    }
    statement.sql(" ORDER BY t.id LIMIT ").int(query.limit);
    let rows = statement.load::<<SubstitutionRow as Row>::Types, SubstitutionRow>(conn)?;
    rows.into_iter().map(read).collect()
}

/// How many there are, whatever page is asked for.
pub fn count(conn: &mut Connection, query: &SubstitutionQuery) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    filter(&mut statement, query);
    page::count(conn, statement)
}

fn filter<'a>(statement: &mut Statement<'a>, query: &'a SubstitutionQuery) {
    statement.sql(" FROM substitutions AS t WHERE t.business = ").text(query.business.as_str());
    if let Some((user, at)) = &query.seen_by {
        statement.sql(" AND (t.user_id = ").text(user.as_str()).sql(" OR t.for_user = ").text(user.as_str());
        statement.sql(" OR t.for_user IN (");
        superiors::those_below(statement, &query.business, user, *at);
        statement.sql("))");
    }
    if let Some(user) = &query.user {
        statement.sql(" AND t.user_id = ").text(user.as_str());
    }
    if let Some(for_user) = &query.for_user {
        statement.sql(" AND t.for_user = ").text(for_user.as_str());
    }
    if let Some(at) = query.at {
        statement.sql(" AND t.valid_from <= ").int(at.0).sql(" AND t.valid_to > ").int(at.0);
    }
}

/// For whom a person acts at an instant, by login of these.
pub fn acting_for(
    conn: &mut Connection,
    business: &BusinessId,
    user: &UserId,
    at: Timestamp,
) -> Result<Vec<Substitution>, StoreError> {
    let rows = substitutions::table
        .filter(substitutions::business.eq(business.as_str()))
        .filter(substitutions::user_id.eq(user.as_str()))
        .filter(substitutions::valid_from.le(at.0))
        .filter(substitutions::valid_to.gt(at.0))
        .order((substitutions::for_user.asc(), substitutions::id.asc()))
        .load::<SubstitutionRow>(conn)?;
    rows.into_iter().map(read).collect()
}

/// Who acts for a person at an instant, by login of these.
pub fn substitutes_of(
    conn: &mut Connection,
    business: &BusinessId,
    user: &UserId,
    at: Timestamp,
) -> Result<Vec<Substitution>, StoreError> {
    let rows = substitutions::table
        .filter(substitutions::business.eq(business.as_str()))
        .filter(substitutions::for_user.eq(user.as_str()))
        .filter(substitutions::valid_from.le(at.0))
        .filter(substitutions::valid_to.gt(at.0))
        .order((substitutions::user_id.asc(), substitutions::id.asc()))
        .load::<SubstitutionRow>(conn)?;
    rows.into_iter().map(read).collect()
}

/// All that hold at any instant of a time, by id.
pub fn within(conn: &mut Connection, business: &BusinessId, time: Window) -> Result<Vec<Substitution>, StoreError> {
    let rows = substitutions::table
        .filter(substitutions::business.eq(business.as_str()))
        .filter(substitutions::valid_to.gt(time.from.0))
        .filter(substitutions::valid_from.lt(time.to.0))
        .order(substitutions::id.asc())
        .load::<SubstitutionRow>(conn)?;
    rows.into_iter().map(read).collect()
}

/// Adds a substitution or replaces the one with its id.
pub fn upsert(conn: &mut Connection, business: &BusinessId, substitution: &Substitution) -> Result<(), StoreError> {
    let Substitution { id, user, for_user, window, limits, processes, version } = substitution.clone();
    let row = SubstitutionRow {
        business: business.0.clone(),
        id,
        user_id: user.0,
        for_user: for_user.0,
        valid_from: window.from.0,
        valid_to: window.to.0,
        limits: json::text(&limits)?,
        processes: processes.map(|processes| json::text(&processes)).transpose()?,
        version,
    };
    set::insert(conn, &[row], Taken::Replace)
}

/// Removes a substitution.
pub fn delete(conn: &mut Connection, business: &BusinessId, id: &str) -> Result<(), StoreError> {
    set::delete(conn, "substitutions", &["business", "id"], &[vec![business.as_str(), id]])
}

fn read(row: SubstitutionRow) -> Result<Substitution, StoreError> {
    let what = format!("substitution {}", row.id);
    Ok(Substitution {
        limits: json::read(&row.limits, &what)?,
        processes: row.processes.map(|text| json::read(&text, &what)).transpose()?,
        id: row.id,
        user: UserId(row.user_id),
        for_user: UserId(row.for_user),
        window: Window { from: Timestamp(row.valid_from), to: Timestamp(row.valid_to) },
        version: row.version,
    })
}
