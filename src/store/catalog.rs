//! Which tables a database has, with their columns: asked of the database itself, so that nothing can be forgotten.

use super::connection::Connection;
use super::error::StoreError;
use super::statement::Statement;
use diesel::sql_types::{BigInt, Text};

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub name: String,
    /// In the order of their names.
    pub columns: Vec<Column>,
    /// The primary key, in its order; also a number that the database counts itself, which is no column.
    pub key: Vec<String>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub name: String,
    pub kind: Kind,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Bool,
    Bytes,
}

/// What one row of the catalog says: table, column, type, place in the primary key or 0, whether the database counts it.
type Said = (String, String, String, i64, i64);

/// What Diesel keeps for itself.
const MIGRATIONS: &str = "__diesel_schema_migrations";

const SQLITE: &str = "
    SELECT t.name, c.name, upper(c.type), c.pk, c.pk = 1 AND upper(c.type) = 'INTEGER'
    FROM sqlite_schema t, pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY t.name, c.name";

const POSTGRES: &str = "
    SELECT c.relname::text, a.attname::text, upper(format_type(a.atttypid, NULL)),
           coalesce(array_position(i.indkey::int2[], a.attnum) - array_lower(i.indkey::int2[], 1) + 1, 0)::bigint,
           (a.attidentity <> '')::int::bigint
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
    ORDER BY c.relname COLLATE \"C\", a.attname COLLATE \"C\"";

/// All tables, in the order of their names.
pub(super) fn tables(conn: &mut Connection) -> Result<Vec<Table>, StoreError> {
    let asked = Statement::new(match conn {
        Connection::Sqlite(_) => SQLITE,
        Connection::Postgres(_) => POSTGRES,
    });
    let said: Vec<Said> = asked.load::<(Text, Text, Text, BigInt, BigInt), Said>(conn)?;
    let mut tables: Vec<(Table, Vec<(i64, String)>)> = Vec::new();
    for (table, column, kind, place, counted) in said.into_iter().filter(|(table, ..)| table != MIGRATIONS) {
        if tables.last().is_none_or(|(last, _)| last.name != table) {
            tables.push((Table { name: table, columns: Vec::new(), key: Vec::new() }, Vec::new()));
        }
        let Some((table, key)) = tables.last_mut() else { continue };
        if place > 0 {
            key.push((place, column.clone()));
        }
        if counted == 0 {
            let kind = kind_of(&kind).ok_or_else(|| StoreError::Unreadable {
                what: format!("the column {}.{column}", table.name),
                reason: format!("it has the type {kind}"),
            })?;
            table.columns.push(Column { name: column, kind });
        }
    }
    Ok(tables.into_iter().map(|(table, key)| with_key(table, key)).collect())
}

fn with_key(table: Table, mut key: Vec<(i64, String)>) -> Table {
    key.sort();
    Table { key: key.into_iter().map(|(_, column)| column).collect(), ..table }
}

fn kind_of(said: &str) -> Option<Kind> {
    match said {
        "TEXT" => Some(Kind::Text),
        "BIGINT" | "INTEGER" => Some(Kind::Number),
        "BOOLEAN" => Some(Kind::Bool),
        "BLOB" | "BYTEA" => Some(Kind::Bytes),
        _ => None,
    }
}
