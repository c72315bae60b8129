//! The way through the records of a search: its phases, and the statement of a page in one of them.

use super::condition::{Rows, condition, value};
use super::lead::{self, Lead};
use super::lenses::stands_as;
use super::listed;
use super::query::{Asked, By, RecordQuery};
use super::sight::{Sight, seen_only};
use super::term::{Slot, Term, Value};
use crate::store::connection::Connection;
use crate::store::statement::Statement;

/// A part of the way; a page goes over into the next one.
pub(super) enum Phase<'a> {
    /// Through the table, by these columns and by id.
    Valued(&'a [Slot]),
    /// Through the table, by id, where these columns have no value.
    Lacking(&'a [Slot]),
    /// Through the index, by value, with what it begins and ends before.
    Indexed(&'a str, Option<&'a (String, String)>),
    /// Through the index, by record, where the value is this one.
    Same(&'a str, &'a str),
}

/// The phases of a search that begins behind its cursor.
pub(super) fn phases<'a>(query: &'a RecordQuery, lead: Option<Lead>) -> Vec<Phase<'a>> {
    if query.asked.sight.is_nothing() {
        return Vec::new();
    }
    let first = match &query.order.by {
        By::Columns(slots) => Phase::Valued(slots),
        By::Entries { name, within } => Phase::Indexed(name, within.as_ref()),
        // Records with one value of an index stand there in the order of their ids.
        By::Id => match query.asked.terms.iter().find_map(one_entry).filter(|_| lead.is_none()) {
            Some((name, value)) => Phase::Same(name, value),
            None => Phase::Valued(&[]),
        },
    };
    let last = query.order.lacking.as_ref().map(|slot| match slot {
        Slot::Entry(name) => Phase::Same(name, ""),
        Slot::Currency => Phase::Lacking(&[Slot::Currency, Slot::Amount]),
        slot => Phase::Lacking(std::slice::from_ref(slot)),
    });
    let over = last.is_some() && query.after.as_ref().is_some_and(|after| after.key.is_empty());
    Some(first).filter(|_| !over).into_iter().chain(last).collect()
}

fn one_entry(term: &Term) -> Option<(&str, &str)> {
    match term {
        Term::In(Slot::Entry(name), values) => match &values[..] {
            [Value::Text(value)] => Some((name, value)),
            _ => None,
        },
        _ => None,
    }
}

/// The statement of a page in one phase: the columns of the row, and the value of the entry that it was found by.
pub(super) fn page<'a>(
    statement: &mut Statement<'a>,
    conn: &Connection,
    query: &'a RecordQuery,
    lead: Option<Lead<'a>>,
    phase: &Phase<'a>,
    limit: i64,
) {
    let asked = &query.asked;
    if let Some(lead) = lead {
        lead::with(statement, asked, lead);
    }
    let found = if matches!(phase, Phase::Indexed(..)) { "o.value" } else { "NULL" };
    statement.sql(format!("SELECT {}, CAST({found} AS TEXT)", listed()));
    match phase {
        Phase::Valued(_) | Phase::Lacking(_) => from_table(statement, "records AS t", asked, lead),
        Phase::Indexed(name, _) | Phase::Same(name, _) => from_index(statement, asked, lead, name),
    }
    // With a lead few rows are put into order; without one, the index that has the order is walked.
    let kept = if matches!(conn, Connection::Sqlite(_)) { "+" } else { "" };
    let (free, entry) = if lead.is_none() { (kept, "o.value".to_owned()) } else { ("", format!("{kept}o.value")) };
    only(statement, query, phase, &entry, free);
    let mut keys: Vec<String> = match phase {
        Phase::Valued(slots) => slots.iter().map(column).collect(),
        Phase::Indexed(..) => vec![entry],
        Phase::Lacking(_) | Phase::Same(..) => Vec::new(),
    };
    keys.push(if matches!(phase, Phase::Indexed(..) | Phase::Same(..)) { "o.record" } else { "t.id" }.to_owned());
    let (behind, direction) = if query.order.descending { ("<", " DESC") } else { (">", "") };
    if let Some(after) = query.after.as_ref().filter(|after| after.key.len() + 1 == keys.len()) {
        statement.sql(format!(" AND ({}) {behind} (", keys.join(", ")));
        for one in &after.key {
            value(statement, one);
            statement.sql(", ");
        }
        statement.text(after.id.as_str()).sql(")");
    }
    conditions(statement, asked, lead, free);
    // PostgreSQL does not see by itself that the index has no other order where these columns have no value.
    let lacking = if let Phase::Lacking(slots) = phase { slots.iter().map(column).collect() } else { Vec::new() };
    let order: Vec<String> = lacking.iter().chain(&keys).map(|key| format!("{key}{direction}")).collect();
    statement.sql(format!(" ORDER BY {} LIMIT ", order.join(", "))).int(limit);
}

