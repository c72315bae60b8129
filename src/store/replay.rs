//! What commands wrote, row by row: read off the tables, and written again for another instance by prepared statements
//! and nothing else. It is what a database can do at most with the same rows (`kamflow bench`).

use super::connection::Connection;
use super::error::StoreError;
use super::schema::approval::{ApprovalRow, BindingRow};
use super::schema::job::JobRow;
use super::schema::messages::SubscriptionRow;
use super::schema::running::{
    CandidateRow, DecisionRow, HistoryRow, IncidentRow, InstanceKeyRow, RootRow, TaskRow, TimerRow,
};
use super::schema::{Column, Kind, Row};
use super::statement::Statement;
use super::transaction::transaction;
use crate::model::ids::{BusinessId, InstanceId};
use crate::model::json::Json;
use diesel::sql_types::Text;
use std::collections::BTreeMap;

/// The rows of a root at a moment, by table and primary key.
pub type Rows = BTreeMap<(usize, String), Vec<Json>>;

/// What a command did to one row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowChange {
    pieces: Vec<Piece>,
}

/// A piece of SQL or a value.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Sql(String),
    Null,
    Text(String),
    Int(i64),
}

/// A table with the condition that finds the rows of a root.
struct Table {
    name: &'static str,
    key: &'static [&'static str],
    columns: &'static [Column],
    named: Named,
}

/// How a row names its root. What has an id of its own inside a root has one that begins with that of the root, and is found
/// by the index on it.
#[derive(Debug, Clone, Copy)]
enum Named {
    /// This column is the root.
    Is(&'static str),
    /// This column begins with it.
    Begins(&'static str),
}

fn table<R: Row>(named: Named) -> Table {
    Table { name: R::TABLE, key: R::KEY, columns: R::COLUMNS, named }
}

/// Every table that holds rows of instances.
fn tables() -> [Table; 12] {
    use Named::{Begins, Is};
    [
        table::<RootRow>(Begins("id")),
        table::<InstanceKeyRow>(Is("instance")),
        table::<TaskRow>(Begins("id")),
        table::<CandidateRow>(Begins("task")),
        table::<ApprovalRow>(Begins("id")),
        table::<BindingRow>(Begins("approval")),
        table::<JobRow>(Begins("id")),
        table::<TimerRow>(Begins("id")),
        table::<SubscriptionRow>(Begins("id")),
        table::<IncidentRow>(Begins("id")),
        table::<DecisionRow>(Begins("id")),
        table::<HistoryRow>(Is("root")),
    ]
}

/// The roots of a process that somebody started, the newest first, at most so many.
pub fn newest(
    conn: &mut Connection,
    (business, process): (&BusinessId, &str),
    starter: &str,
    most: u64,
) -> Result<Vec<InstanceId>, StoreError> {
    let mut asked = Statement::new("SELECT id FROM instances WHERE business = ");
    asked.text(business.as_str()).sql(" AND starter = ").text(starter).sql(" AND process = ").text(process);
    asked.sql(" AND parent IS NULL ORDER BY id DESC LIMIT ").int(most.cast_signed());
    Ok(asked.load::<Text, String>(conn)?.into_iter().map(InstanceId).collect())
}

/// The first records of a type, at most so many, in the order in which they came to be.
pub fn first(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    most: u64,
) -> Result<Vec<String>, StoreError> {
    let mut asked = Statement::new("SELECT id FROM records WHERE business = ");
    asked.text(business.as_str()).sql(" AND record_type = ").text(record_type);
    asked.sql(" ORDER BY id LIMIT ").int(most.cast_signed());
    asked.load::<Text, String>(conn)
}

/// Whether there is an instance with this id.
pub fn is_there(conn: &mut Connection, business: &BusinessId, id: &InstanceId) -> Result<bool, StoreError> {
    let mut asked = Statement::new("SELECT id FROM instances WHERE business = ");
    asked.text(business.as_str()).sql(" AND id = ").text(id.as_str());
    Ok(!asked.load::<Text, String>(conn)?.is_empty())
}

/// The rows of a root.
pub fn rows(conn: &mut Connection, business: &BusinessId, root: &InstanceId) -> Result<Rows, StoreError> {
    // "~" is behind everything that an id has behind that of its root.
    let behind = format!("{root}~");
    let mut rows = Rows::new();
    for (number, table) in tables().iter().enumerate() {
        let columns: Vec<String> = table.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        let array = match conn {
            Connection::Sqlite(_) => format!("json_array({})", columns.join(", ")),
            Connection::Postgres(_) => format!("json_build_array({})::text", columns.join(", ")),
        };
        let mut asked = Statement::new(format!("SELECT {array} FROM {} WHERE business = ", table.name));
        asked.text(business.as_str());
        match table.named {
            Named::Is(column) => asked.sql(format!(" AND {column} = ")).text(root.as_str()),
            Named::Begins(column) => {
                asked.sql(format!(" AND {column} >= ")).text(root.as_str());
                asked.sql(format!(" AND {column} < ")).text(behind.as_str())
            }
        };
        for text in asked.load::<Text, String>(conn)? {
            let unreadable = |error: serde_json::Error| StoreError::Unreadable {
                what: format!("a row of {}", table.name),
                reason: error.to_string(),
            };
            let cells: Vec<Json> = serde_json::from_str(&text).map_err(unreadable)?;
            let key: Vec<&Json> = (0..cells.len()).filter(|at| table.is_key(*at)).map(|at| &cells[at]).collect();
            rows.insert((number, serde_json::json!(key).to_string()), cells);
        }
    }
    Ok(rows)
}

/// What was done between two moments: new rows, changed ones with the columns that changed, rows that are gone.
pub fn changes(before: &Rows, after: &Rows) -> Vec<RowChange> {
    let tables = tables();
    let mut changes = Vec::new();
    for (place, cells) in after {
        let table = &tables[place.0];
        match before.get(place) {
            None => changes.push(table.inserted(cells)),
            Some(old) if old != cells => changes.push(table.updated(old, cells)),
            Some(_) => {}
        }
    }
    changes.extend(before.iter().filter(|(place, _)| !after.contains_key(*place)).map(|((number, _), cells)| {
        let mut change = RowChange { pieces: vec![Piece::Sql(format!("DELETE FROM {}", tables[*number].name))] };
        tables[*number].found(cells, &mut change);
        change
    }));
    changes
}

/// The same for another instance, whose id is as long.
pub fn renamed(changes: &[RowChange], from: &InstanceId, to: &InstanceId) -> Vec<RowChange> {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => Piece::Text(text.replace(from.as_str(), to.as_str())),
        piece => piece.clone(),
    };
    changes.iter().map(|change| RowChange { pieces: change.pieces.iter().map(piece).collect() }).collect()
}

/// Writes them in one transaction, each with a prepared statement.
pub fn write(conn: &mut Connection, changes: &[RowChange]) -> Result<(), StoreError> {
    transaction(conn, |conn| {
        for change in changes {
            let mut statement = Statement::default();
            for piece in &change.pieces {
                match piece {
                    Piece::Sql(sql) => statement.sql(sql.as_str()),
                    Piece::Text(text) => statement.text(text.as_str()),
                    Piece::Int(number) => statement.int(*number),
                    Piece::Null => statement.sql("NULL"),
                };
            }
            statement.execute(conn)?;
        }
        Ok(())
    })
}

impl Table {
    fn is_key(&self, at: usize) -> bool {
        self.key.contains(&self.columns[at].name)
    }

