//! How the database goes about a statement: its own words, for tests and for whoever asks why something is slow.

use super::connection::Connection;
use super::error::StoreError;
use super::statement::Statement;
use diesel::sql_types::{Integer, Text};

/// What a statement begins with that is explained instead of run.
pub(super) fn explaining(conn: &Connection) -> Statement<'static> {
    Statement::new(match conn {
        Connection::Sqlite(_) => "EXPLAIN QUERY PLAN ",
        Connection::Postgres(_) => "EXPLAIN ",
    })
}

/// The lines of the plan of a statement that [`explaining`] began.
pub(super) fn lines(conn: &mut Connection, statement: Statement<'_>) -> Result<Vec<String>, StoreError> {
    Ok(match conn {
        Connection::Sqlite(_) => {
            let rows = statement.load::<(Integer, Integer, Integer, Text), (i32, i32, i32, String)>(conn)?;
            rows.into_iter().map(|(.., line)| line).collect()
        }
        Connection::Postgres(_) => statement.load::<Text, String>(conn)?,
    })
}