/// `AND …` for the records of this phase only.
fn only<'a>(statement: &mut Statement<'a>, query: &'a RecordQuery, phase: &Phase<'a>, entry: &str, free: &'static str) {
    match phase {
        // Records with one value of a column stand in its index in the order of their ids: that index may be walked.
        Phase::Valued([]) if !free.is_empty() => {
            if let Some(term) = query.asked.terms.iter().find(is_one_column) {
                condition(statement.sql(" AND "), rows(&query.asked, ""), term);
            }
        }
        Phase::Valued(slots) if query.order.lacking.is_some() => {
            for slot in *slots {
                statement.sql(format!(" AND {} IS NOT NULL", column(slot)));
            }
        }
        Phase::Valued(_) => {}
        Phase::Lacking(slots) => {
            for slot in *slots {
                statement.sql(format!(" AND {} IS NULL", column(slot)));
            }
        }
        Phase::Indexed(_, within) => {
            if let Some((begin, end)) = within {
                statement.sql(format!(" AND {entry} >= ")).text(begin.as_str());
                statement.sql(format!(" AND {entry} < ")).text(end.as_str());
            }
        }
        Phase::Same(_, value) => {
            statement.sql(" AND o.value = ").text(*value);
        }
    }
}

/// `FROM` this table, called `t`, of the ids that the lead leaves.
pub(super) fn from_table<'a>(
    statement: &mut Statement<'a>,
    table: &'static str,
    asked: &'a Asked,
    lead: Option<Lead<'a>>,
) {
    // CROSS JOIN keeps SQLite from turning the tables round.
    statement.sql(if lead.is_some() { " FROM d CROSS JOIN " } else { " FROM " }).sql(table);
    statement.sql(" WHERE t.business = ").text(asked.business.as_str());
    statement.sql(" AND t.record_type = ").text(asked.record_type.as_str());
    if lead.is_some() {
        statement.sql(" AND t.id = d.id");
    }
}

fn from_index<'a>(statement: &mut Statement<'a>, asked: &'a Asked, lead: Option<Lead<'a>>, name: &'a str) {
    let (business, record_type) = (asked.business.as_str(), asked.record_type.as_str());
    statement.sql(match lead {
        Some(_) => " FROM d CROSS JOIN records AS t CROSS JOIN record_index AS o",
        None => " FROM record_index AS o CROSS JOIN records AS t",
    });
    statement.sql(" WHERE o.business = ").text(business).sql(" AND o.record_type = ").text(record_type);
    stands_as(statement.sql(" AND o.field = "), business, record_type, name);
    statement.sql(" AND t.business = ").text(business);
    statement.sql(" AND t.record_type = ").text(record_type).sql(" AND t.id = o.record");
    if lead.is_some() {
        statement.sql(" AND t.id = d.id");
    }
}

/// `AND …` with everything that is asked, and what is seen.
pub(super) fn conditions<'a>(
    statement: &mut Statement<'a>,
    asked: &'a Asked,
    lead: Option<Lead<'a>>,
    free: &'static str,
) {
    for term in &asked.terms {
        condition(statement.sql(" AND "), rows(asked, free), term);
    }
    statement.sql(" AND t.merged_into IS NULL");
    if !matches!(lead, Some(Lead::Sight(_))) && asked.sight != Sight::All {
        statement.sql(format!(" AND {free}(TRUE"));
        seen_only(statement, "t", &asked.business, &asked.record_type, &asked.sight);
        statement.sql(")");
    }
}

fn rows<'a>(asked: &'a Asked, free: &'static str) -> Rows<'a> {
    Rows { business: asked.business.as_str(), record_type: &asked.record_type, alias: "t", free }
}

fn is_one_column(term: &&Term) -> bool {
    matches!(term, Term::In(slot, values) if slot.column().is_some() && values.len() == 1)
}

fn column(slot: &Slot) -> String {
    format!("t.{}", slot.column().unwrap_or("id"))
}
