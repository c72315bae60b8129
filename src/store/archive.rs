//! A backup: all rows of all tables at one moment, as lines of JSON that both databases write and read. So what was
//! saved from SQLite can be restored into PostgreSQL, and the other way round.
//!
//! ```text
//! {"kamflow":"backup","format":1,"migrations":["20260101000001",…]}
//! {"table":"businesses","columns":["active_revision",…]}
//! [12,"CNY",…]
//! {"end":{"businesses":{"rows":1,"digest":"…"},…},"digest":"…"}
//! ```
//!
//! Bytes are written in hex. The digest of a table does not depend on the order of its rows (the sum of their SHA-256);
//! that of the file is SHA-256 of everything before it.

use super::catalog::{Kind, Table, tables};
use super::connection::{Connection, connect, connect_read_only};
use super::error::StoreError;
use super::migrate::{applied, migrate, migrate_to};
use super::statement::Statement;
use super::transaction::{reading, transaction};
use super::url::Url;
use crate::model::json::Json;
use diesel::sql_types::Text;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{BufRead, Write};

/// How the file is written.
const FORMAT: i64 = 1;
/// Rows that are read or written with one statement.
const ROWS: usize = 500;
/// Bytes of rows that are written with one statement, about; contents of files are large.
const BYTES: usize = 4 * 1024 * 1024;
/// The table whose rows make triggers write others; those are replaced by their own rows afterwards.
const FIRST: &str = "records";

#[derive(Serialize, Deserialize)]
struct Head {
    kamflow: String,
    format: i64,
    migrations: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct TableHead {
    table: String,
    columns: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct End {
    end: Summary,
    digest: String,
}

/// What a backup holds, by table.
pub type Summary = BTreeMap<String, Content>;

/// What a table holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// How many rows.
    pub rows: u64,
    /// The sum of their SHA-256, in hex.
    pub digest: String,
}

/// Writes everything that is in the database now; nobody who writes meanwhile waits, and nothing of theirs is in it.
///
/// # Errors
/// The database has not all migrations of this program, cannot be read, or `out` cannot be written.
pub fn save(url: &Url, out: &mut dyn Write) -> Result<Summary, StoreError> {
    let mut conn = connect_read_only(url)?;
    reading(&mut conn, |conn| {
        let mut out = Hashed { out, hash: Sha256::new() };
        out.line(&Head { kamflow: "backup".into(), format: FORMAT, migrations: applied(conn)? })?;
        let mut end = Summary::new();
        let mut tables = tables(conn)?;
        tables.sort_by_key(|table| table.name != FIRST);
        for table in tables {
            let columns = table.columns.iter().map(|column| column.name.clone()).collect();
            out.line(&TableHead { table: table.name.clone(), columns })?;
            let content = each_row(conn, &table, &mut |row| out.text(row))?;
            end.insert(table.name, content);
        }
        let digest = hex(&out.hash.clone().finalize());
        out.line(&End { end: end.clone(), digest })?;
        out.out.flush().map_err(broken)?;
        Ok(end)
    })
}

/// Writes a backup into a database that holds nothing, reads everything back, and brings it up to date: all or nothing.
///
/// # Errors
/// The database is in use; the file is no backup, is cut off or was changed; a row did not come out as it went in.
pub fn restore(url: &Url, input: &mut dyn BufRead) -> Result<Summary, StoreError> {
    let mut input = Input { input, hash: Sha256::new(), line: String::new() };
    let head: Head =
        input.next()?.and_then(|line| serde_json::from_str(line).ok()).ok_or_else(|| no_backup("no head"))?;
    if head.kamflow != "backup" || head.format != FORMAT {
        return Err(no_backup("it is of another format"));
    }
    let mut conn = connect(url)?;
    let end = transaction(&mut conn, |conn| {
        if !tables(conn)?.is_empty() {
            return Err(StoreError::Archive("the database holds tables already; restore into an empty one".into()));
        }
        migrate_to(conn, &head.migrations)?;
        let end = fill(conn, &mut input)?;
        for table in tables(conn)? {
            let found = each_row(conn, &table, &mut |_| Ok(()))?;
            if end.get(&table.name) != Some(&found) {
                let sentence = format!("the table {} did not come out as it went in; nothing was restored", table.name);
                return Err(StoreError::Archive(sentence));
            }
        }
        Ok(end)
    })?;
    migrate(&mut conn)?;
    Ok(end)
}

/// Every row of the file into its table; what the file says that it holds.
fn fill(conn: &mut Connection, input: &mut Input) -> Result<Summary, StoreError> {
    let tables = tables(conn)?;
    let mut at: Option<(&Table, Batch)> = None;
    loop {
        let digest = hex(&input.hash.clone().finalize());
        let Some(line) = input.next()? else { return Err(no_backup("it is cut off")) };
        if line.starts_with('[') {
            let Some((table, batch)) = &mut at else { return Err(no_backup("a row has no table")) };
            batch.push(line);
            if batch.is_full() {
                batch.write(conn, table)?;
            }
            continue;
        }
        if let Some((table, batch)) = &mut at {
            batch.write(conn, table)?;
        }
        if let Ok(end) = serde_json::from_str::<End>(line) {
            return if end.digest == digest { Ok(end.end) } else { Err(no_backup("its digest is another one")) };
        }
        let head: TableHead = serde_json::from_str(line).map_err(|error| no_backup(&error.to_string()))?;
        let table = tables.iter().find(|table| {
            table.name == head.table && table.columns.iter().map(|column| &column.name).eq(&head.columns)
        });
        let table = table.ok_or_else(|| no_backup(&format!("there is no such table {}", head.table)))?;
        Statement::new(format!("DELETE FROM {}", table.name)).execute(conn)?;
        at = Some((table, Batch::default()));
    }
}

/// Rows on their way into a table, as one text of JSON.
#[derive(Default)]
struct Batch {
    text: String,
    rows: usize,
}

impl Batch {
    fn push(&mut self, row: &str) {
        self.text.push(if self.rows == 0 { '[' } else { ',' });
        self.text.push_str(row);
        self.rows += 1;
    }

