//! Which condition leads a list: one that an index answers and that leaves few tasks is looked up first, and the others
//! are asked of those few. Decided by counting up to a limit, so that it depends on no statistics.

use super::super::connection::Connection;
use super::super::error::StoreError;
use super::super::page::{self, Count, Page};
use super::super::schema::Row;
use super::super::schema::running::TaskRow;
use super::super::statement::Statement;
use super::term::{self, Term};
use super::ways::{self, Way};
use super::{TaskQuery, TaskState, asked, sight};
use diesel::sql_types::BigInt;

/// So few that nothing better is looked for.
const VERY_FEW: i64 = 200;

/// What leads.
#[derive(Debug, Clone)]
pub(super) enum Lead<'a> {
    /// One of the conditions.
    Term(&'a Term),
    /// The ranges that hold the whole list.
    Ways(Vec<Way<'a>>),
    /// What the caller sees, in these states.
    Sight(Vec<TaskState>),
}

/// What leaves the fewest tasks, when these are no more than `few`.
pub(super) fn lead<'a>(conn: &mut Connection, query: &'a TaskQuery, few: i64) -> Result<Option<Lead<'a>>, StoreError> {
    let terms = query.terms.iter().filter(|term| term.leads()).map(Lead::Term);
    let sight = sight::is_tied(&query.visible).then(|| Lead::Sight(ways::states(query)));
    let mut best: Option<(i64, Lead)> = None;
    for candidate in terms.chain([Lead::Ways(ways::narrowest(query))]).chain(sight) {
        let mut statement = Statement::new("SELECT COUNT(*) FROM (SELECT 1 AS one FROM (");
        ids(&mut statement, query, &candidate, few + 1);
        statement.sql(") AS q LIMIT ").int(few + 1).sql(") AS few");
        let number = statement.load::<BigInt, i64>(conn)?.into_iter().next().unwrap_or(0);
        if number <= few && best.as_ref().is_none_or(|(least, _)| number < *least) {
            best = Some((number, candidate));
        }
        if best.as_ref().is_some_and(|(least, _)| *least <= VERY_FEW) {
            break;
        }
    }
    Ok(best.map(|(_, lead)| lead))
}

/// A page of those that the lead leaves.
pub(super) fn page(conn: &mut Connection, query: &TaskQuery, lead: &Lead<'_>) -> Result<Page<TaskRow>, StoreError> {
    let mut found = Statement::default();
    statement(&mut found, query, lead, query.limit.saturating_add(1));
    let rows = found.load::<<TaskRow as Row>::Types, TaskRow>(conn)?;
    Ok(Page::cut(rows, query.limit, |row| query.order.place(row)))
}

/// The statement of a page.
pub(super) fn statement<'a>(statement: &mut Statement<'a>, query: &'a TaskQuery, lead: &Lead<'a>, limit: i64) {
    with(statement, query, lead);
    statement.sql(format!("SELECT {}", TaskRow::list("t.")));
    from(statement, query, lead);
    let key = query.order.key();
    let (behind, direction) = if query.order.descending { ("<", " DESC") } else { (">", "") };
    if let Some(after) = &query.after {
        statement.sql(format!(" AND ({key}, t.id) {behind} (")).int(after.key).sql(", ");
        statement.text(after.id.as_str()).sql(")");
    }
    statement.sql(format!(" ORDER BY {key}{direction}, t.id{direction} LIMIT ")).int(limit);
}

/// How many of those that the lead leaves belong to the list.
pub(super) fn count(conn: &mut Connection, query: &TaskQuery, lead: &Lead<'_>) -> Result<Count, StoreError> {
    let mut statement = Statement::default();
    with(&mut statement, query, lead);
    statement.sql("SELECT COUNT(*) FROM (SELECT 1 AS one");
    from(&mut statement, query, lead);
    page::count(conn, statement)
}

/// `WITH d(id) AS …`: the ids that the lead leaves, each once. Nothing when it finds the rows themselves.
pub(super) fn with<'a>(statement: &mut Statement<'a>, query: &'a TaskQuery, lead: &Lead<'a>) {
    if lead.rows().is_none() {
        statement.sql("WITH d(id) AS MATERIALIZED (SELECT DISTINCT q.id FROM (");
        ids(statement, query, lead, query.few + 1);
        statement.sql(") AS q) ");
    }
}

/// `FROM` the rows that the lead leaves and that belong to the list.
pub(super) fn from<'a>(statement: &mut Statement<'a>, query: &'a TaskQuery, lead: &Lead<'a>) {
    let business = query.business.as_str();
    if let Some(term) = lead.rows() {
        // Behind the LIMIT inside nothing else can choose the index.
        statement.sql(" FROM (");
        term::rows(statement, business, term, query.few + 1);
        statement.sql(") AS t WHERE TRUE");
    } else {
        // CROSS JOIN keeps SQLite from turning the tables round.
        statement.sql(" FROM d CROSS JOIN user_tasks AS t WHERE t.business = ").text(business).sql(" AND t.id = d.id");
    }
    asked(statement, query);
}

impl<'a> Lead<'a> {
    /// The condition whose index finds rows, so that none has to be looked up by its id once more.
    fn rows(&self) -> Option<&'a Term> {
        if let Lead::Term(term) = self { Some(*term).filter(|term| term.finds_rows()) } else { None }
    }
}

/// At most so many a way.
fn ids<'a>(statement: &mut Statement<'a>, query: &'a TaskQuery, lead: &Lead<'a>, most: i64) {
    match lead {
        Lead::Term(term) => term::ids(statement, query.business.as_str(), term, most),
        Lead::Ways(ways) => ways::ids(statement, query, ways, most),
        Lead::Sight(states) => sight::ids(statement, query, states, most),
    }
}
