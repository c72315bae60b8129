//! Requests for access beyond the rules: added, decided, never deleted; and the predicate of what is open.

use super::connection::Connection;
use super::error::StoreError;
use super::page::{self, Count, Cursor, Page};
use super::schema::Row;
use super::schema::break_glass::BreakGlassRow;
use super::set::{self, Taken};
use super::statement::Statement;
use crate::model::break_glass::{BreakGlass, Right, State, Target};
use crate::model::ids::{BusinessId, InstanceId, RecordId, UserId};
use crate::model::time::Timestamp;

/// Which requests are asked for.
#[derive(Debug, Clone)]
pub struct BreakGlassQuery {
    /// Their business.
    pub business: BusinessId,
    /// What the caller sees of them.
    pub watch: Watch,
    /// In this state.
    pub state: Option<State>,
    /// After this place.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: i64,
}

/// Whose requests somebody sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Watch {
    /// Everybody's.
    All,
    /// This person's, and everybody's for records of these types and instances of these processes.
    Own {
        /// The person.
        user: UserId,
        /// The record types.
        records: Vec<String>,
        /// The processes.
        processes: Vec<String>,
    },
}

/// A request, locked until the end of the transaction.
pub fn lock(conn: &mut Connection, business: &BusinessId, id: &str) -> Result<Option<BreakGlass>, StoreError> {
    let mut statement = selecting(business);
    statement.sql(" AND t.id = ").text(id);
    if matches!(conn, Connection::Postgres(_)) {
        statement.sql(" FOR UPDATE");
    }
    Ok(read_all(conn, &statement)?.pop())
}

/// Adds a request or replaces the one with its id.
pub fn upsert(conn: &mut Connection, business: &BusinessId, glass: &BreakGlass) -> Result<(), StoreError> {
    let (kind, about, target) = match &glass.target {
        Target::Record { record_type, id } => ("record", record_type.clone(), id.0.clone()),
        Target::Instance { process, id } => ("instance", process.clone(), id.0.clone()),
    };
    let row = BreakGlassRow {
        business: business.0.clone(),
        id: glass.id.clone(),
        user_id: glass.user.0.clone(),
        kind: kind.to_owned(),
        about,
        target,
        right_to: glass.right.name().to_owned(),
        reason: glass.reason.clone(),
        state: glass.state.name().to_owned(),
        asked_at: glass.asked_at.0,
        decided_at: glass.decided_at.map(|at| at.0),
        decided_by: glass.decided_by.as_ref().map(|user| user.0.clone()),
        ends_at: glass.ends_at.0,
    };
    set::insert(conn, &[row], Taken::Replace)
}

/// A page of requests, the newest first.
pub fn search(conn: &mut Connection, query: &BreakGlassQuery) -> Result<Page<BreakGlass>, StoreError> {
    let mut statement = selecting(&query.business);
    filter(&mut statement, query);
    if let Some(after) = &query.after {
        statement.sql(" AND (t.asked_at, t.id) < (").int(after.key).sql(", ").text(after.id.as_str()).sql(")");
    }
    statement.sql(" ORDER BY t.asked_at DESC, t.id DESC LIMIT ").int(query.limit.saturating_add(1));
    let found = read_all(conn, &statement)?;
    Ok(Page::cut(found, query.limit, |last| Cursor { key: last.asked_at.0, id: last.id.clone() }))
}

/// How many there are, whatever page is asked for.
pub fn count(conn: &mut Connection, query: &BreakGlassQuery) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    statement.sql(" FROM break_glass AS t WHERE t.business = ").text(query.business.as_str());
    filter(&mut statement, query);
    page::count(conn, statement)
}

/// A select of the records of a type that are open to a person now, or (without a type) of the instances.
pub(super) fn open<'a>(
    statement: &mut Statement<'a>,
    business: &'a BusinessId,
    record_type: Option<&'a str>,
    user: &'a UserId,
    right: Right,
    at: Timestamp,
) {
    statement.sql("SELECT g.target FROM break_glass AS g WHERE g.business = ").text(business.as_str());
    statement.sql(" AND g.user_id = ").text(user.as_str()).sql(" AND g.state = 'open' AND g.kind = ");
    statement.text(if record_type.is_some() { "record" } else { "instance" });
    if let Some(record_type) = record_type {
        statement.sql(" AND g.about = ").text(record_type);
    }
    statement.sql(" AND g.ends_at > ").int(at.0);
    if right == Right::Update {
        statement.sql(" AND g.right_to = 'update'");
    }
}

fn selecting<'a>(business: &'a BusinessId) -> Statement<'a> {
    let mut statement = Statement::new(format!("SELECT {} FROM break_glass AS t", BreakGlassRow::list("t.")));
    statement.sql(" WHERE t.business = ").text(business.as_str());
    statement
}

fn filter<'a>(statement: &mut Statement<'a>, query: &'a BreakGlassQuery) {
    if let Watch::Own { user, records, processes } = &query.watch {
        statement.sql(" AND (t.user_id = ").text(user.as_str());
        statement.sql(" OR (t.kind = 'record' AND t.about").any_of(records);
        statement.sql(") OR (t.kind = 'instance' AND t.about").any_of(processes).sql("))");
    }
    if let Some(state) = query.state {
        statement.sql(" AND t.state = ").text(state.name());
    }
}

fn read_all(conn: &mut Connection, statement: &Statement<'_>) -> Result<Vec<BreakGlass>, StoreError> {
    let rows = statement.load::<<BreakGlassRow as Row>::Types, BreakGlassRow>(conn)?;
    rows.into_iter().map(read).collect()
}

fn read(row: BreakGlassRow) -> Result<BreakGlass, StoreError> {
    let unreadable = |word: &str| StoreError::Unreadable {
        what: format!("break-glass request {}", row.id),
        reason: format!("\"{word}\" is not known"),
    };
    let target = match row.kind.as_str() {
        "record" => Target::Record { record_type: row.about.clone(), id: RecordId(row.target.clone()) },
        "instance" => Target::Instance { process: row.about.clone(), id: InstanceId(row.target.clone()) },
        other => return Err(unreadable(other)),
    };
    let right = [Right::Read, Right::Update].into_iter().find(|right| right.name() == row.right_to);
    Ok(BreakGlass {
        target,
        right: right.ok_or_else(|| unreadable(&row.right_to))?,
        state: State::parse(&row.state).ok_or_else(|| unreadable(&row.state))?,
        id: row.id,
        user: UserId(row.user_id),
        reason: row.reason,
        asked_at: Timestamp(row.asked_at),
        decided_at: row.decided_at.map(Timestamp),
        decided_by: row.decided_by.map(UserId),
        ends_at: Timestamp(row.ends_at),
    })
}