    fn inserted(&self, cells: &[Json]) -> RowChange {
        let names: Vec<String> = self.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        let head = format!("INSERT INTO {} ({}) VALUES (", self.name, names.join(", "));
        let mut pieces = vec![Piece::Sql(head)];
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                pieces.push(Piece::Sql(", ".into()));
            }
            pieces.push(value(self.columns[at].kind, cell));
        }
        pieces.push(Piece::Sql(")".into()));
        RowChange { pieces }
    }

    fn updated(&self, old: &[Json], cells: &[Json]) -> RowChange {
        let mut change = RowChange { pieces: vec![Piece::Sql(format!("UPDATE {} SET ", self.name))] };
        for (count, at) in (0..cells.len()).filter(|at| old[*at] != cells[*at]).enumerate() {
            let comma = if count > 0 { ", " } else { "" };
            change.pieces.push(Piece::Sql(format!("{comma}\"{}\" = ", self.columns[at].name)));
            change.pieces.push(value(self.columns[at].kind, &cells[at]));
        }
        self.found(cells, &mut change);
        change
    }

    fn found(&self, cells: &[Json], change: &mut RowChange) {
        for (count, at) in (0..cells.len()).filter(|at| self.is_key(*at)).enumerate() {
            let and = if count > 0 { " AND " } else { " WHERE " };
            change.pieces.push(Piece::Sql(format!("{and}\"{}\" = ", self.columns[at].name)));
            change.pieces.push(value(self.columns[at].kind, &cells[at]));
        }
    }
}

fn value(kind: Kind, cell: &Json) -> Piece {
    match (kind, cell) {
        (_, Json::Null) => Piece::Null,
        (Kind::Bool, cell) => {
            let is_true = cell.as_bool().unwrap_or_else(|| cell.as_i64() == Some(1));
            Piece::Sql(if is_true { "TRUE" } else { "FALSE" }.into())
        }
        (Kind::BigInt, cell) => Piece::Int(cell.as_i64().unwrap_or_default()),
        (Kind::Text, Json::String(text)) => Piece::Text(text.clone()),
        (Kind::Text, other) => Piece::Text(other.to_string()),
    }
}
