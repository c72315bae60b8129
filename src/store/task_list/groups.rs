//! Counts of a task list by what its tasks have in common.

use super::super::connection::Connection;
use super::super::error::StoreError;
use super::super::statement::Statement;
use super::TaskQuery;
use super::lead::{self, Lead};
use crate::model::time::Timestamp;
use diesel::sql_types::{BigInt, Nullable, Text};

/// What tasks are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouped {
    /// Their process.
    Process,
    /// Their node, with its process: `customer-intake/review`.
    Node,
    /// Who has them.
    Assignee,
    /// The groups that they are open for; a task counts in each.
    CandidateGroup,
    /// Whether they are overdue, due before the end of today, later, or never.
    Due {
        /// Now.
        now: Timestamp,
        /// The first instant of tomorrow.
        tomorrow: Timestamp,
    },
}

/// Kinds, none for what has none, each with how many there are of it.
pub type Groups = Vec<(Option<String>, i64)>;

/// How many there are of each kind, by kind; none when the list has more tasks than are few.
pub fn groups(conn: &mut Connection, query: &TaskQuery, by: Grouped) -> Result<Option<Groups>, StoreError> {
    let Some(lead) = lead::lead(conn, query, query.few)? else { return Ok(None) };
    let mut statement = Statement::default();
    lead::with(&mut statement, query, &lead);
    statement.sql("SELECT k.kind, COUNT(*) FROM (SELECT ");
    match by {
        Grouped::Process => statement.sql("t.process"),
        Grouped::Node => statement.sql("t.process || '/' || t.node"),
        Grouped::Assignee => statement.sql("t.assignee"),
        Grouped::CandidateGroup => return by_group(conn, query, &lead).map(Some),
        Grouped::Due { now, tomorrow } => {
            statement.sql("CASE WHEN t.due IS NULL THEN 'never' WHEN t.due <= ").int(now.0);
            statement.sql(" THEN 'overdue' WHEN t.due < ").int(tomorrow.0).sql(" THEN 'today' ELSE 'later' END")
        }
    };
    statement.sql(" AS kind");
    lead::from(&mut statement, query, &lead);
    statement.sql(") AS k GROUP BY k.kind ORDER BY k.kind");
    Ok(Some(statement.load::<(Nullable<Text>, BigInt), (Option<String>, i64)>(conn)?))
}

fn by_group(conn: &mut Connection, query: &TaskQuery, lead: &Lead<'_>) -> Result<Groups, StoreError> {
    let mut statement = Statement::default();
    lead::with(&mut statement, query, lead);
    statement.sql("SELECT g.value, COUNT(*) FROM (SELECT t.id AS id");
    lead::from(&mut statement, query, lead);
    statement.sql(") AS k CROSS JOIN task_candidates AS g WHERE g.business = ").text(query.business.as_str());
    statement.sql(" AND g.task = k.id AND g.kind = 'group' GROUP BY g.value ORDER BY g.value");
    statement.load::<(Nullable<Text>, BigInt), (Option<String>, i64)>(conn)
}
