//! Set-based writes: many rows, one statement text for every number of rows.
//!
//! To PostgreSQL the rows travel together, as one array a column (`UNNEST`). SQLite is in this very process: it gets them one by
//! one, each by the same prepared statement. Where one statement must know all rows they travel as one JSON text (`json_each`),
//! which SQLite reads anew for each of its columns.

use super::connection::Connection;
use super::error::StoreError;
use super::schema::{Cell, Column, Kind, Row};
use super::statement::{Statement, has_nul};
use diesel::sql_types::Text;

/// What an insert does when the primary key is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// Fails with a unique violation.
    Fail,
    /// Leaves the row that is there.
    Skip,
    /// Replaces the row that is there, in the columns that the new row has.
    Replace,
}

/// Inserts rows.
pub(super) fn insert<R: Row>(conn: &mut Connection, rows: &[R], taken: Taken) -> Result<(), StoreError> {
    for some in together(conn, rows) {
        insertion(conn, some, taken)?.execute(conn)?;
    }
    Ok(())
}

/// The rows in as many pieces as there are statements for them.
pub(super) fn together<'r, R>(conn: &Connection, rows: &'r [R]) -> std::slice::Chunks<'r, R> {
    rows.chunks(match conn {
        Connection::Sqlite(_) => 1,
        Connection::Postgres(_) => rows.len().max(1),
    })
}

/// The statement of an insert, for a caller that goes on with RETURNING.
pub(super) fn insertion<'a, R: Row>(
    conn: &Connection,
    rows: &'a [R],
    taken: Taken,
) -> Result<Statement<'a>, StoreError> {
    let mut statement = Statement::new(format!("INSERT INTO {} ({}) SELECT * FROM (", R::TABLE, R::list("")));
    source(&mut statement, conn, R::COLUMNS, rows.iter().map(R::cells).collect())?;
    // SQLite would read ON as the beginning of a join without the WHERE.
    statement.sql(") AS i WHERE TRUE");
    match taken {
        Taken::Fail => {}
        Taken::Skip => {
            statement.sql(" ON CONFLICT DO NOTHING");
        }
        Taken::Replace => {
            let sets = assignments::<R>("excluded.");
            statement.sql(format!(" ON CONFLICT ({}) DO UPDATE SET {sets}", quoted(R::KEY)));
        }
    }
    Ok(statement)
}

/// Changes rows which have a `version`, each only when it is at the version before; the ids of those it changed. Locks are taken in the order of the keys, so that two writers never wait for each
/// other in a circle.
pub(super) fn update_guarded<R: Row>(conn: &mut Connection, rows: &[R]) -> Result<Vec<String>, StoreError> {
    let mut changed = Vec::new();
    for some in together(conn, rows) {
        changed.extend(guarded(conn, some)?.load::<Text, String>(conn)?);
    }
    Ok(changed)
}

fn guarded<'a, R: Row>(conn: &Connection, rows: &'a [R]) -> Result<Statement<'a>, StoreError> {
    let table = R::TABLE;
    let same = same_key::<R>();
    let cells = rows.iter().map(R::cells).collect();
    let mut statement = Statement::default();
    let returned = match conn {
        Connection::Sqlite(_) => {
            statement.sql(format!("UPDATE {table} AS t SET {} FROM (", assignments::<R>("i.")));
            source(&mut statement, conn, R::COLUMNS, cells)?;
            statement.sql(") AS i");
            "id"
        }
        Connection::Postgres(_) => {
            let order = joined(R::KEY, ", ", |key| format!("t.\"{key}\""));
            statement.sql("WITH i AS MATERIALIZED (SELECT i.* FROM (");
            source(&mut statement, conn, R::COLUMNS, cells)?;
            statement.sql(format!(
                ") AS i JOIN {table} AS t ON {same} AND t.version = i.version - 1 ORDER BY {order} FOR NO KEY UPDATE OF t) \
                 UPDATE {table} AS t SET {} FROM i",
                assignments::<R>("i.")
            ));
            "t.id"
        }
    };
    statement.sql(format!(" WHERE {same} AND t.version = i.version - 1 RETURNING {returned}"));
    Ok(statement)
}

/// Changes the columns of rows that are there.
pub(super) fn update<R: Row>(conn: &mut Connection, rows: &[R]) -> Result<(), StoreError> {
    for some in together(conn, rows) {
        let mut statement = Statement::new(format!("UPDATE {} AS t SET {} FROM (", R::TABLE, assignments::<R>("i.")));
        source(&mut statement, conn, R::COLUMNS, some.iter().map(R::cells).collect())?;
        statement.sql(format!(") AS i WHERE {}", same_key::<R>()));
        statement.execute(conn)?;
    }
    Ok(())
}

