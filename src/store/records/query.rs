//! Searching records: pages in any order, counts, and how the database goes about it.

use super::lead::{self, Lead};
use super::sight::Sight;
use super::term::{Slot, Term, Value};
use super::walk::{self, Phase, phases};
use super::{Loaded, LoadedTypes, RecordRow, read};
use crate::model::ids::{BusinessId, RecordId};
use crate::model::record::Record;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::explain;
use crate::store::page::{self, Count};
use crate::store::statement::Statement;
use diesel::sql_types::{Nullable, Text};

/// Which records are asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Their business.
    pub business: BusinessId,
    /// Their type.
    pub record_type: String,
    /// Of those that are seen.
    pub sight: Sight,
    /// That meet all of these.
    pub terms: Vec<Term>,
    /// Records that are few: what leaves no more of them is looked up first. [`FEW`](super::FEW), but in tests.
    pub few: i64,
}

/// A search.
#[derive(Debug, Clone)]
pub struct RecordQuery {
    /// Which.
    pub asked: Asked,
    /// In which order.
    pub order: Order,
    /// After this place.
    pub after: Option<After>,
    /// At most so many.
    pub limit: i64,
}

/// An order: by a value, then by id; records without the value come last, whatever the direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub by: By,
    /// What a record without the value lacks, or, of an entry, has: the entry that stands for none.
    pub lacking: Option<Slot>,
    /// The greatest first; ids go in the same direction.
    pub descending: bool,
}

/// What records are ordered by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// By id: in the order in which they were made.
    Id,
    /// By these columns.
    Columns(Vec<Slot>),
    /// By their index entry under this name.
    Entries {
        /// The name.
        name: String,
        /// With what the entry begins, and the least text behind everything that begins so.
        within: Option<(String, String)>,
    },
}

/// A place in an order: after this record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    /// Its value; empty when it has none, or when ids alone give the order.
    pub key: Vec<Value>,
    /// Its id.
    pub id: RecordId,
}

/// A page of records.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordPage {
    /// What was found.
    pub items: Vec<Record>,
    /// Where the next page begins; none on the last one.
    pub next: Option<After>,
}

impl RecordQuery {
    /// Every record of a type that is seen, in the order in which they were made, a hundred at most.
    pub fn of(business: BusinessId, record_type: &str, sight: Sight) -> RecordQuery {
        let asked = Asked { business, record_type: record_type.to_owned(), sight, terms: Vec::new(), few: lead::FEW };
        RecordQuery { asked, order: Order::made(), after: None, limit: 100 }
    }
}

impl Order {
    /// In the order in which records were made.
    pub fn made() -> Order {
        Order { by: By::Id, lacking: None, descending: false }
    }
}

/// A page of records.
pub fn search(conn: &mut Connection, query: &RecordQuery) -> Result<RecordPage, StoreError> {
    let lead = lead::lead(conn, &query.asked)?;
    page(conn, query, lead)
}

/// How many there are, whatever page is asked for.
pub fn count(conn: &mut Connection, asked: &Asked) -> Result<Count, StoreError> {
    let lead = lead::lead(conn, asked)?;
    number(conn, asked, lead)
}

/// A page, and how many there are.
pub fn search_and_count(conn: &mut Connection, query: &RecordQuery) -> Result<(RecordPage, Count), StoreError> {
    let lead = lead::lead(conn, &query.asked)?;
    let found = page(conn, query, lead)?;
    let count = match (&query.after, &found.next) {
        (None, None) => Count { number: i64::try_from(found.items.len()).unwrap_or(i64::MAX), more: false },
        _ => number(conn, &query.asked, lead)?,
    };
    Ok((found, count))
}

