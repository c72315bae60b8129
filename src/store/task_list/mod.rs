//! Lists of user tasks: pages in any order, counts, and how the database goes about it.
//!
//! A condition that an index answers and that leaves few tasks leads: these are looked up and the others asked of them.
//! Without one, the tasks are walked in order through [`ways`], so many at a time, and what is no part of those ranges is
//! looked at row by row, in at most so many rows as are few. Who sees what is one predicate, whichever way is taken.

mod groups;
mod lead;
mod order;
mod renew;
mod sight;
mod term;
mod walk;
mod ways;

pub use groups::{Grouped, Groups, groups};
pub use order::{Key, TaskOrder};
pub use renew::renew;
pub use term::{Bounds, Column, Term, Value};

use super::connection::Connection;
use super::error::StoreError;
use super::explain;
use super::page::{Count, Cursor, Page};
use super::schema::running::TaskRow;
use super::statement::Statement;
use super::tasks;
use super::visible::{self, Visible};
use crate::model::ids::BusinessId;
use crate::model::task::{TaskState, UserTask};

/// Tasks that are few: so many are looked through for what no index answers.
pub const FEW: i64 = 10_000;

/// Tasks of one process that are looked at before its list is walked.
const HARDLY: i64 = 1_000;

/// Places that are looked at before anything is counted.
const FIRST: i64 = 3_000;

/// Which tasks are asked for.
#[derive(Debug, Clone)]
pub struct TaskQuery {
    /// Their business.
    pub business: BusinessId,
    /// What the caller sees.
    pub visible: Visible,
    /// Only what the caller can work on now: open tasks of the caller, and those free for the caller to take.
    pub actionable: bool,
    /// That meet all of these.
    pub terms: Vec<Term>,
    /// In this order.
    pub order: TaskOrder,
    /// After this place of the same order.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: i64,
    /// Tasks that are few: [`FEW`], but in tests.
    pub few: i64,
}

/// A page of tasks; none when more than few would have to be looked through.
pub fn search(conn: &mut Connection, query: &TaskQuery) -> Result<Option<Page<UserTask>>, StoreError> {
    if let Some(lead) = hardly_any(conn, query)? {
        return lead::page(conn, query, &lead)?.try_map(tasks::read).map(Some);
    }
    let found = match at_once(conn, query)? {
        Some(page) => Some(page),
        None => match plan(conn, query)? {
            Plan::Lead(lead) => Some(lead::page(conn, query, &lead)?),
            Plan::Walk(ways, bounded) => walk::page(conn, query, &ways, bounded.then_some(query.few))?,
        },
    };
    found.map(|page| page.try_map(tasks::read)).transpose()
}

/// What the caller has to do with a process, where that is hardly anything: along the list of the process, or along the
/// caller's own, nearly nothing would be found.
fn hardly_any<'a>(conn: &mut Connection, query: &'a TaskQuery) -> Result<Option<lead::Lead<'a>>, StoreError> {
    let (ways, _) = ways::ways(query);
    let narrowed = ways.iter().all(|way| way.process.is_some());
    if narrowed || query.visible.everything() || ways::one_process(query).is_none() {
        return Ok(None);
    }
    lead::lead(conn, query, query.few.min(HARDLY))
}

/// A page that fills among the first places of the list: most do, and then nothing needs to be counted.
fn at_once(conn: &mut Connection, query: &TaskQuery) -> Result<Option<Page<TaskRow>>, StoreError> {
    let (ways, rest) = ways::ways(query);
    if rest.iter().any(|term| term.leads_alone()) || !ways.iter().all(|way| way.has(query.order.by)) {
        return Ok(None);
    }
    walk::page(conn, query, &ways, Some(query.few.min(FIRST)))
}

/// How many there are, whatever page is asked for; none when more than few would have to be looked through.
pub fn count(conn: &mut Connection, query: &TaskQuery) -> Result<Option<Count>, StoreError> {
    match plan(conn, query)? {
        Plan::Lead(lead) => lead::count(conn, query, &lead).map(Some),
        Plan::Walk(_, true) => Ok(None),
        Plan::Walk(ways, false) => walk::count(conn, query, &ways).map(Some),
    }
}

/// How a list is found.
enum Plan<'a> {
    /// From few that one condition leaves.
    Lead(lead::Lead<'a>),
    /// Along ordered ranges; with a bound when something is left to be looked at row by row.
    Walk(Vec<ways::Way<'a>>, bool),
}

fn plan<'a>(conn: &mut Connection, query: &'a TaskQuery) -> Result<Plan<'a>, StoreError> {
    let (ways, rest) = ways::ways(query);
    let ordered = ways.iter().all(|way| way.has(query.order.by));
    let whole = ways.iter().any(|way| way.of == ways::Of::All);
    let narrow = whole && !query.visible.everything();
    if ordered && rest.is_empty() && !narrow {
        return Ok(Plan::Walk(ways, false));
    }
    if let Some(lead) = lead::lead(conn, query, query.few)? {
        return Ok(Plan::Lead(lead));
    }
    if ordered {
        return Ok(Plan::Walk(ways, !rest.is_empty()));
    }
    let all = ways::states(query).into_iter().map(|state| ways::Way { of: ways::Of::All, state, process: None });
    Ok(Plan::Walk(all.collect(), true))
}

/// `AND …` for what a row `t` must be, beside being of the business.
fn asked<'a>(statement: &mut Statement<'a>, query: &'a TaskQuery) {
    for term in &query.terms {
        statement.sql(" AND ");
        term::condition(statement, term);
    }
    visible::tasks(statement, &query.business, &query.visible);
    if query.actionable {
        sight::actionable(statement, query);
    }
}

/// How the database goes about the first page: its own words, for tests and for whoever asks why a list is slow.
pub fn explain(conn: &mut Connection, query: &TaskQuery) -> Result<Vec<String>, StoreError> {
    let wanted = query.limit.saturating_add(1);
    let mut said = Vec::new();
    let plan = match hardly_any(conn, query)? {
        Some(lead) => Plan::Lead(lead),
        None => plan(conn, query)?,
    };
    match plan {
        Plan::Lead(lead) => {
            let mut statement = explain::explaining(conn);
            lead::statement(&mut statement, query, &lead, wanted);
            said.extend(explain::lines(conn, statement)?);
        }
        Plan::Walk(ways, _) => {
            for phase in ways::phases(query, None) {
                let mut statement = explain::explaining(conn);
                ways::places(&mut statement, query, &ways, phase, None, wanted);
                said.extend(explain::lines(conn, statement)?);
            }
            let none = [Cursor { key: 0, id: String::new() }];
            let mut statement = explain::explaining(conn);
            walk::rows(&mut statement, conn, query, &none)?;
            said.extend(explain::lines(conn, statement)?);
        }
    }
    Ok(said)
}