/// Deletes the rows of a table whose columns `columns`, all texts, have one of these lists of values.
pub(super) fn delete(
    conn: &mut Connection,
    table: &str,
    columns: &[&'static str],
    values: &[Vec<&str>],
) -> Result<(), StoreError> {
    let kinds: Vec<Column> = columns.iter().map(|name| Column { name, kind: Kind::Text }).collect();
    for some in together(conn, values) {
        let cells = some.iter().map(|row| row.iter().map(|text| Cell::Text(Some(text))).collect()).collect();
        let mut statement = Statement::new(format!("DELETE FROM {table} WHERE ({}) IN (", quoted(columns)));
        source(&mut statement, conn, &kinds, cells)?;
        statement.sql(")").execute(conn)?;
    }
    Ok(())
}

/// Deletes the rows with the keys of these.
pub(super) fn delete_rows<R: Row>(conn: &mut Connection, rows: &[R]) -> Result<(), StoreError> {
    let places = R::COLUMNS.iter().enumerate().filter(|(_, column)| R::KEY.contains(&column.name));
    let (places, columns): (Vec<usize>, Vec<Column>) = places.unzip();
    for some in together(conn, rows) {
        let cells = some.iter().map(|row| {
            let cells = row.cells();
            places.iter().map(|place| cells[*place]).collect()
        });
        let mut statement = Statement::new(format!("DELETE FROM {} WHERE ({}) IN (", R::TABLE, quoted(R::KEY)));
        source(&mut statement, conn, &columns, cells.collect())?;
        statement.sql(")").execute(conn)?;
    }
    Ok(())
}

/// Rows given by the caller as a sub-select with these column names.
pub(super) fn source<'a>(
    statement: &mut Statement<'a>,
    conn: &Connection,
    columns: &[Column],
    rows: Vec<Vec<Cell<'a>>>,
) -> Result<(), StoreError> {
    match conn {
        Connection::Sqlite(_) if rows.len() == 1 => {
            for (at, (column, cell)) in columns.iter().zip(rows.into_iter().flatten()).enumerate() {
                statement.sql(if at == 0 { "SELECT " } else { ", " }).cell(cell);
                statement.sql(format!(" AS \"{}\"", column.name));
            }
        }
        Connection::Sqlite(_) => {
            let values =
                columns.iter().enumerate().map(|(at, c)| format!("json_extract(value, '$[{at}]') AS \"{}\"", c.name));
            statement.sql(format!("SELECT {} FROM json_each(", values.collect::<Vec<_>>().join(", ")));
            statement.text(json(&rows)?).sql(")");
        }
        Connection::Postgres(_) => {
            statement.sql("SELECT * FROM UNNEST(");
            for (at, column) in columns.iter().enumerate() {
                if at > 0 {
                    statement.sql(", ");
                }
                push_column(statement, column.kind, rows.iter().map(|row| row[at]));
            }
            let names = joined(columns, ", ", |column| format!("\"{}\"", column.name));
            statement.sql(format!(") AS u({names})"));
        }
    }
    Ok(())
}

fn push_column<'a>(statement: &mut Statement<'a>, kind: Kind, cells: impl Iterator<Item = Cell<'a>>) {
    match kind {
        Kind::Text => statement
            .texts(cells.map(|cell| if let Cell::Text(text) = cell { text } else { None }).collect())
            .sql("::text[]"),
        Kind::BigInt => statement
            .ints(cells.map(|cell| if let Cell::BigInt(number) = cell { number } else { None }).collect())
            .sql("::bigint[]"),
        Kind::Bool => statement
            .bools(cells.map(|cell| if let Cell::Bool(value) = cell { value } else { None }).collect())
            .sql("::bool[]"),
    };
}

/// The rows as a JSON array of arrays. JSON would hide U+0000 in an escape, so it is looked for here.
fn json(rows: &[Vec<Cell<'_>>]) -> Result<String, StoreError> {
    let mut texts = rows.iter().flatten().filter_map(|cell| if let Cell::Text(text) = cell { *text } else { None });
    if texts.any(has_nul) {
        return Err(StoreError::Nul);
    }
    serde_json::to_string(rows)
        .map_err(|e| StoreError::Unreadable { what: "rows for the database".to_owned(), reason: e.to_string() })
}

impl serde::Serialize for Cell<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Text(text) => text.serialize(serializer),
            Cell::BigInt(number) => number.serialize(serializer),
            Cell::Bool(value) => value.serialize(serializer),
        }
    }
}

/// `"a" = i."a", …` for every column outside the key.
fn assignments<R: Row>(from: &str) -> String {
    let free: Vec<&Column> = R::COLUMNS.iter().filter(|column| !R::KEY.contains(&column.name)).collect();
    joined(&free, ", ", |column| format!("\"{0}\" = {from}\"{0}\"", column.name))
}

fn same_key<R: Row>() -> String {
    joined(R::KEY, " AND ", |key| format!("t.\"{key}\" = i.\"{key}\""))
}

fn quoted(names: &[&str]) -> String {
    joined(names, ", ", |name| format!("\"{name}\""))
}

fn joined<T>(items: &[T], between: &str, show: impl Fn(&T) -> String) -> String {
    items.iter().map(show).collect::<Vec<_>>().join(between)
}