    fn is_full(&self) -> bool {
        self.rows >= ROWS || self.text.len() >= BYTES
    }

    fn write(&mut self, conn: &mut Connection, table: &Table) -> Result<(), StoreError> {
        if self.rows == 0 {
            return Ok(());
        }
        self.text.push(']');
        let is_sqlite = matches!(conn, Connection::Sqlite(_));
        let names: Vec<String> = table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        let values = table.columns.iter().enumerate().map(|(at, column)| match (is_sqlite, column.kind) {
            (true, Kind::Bytes) => format!("unhex(json_extract(value, '$[{at}]'))"),
            (true, _) => format!("json_extract(value, '$[{at}]')"),
            (false, Kind::Text) => format!("value ->> {at}"),
            (false, Kind::Number) => format!("(value ->> {at})::bigint"),
            (false, Kind::Bool) => format!("(value ->> {at})::boolean"),
            (false, Kind::Bytes) => format!("decode(value ->> {at}, 'hex')"),
        });
        let values = values.collect::<Vec<_>>().join(", ");
        let head = format!("INSERT INTO {} ({}) SELECT {values} FROM ", table.name, names.join(", "));
        let mut statement = Statement::new(head);
        statement.sql(if is_sqlite { "json_each(" } else { "json_array_elements((" });
        statement.text(self.text.as_str());
        statement.sql(if is_sqlite { ")" } else { ")::json)" });
        statement.execute(conn)?;
        *self = Batch::default();
        Ok(())
    }
}

/// Tells every row of a table as a line of JSON, a page at a time in the order of the key.
fn each_row(
    conn: &mut Connection,
    table: &Table,
    told: &mut dyn FnMut(&str) -> Result<(), StoreError>,
) -> Result<Content, StoreError> {
    let is_sqlite = matches!(conn, Connection::Sqlite(_));
    let cell = |name: &String, kind: Option<Kind>| match (is_sqlite, kind) {
        (true, Some(Kind::Bytes)) => format!("lower(hex(\"{name}\"))"),
        (true, Some(Kind::Bool)) => format!("json(CASE \"{name}\" WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)"),
        (false, Some(Kind::Bytes)) => format!("encode(\"{name}\", 'hex')"),
        _ => format!("\"{name}\""),
    };
    let array = |cells: Vec<String>| match is_sqlite {
        true => format!("json_array({})", cells.join(", ")),
        false => format!("json_build_array({})::text", cells.join(", ")),
    };
    let row = array(table.columns.iter().map(|column| cell(&column.name, Some(column.kind))).collect());
    let key = array(table.key.iter().map(|name| cell(name, None)).collect());
    let names: Vec<String> = table.key.iter().map(|name| format!("\"{name}\"")).collect();
    let names = names.join(", ");
    let (mut content, mut sum) = (Content::default(), [0_u8; 32]);
    let mut last: Option<Vec<Json>> = None;
    loop {
        let mut page = Statement::new(format!("SELECT {row}, {key} FROM {}", table.name));
        if let Some(last) = &last {
            page.sql(format!(" WHERE ({names}) > ("));
            for (at, value) in last.iter().enumerate() {
                if at > 0 {
                    page.sql(", ");
                }
                match value {
                    Json::String(text) => page.text(text.as_str()),
                    other => page.int(other.as_i64().unwrap_or_default()),
                };
            }
            page.sql(")");
        }
        page.sql(format!(" ORDER BY {names} LIMIT {ROWS}"));
        let rows: Vec<(String, String)> = page.load::<(Text, Text), (String, String)>(conn)?;
        let is_last = rows.len() < ROWS;
        for (row, _) in &rows {
            let cells: Vec<Json> = serde_json::from_str(row).map_err(|error| unreadable(table, &error))?;
            let line = serde_json::to_string(&cells).map_err(|error| unreadable(table, &error))?;
            add(&mut sum, &Sha256::digest(&line));
            content.rows += 1;
            told(&line)?;
        }
        if let Some((_, key)) = rows.last() {
            last = Some(serde_json::from_str(key).map_err(|error| unreadable(table, &error))?);
        }
        if is_last {
            content.digest = hex(&sum);
            return Ok(content);
        }
    }
}

/// Adds a number of 256 bits, the lowest byte last; what goes over is lost.
fn add(sum: &mut [u8; 32], more: &[u8]) {
    let mut carry = 0_u16;
    for (digit, more) in sum.iter_mut().zip(more).rev() {
        let both = u16::from(*digit) + u16::from(*more) + carry;
        *digit = both as u8;
        carry = both >> 8;
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unreadable(table: &Table, error: &serde_json::Error) -> StoreError {
    StoreError::Unreadable { what: format!("a row of {}", table.name), reason: error.to_string() }
}

fn no_backup(why: &str) -> StoreError {
    StoreError::Archive(format!("this is no whole backup of kamflow: {why}; nothing was restored"))
}

fn broken(error: std::io::Error) -> StoreError {
    StoreError::Archive(format!("the backup cannot be read or written: {error}"))
}

/// Lines on their way out, with the digest of all of them.
struct Hashed<'a> {
    out: &'a mut dyn Write,
    hash: Sha256,
}

impl Hashed<'_> {
    fn line(&mut self, line: &impl Serialize) -> Result<(), StoreError> {
        let text = serde_json::to_string(line).map_err(|error| broken(error.into()))?;
        self.text(&text)
    }

    fn text(&mut self, line: &str) -> Result<(), StoreError> {
        for part in [line, "\n"] {
            self.hash.update(part);
            self.out.write_all(part.as_bytes()).map_err(broken)?;
        }
        Ok(())
    }
}

/// Lines on their way in.
struct Input<'a> {
    input: &'a mut dyn BufRead,
    hash: Sha256,
    line: String,
}

impl Input<'_> {
    /// The next line, without its end; none when the file is over.
    fn next(&mut self) -> Result<Option<&str>, StoreError> {
        self.line.clear();
        if self.input.read_line(&mut self.line).map_err(broken)? == 0 {
            return Ok(None);
        }
        self.hash.update(&self.line);
        Ok(Some(self.line.trim_end_matches('\n')))
    }
}
