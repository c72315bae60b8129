//! Writes of many rows.
//!
//! To PostgreSQL they travel together, as one array a column (`UNNEST`), by one statement text for every number of rows. SQLite
//! is in this very process: it gets them one by one (`single`). Where one statement must know all rows they travel as one
//! JSON text (`json_each`), which SQLite reads anew for each of its columns.

use super::connection::Connection;
use super::error::StoreError;
use super::schema::{Cell, Column, Kind, Row};
use super::statement::{Statement, has_nul};
use super::{json, single};
use diesel::sql_types::Text;
use std::collections::HashSet;

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
    match conn {
        Connection::Sqlite(file) => rows.iter().try_for_each(|row| single::insert(file, row, taken).map(drop)),
        Connection::Postgres(_) if rows.is_empty() => Ok(()),
        Connection::Postgres(_) => insertion(conn, rows, taken)?.execute(conn).map(drop),
    }
}

/// Inserts the rows whose keys, all texts, are free; for each whether it went in.
pub(super) fn insert_free<R: Row>(conn: &mut Connection, rows: &[R]) -> Result<Vec<bool>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    if let Connection::Sqlite(file) = conn {
        return rows.iter().map(|row| single::insert(file, row, Taken::Skip)).collect();
    }
    let mut statement = insertion(conn, rows, Taken::Skip)?;
    statement.sql(format!(" RETURNING json_build_array({})::text", quoted(R::KEY)));
    let keys = statement.load::<Text, String>(conn)?;
    let keys = keys.iter().map(|key| json::read::<Vec<String>>(key, "the key of a row"));
    let mut keys = keys.collect::<Result<HashSet<_>, _>>()?;
    // Of two rows with one key the first went in.
    Ok(rows.iter().map(|row| keys.remove(&key(row))).collect())
}

/// The values of the key of a row.
fn key<R: Row>(row: &R) -> Vec<String> {
    let cells = row.cells();
    let cell = |name: &&str| R::COLUMNS.iter().zip(&cells).find(|(column, _)| column.name == *name);
    let text = |name| match cell(name) {
        Some((_, Cell::Text(Some(text)))) => (*text).to_owned(),
        _ => String::new(),
    };
    R::KEY.iter().map(text).collect()
}

fn insertion<'a, R: Row>(conn: &Connection, rows: &'a [R], taken: Taken) -> Result<Statement<'a>, StoreError> {
    let mut statement = Statement::new(format!("INSERT INTO {} ({}) SELECT * FROM (", R::TABLE, R::list("")));
    source(&mut statement, conn, R::COLUMNS, rows.iter().map(R::cells).collect())?;
    statement.sql(") AS i");
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

/// Changes rows which have an `id` and a `version`, each only when it is at the version before; the ids of those it
/// changed. Locks are taken in the order of the keys, so that two writers never wait for each other in a circle.
pub(super) fn update_guarded<R: Row>(conn: &mut Connection, rows: &[R]) -> Result<Vec<String>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    if let Connection::Sqlite(file) = conn {
        let mut changed = Vec::new();
        for row in rows {
            if single::update_guarded(file, row)? {
                changed.extend(id(row));
            }
        }
        return Ok(changed);
    }
    let same = same_key::<R>();
    let order = joined(R::KEY, ", ", |key| format!("t.\"{key}\""));
    let mut statement = Statement::new("WITH i AS MATERIALIZED (SELECT i.* FROM (");
    source(&mut statement, conn, R::COLUMNS, rows.iter().map(R::cells).collect())?;
    statement.sql(format!(
        ") AS i JOIN {table} AS t ON {same} AND t.version = i.version - 1 ORDER BY {order} FOR NO KEY UPDATE OF t) \
         UPDATE {table} AS t SET {sets} FROM i WHERE {same} AND t.version = i.version - 1 RETURNING t.id",
        table = R::TABLE,
        sets = assignments::<R>("i."),
    ));
    statement.load::<Text, String>(conn)
}

fn id<R: Row>(row: &R) -> Option<String> {
    let place = R::COLUMNS.iter().position(|column| column.name == "id")?;
    if let Cell::Text(text) = row.cells()[place] { text.map(str::to_owned) } else { None }
}

/// Changes the columns of rows that are there.
pub(super) fn update<R: Row>(conn: &mut Connection, rows: &[R]) -> Result<(), StoreError> {
    match conn {
        Connection::Sqlite(file) => rows.iter().try_for_each(|row| single::update(file, row).map(drop)),
        Connection::Postgres(_) if rows.is_empty() => Ok(()),
        Connection::Postgres(_) => {
            let sets = assignments::<R>("i.");
            let mut statement = Statement::new(format!("UPDATE {} AS t SET {sets} FROM (", R::TABLE));
            source(&mut statement, conn, R::COLUMNS, rows.iter().map(R::cells).collect())?;
            statement.sql(format!(") AS i WHERE {}", same_key::<R>())).execute(conn).map(drop)
        }
    }
}

/// Deletes the rows of a table whose columns `columns`, all texts, have one of these lists of values.
pub(super) fn delete(
    conn: &mut Connection,
    table: &'static str,
    columns: &[&'static str],
    values: &[Vec<&str>],
) -> Result<(), StoreError> {
    match conn {
        Connection::Sqlite(_) => {
            for row in values {
                let mut statement = Statement::new("DELETE FROM ");
                statement.sql(table);
                for (at, (column, value)) in columns.iter().zip(row).enumerate() {
                    statement.sql(if at == 0 { " WHERE " } else { " AND " }).sql(*column).sql(" = ").text(*value);
                }
                statement.execute(conn)?;
            }
            Ok(())
        }
        Connection::Postgres(_) if values.is_empty() => Ok(()),
        Connection::Postgres(_) => {
            let kinds: Vec<Column> = columns.iter().map(|name| Column { name, kind: Kind::Text }).collect();
            let cells = values.iter().map(|row| row.iter().map(|text| Cell::Text(Some(text))).collect()).collect();
            let mut statement = Statement::new(format!("DELETE FROM {table} WHERE ({}) IN (", quoted(columns)));
            source(&mut statement, conn, &kinds, cells)?;
            statement.sql(")").execute(conn).map(drop)
        }
    }
}

/// Deletes the rows with the keys of these.
pub(super) fn delete_rows<R: Row>(conn: &mut Connection, rows: &[R]) -> Result<(), StoreError> {
    match conn {
        Connection::Sqlite(file) => rows.iter().try_for_each(|row| single::delete(file, row).map(drop)),
        Connection::Postgres(_) if rows.is_empty() => Ok(()),
        Connection::Postgres(_) => {
            let places = R::COLUMNS.iter().enumerate().filter(|(_, column)| R::KEY.contains(&column.name));
            let (places, columns): (Vec<usize>, Vec<Column>) = places.unzip();
            let cells = rows.iter().map(|row| {
                let cells = row.cells();
                places.iter().map(|place| cells[*place]).collect()
            });
            let mut statement = Statement::new(format!("DELETE FROM {} WHERE ({}) IN (", R::TABLE, quoted(R::KEY)));
            source(&mut statement, conn, &columns, cells.collect())?;
            statement.sql(")").execute(conn).map(drop)
        }
    }
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
            statement.text(array(&rows)?).sql(")");
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
fn array(rows: &[Vec<Cell<'_>>]) -> Result<String, StoreError> {
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