/// The ids of at most so many of them.
pub fn ids(conn: &mut Connection, asked: &Asked, most: i64) -> Result<Vec<RecordId>, StoreError> {
    let lead = lead::lead(conn, asked)?;
    let mut statement = Statement::default();
    if let Some(lead) = lead {
        lead::with(&mut statement, asked, lead);
    }
    statement.sql("SELECT t.id");
    walk::from_table(&mut statement, "records AS t", asked, lead);
    walk::conditions(&mut statement, asked, lead, "");
    statement.sql(" LIMIT ").int(most);
    Ok(statement.load::<Text, String>(conn)?.into_iter().map(RecordId).collect())
}

fn page(conn: &mut Connection, query: &RecordQuery, lead: Option<Lead>) -> Result<RecordPage, StoreError> {
    let wanted = query.limit.saturating_add(1);
    let mut found: Vec<(Record, After)> = Vec::new();
    for phase in phases(query, lead) {
        let more = wanted.saturating_sub(i64::try_from(found.len()).unwrap_or(wanted));
        if more > 0 {
            let mut statement = Statement::default();
            walk::page(&mut statement, conn, query, lead, &phase, more);
            found.extend(load(conn, &statement, &phase)?);
        }
    }
    let most = usize::try_from(query.limit).unwrap_or(0);
    let more = found.len() > most;
    found.truncate(most);
    let next = if more { found.last().map(|(_, after)| after.clone()) } else { None };
    Ok(RecordPage { items: found.into_iter().map(|(record, _)| record).collect(), next })
}

fn number(conn: &mut Connection, asked: &Asked, lead: Option<Lead>) -> Result<Count, StoreError> {
    let mut statement = Statement::default();
    if let Some(lead) = lead {
        lead::with(&mut statement, asked, lead);
    }
    statement.sql("SELECT COUNT(*) FROM (SELECT 1 AS one");
    walk::from_table(&mut statement, "records AS t", asked, lead);
    walk::conditions(&mut statement, asked, lead, "");
    page::count(conn, statement)
}

/// How the database goes about the first page: its own words, for tests and for whoever asks why a search is slow.
pub fn explain(conn: &mut Connection, query: &RecordQuery) -> Result<Vec<String>, StoreError> {
    let lead = lead::lead(conn, &query.asked)?;
    let mut said = Vec::new();
    for phase in phases(query, lead) {
        let mut statement = explain::explaining(conn);
        walk::page(&mut statement, conn, query, lead, &phase, query.limit.saturating_add(1));
        said.extend(explain::lines(conn, statement)?);
    }
    Ok(said)
}

fn load(conn: &mut Connection, statement: &Statement, phase: &Phase) -> Result<Vec<(Record, After)>, StoreError> {
    let rows = statement.load::<(LoadedTypes, Nullable<Text>), (Loaded, Option<String>)>(conn)?;
    let place = |(loaded, entry): (Loaded, Option<String>)| {
        let row = &loaded.0;
        let key = match phase {
            Phase::Valued(slots) => slots.iter().filter_map(|slot| held(row, slot)).collect(),
            Phase::Indexed(..) => entry.into_iter().map(Value::Text).collect(),
            Phase::Lacking(_) | Phase::Same(..) => Vec::new(),
        };
        let record = read(loaded)?;
        let after = After { key, id: record.id.clone() };
        Ok((record, after))
    };
    rows.into_iter().map(place).collect()
}

/// What a row holds in a column.
fn held(row: &RecordRow, slot: &Slot) -> Option<Value> {
    let text = |text: &Option<String>| text.clone().map(Value::Text);
    match slot {
        Slot::Id => Some(Value::Text(row.id.clone())),
        Slot::Owner => text(&row.owner),
        Slot::Status => text(&row.status),
        Slot::Stage => text(&row.stage),
        Slot::Amount => row.amount.map(Value::Number),
        Slot::Currency => text(&row.currency),
        Slot::Parent => text(&row.parent),
        Slot::Due => text(&row.due),
        Slot::Name => text(&row.name),
        Slot::CreatedAt => Some(Value::Number(row.created_at)),
        Slot::CreatedBy => Some(Value::Text(row.created_by.clone())),
        Slot::UpdatedAt => Some(Value::Number(row.updated_at)),
        Slot::Entry(_) => None,
    }
}
