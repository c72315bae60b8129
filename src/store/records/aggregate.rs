//! Summing up records by their columns, in one statement; as they are, or as they were at an instant.

use super::condition::{Rows, condition};
use super::lead;
use super::query::Asked;
use super::sight::{Sight, seen_only};
use super::term::Slot;
use super::walk::{conditions, from_table};
use crate::model::aggregate::Calendar;
use crate::model::json::Json;
use crate::model::time::Timestamp;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::json;
use crate::store::statement::Statement;
use diesel::sql_types::Text;

/// What is summed up.
#[derive(Debug, Clone)]
pub struct AggregateQuery {
    /// Which records.
    pub asked: Asked,
    /// As they were at this instant; none: as they are. Then only columns whose past is kept may be named.
    pub at: Option<Timestamp>,
    /// By what they are taken together.
    pub groups: Vec<Group>,
    /// What is told of each group.
    pub figures: Vec<Figure>,
    /// Groups at most.
    pub most: i64,
}

/// A column that records are grouped by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The column.
    pub slot: Slot,
    /// The part of its date that counts.
    pub by: Option<Calendar>,
    /// Characters behind the date in its text.
    pub clock: usize,
}

/// A figure of a group. A sum comes in two halves, so that it is exact whatever the numbers are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// How many records.
    Count,
    /// How many values.
    Values(Slot),
    /// The sum of all numbers, without their last 32 bits.
    High(Slot),
    /// The sum of the last 32 bits of all numbers.
    Low(Slot),
    /// The least value.
    Min(Slot),
    /// The greatest value.
    Max(Slot),
}

/// One row a group: the values of the groups, then the figures, in their order. At most `most` rows, in no order.
pub fn aggregate(conn: &mut Connection, query: &AggregateQuery) -> Result<Vec<Vec<Json>>, StoreError> {
    let asked = &query.asked;
    if asked.sight.is_nothing() {
        return Ok(Vec::new());
    }
    // Access is that of now, so the records that are seen do not say which periods are few.
    let lead = if query.at.is_none() { lead::lead(conn, asked)? } else { None };
    let groups: Vec<String> = query.groups.iter().map(|group| expression(conn, group)).collect();
    let figures = query.figures.iter().map(figure);
    let all: Vec<String> = groups.iter().cloned().chain(figures).collect();
    let mut statement = Statement::default();
    if let Some(lead) = lead {
        lead::with(&mut statement, asked, lead);
    }
    statement.sql(match conn {
        Connection::Sqlite(_) => format!("SELECT json_array({})", all.join(", ")),
        Connection::Postgres(_) => format!("SELECT CAST(json_build_array({}) AS TEXT)", all.join(", ")),
    });
    match query.at {
        None => {
            from_table(&mut statement, table(conn, query, lead.is_some()), asked, lead);
            conditions(&mut statement, asked, lead, "");
        }
        Some(at) => past(&mut statement, asked, at),
    }
    if !groups.is_empty() {
        statement.sql(format!(" GROUP BY {}", groups.join(", ")));
    }
    statement.sql(" LIMIT ").int(query.most);
    let rows = statement.load::<Text, String>(conn)?;
    rows.iter().map(|row| json::read(row, "a summary of records")).collect()
}

/// The table with its name in the statement. SQLite would rather read whole rows by an index that looks narrower than
/// stay in the one that has everything.
fn table(conn: &Connection, query: &AggregateQuery, led: bool) -> &'static str {
    let figures = query.figures.iter().filter_map(|figure| match figure {
        Figure::Count => None,
        Figure::Values(slot) | Figure::High(slot) | Figure::Low(slot) | Figure::Min(slot) | Figure::Max(slot) => {
            Some(slot)
        }
    });
    let mut slots = query.groups.iter().map(|group| &group.slot).chain(figures);
    let covered = slots.all(is_summed) && query.asked.terms.iter().all(|term| term.slots().into_iter().all(is_summed));
    match conn {
        Connection::Sqlite(_) if covered && !led => "records AS t INDEXED BY records_summary",
        _ => "records AS t",
    }
}

fn is_summed(slot: &Slot) -> bool {
    !matches!(slot, Slot::Name | Slot::CreatedAt | Slot::CreatedBy | Slot::UpdatedAt)
}

/// The periods at an instant: what is asked is asked of the past, what is seen of the present.
fn past<'a>(statement: &mut Statement<'a>, asked: &'a Asked, at: Timestamp) {
    from_table(statement, "record_periods AS t", asked, None);
    statement.sql(" AND t.valid_to > ").int(at.0).sql(" AND t.valid_from <= ").int(at.0);
    let rows = Rows { business: asked.business.as_str(), record_type: &asked.record_type, alias: "t", free: "" };
    for term in &asked.terms {
        condition(statement.sql(" AND "), rows, term);
    }
    if asked.sight != Sight::All {
        statement.sql(" AND t.id IN (SELECT s.id FROM records AS s WHERE s.business = ").text(asked.business.as_str());
        statement.sql(" AND s.record_type = ").text(asked.record_type.as_str());
        seen_only(statement, "s", &asked.business, &asked.record_type, &asked.sight);
        statement.sql(")");
    }
}

fn figure(figure: &Figure) -> String {
    match figure {
        Figure::Count => "COUNT(*)".to_owned(),
        Figure::Values(slot) => format!("COUNT({})", column(slot)),
        Figure::High(slot) => format!("SUM({} >> 32)", column(slot)),
        Figure::Low(slot) => format!("SUM({} & 4294967295)", column(slot)),
        Figure::Min(slot) => format!("MIN({})", column(slot)),
        Figure::Max(slot) => format!("MAX({})", column(slot)),
    }
}

/// The value of a group: a column, or a part of its date.
fn expression(conn: &Connection, group: &Group) -> String {
    let column = column(&group.slot);
    let Some(by) = group.by else { return column };
    let (date, clock) = match (&group.slot, conn) {
        (Slot::CreatedAt | Slot::UpdatedAt, Connection::Sqlite(_)) => {
            (format!("strftime('%Y-%m-%d', {column} / 1000, 'unixepoch')"), 0)
        }
        (Slot::CreatedAt | Slot::UpdatedAt, Connection::Postgres(_)) => {
            (format!("to_char(to_timestamp({column} / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD')"), 0)
        }
        _ => (column, group.clock),
    };
    let without = |characters: usize| format!("substr({date}, 1, length({date}) - {})", characters + clock);
    match by {
        Calendar::Day => without(0),
        Calendar::Month => without(3),
        Calendar::Year => without(6),
        Calendar::Quarter => {
            let month = format!("substr({date}, length({date}) - {}, 2)", 4 + clock);
            format!("{} || '-Q' || CAST((CAST({month} AS INTEGER) + 2) / 3 AS TEXT)", without(6))
        }
    }
}

fn column(slot: &Slot) -> String {
    format!("t.{}", slot.column().unwrap_or("id"))
}
