//! Which condition leads a search: one that leaves few records is looked up first and the others are asked of those
//! few; when none does, the records are walked in the order that is asked for.
//!
//! Decided by counting index entries up to a limit, so that it is the same on both databases and depends on no
//! statistics.

use super::condition::{Rows, between, condition, one_of};
use super::lenses::{stand_as, stands_as};
use super::query::Asked;
use super::sight::{Sight, Tie, seen_ids};
use super::term::{Slot, Term};
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::statement::Statement;
use diesel::sql_types::BigInt;

/// Records that are few: so many are looked through without an index, and looked up before the others.
pub const FEW: i64 = 10_000;
/// So few that nothing better is looked for.
const VERY_FEW: i64 = 200;

/// The condition that leads.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lead<'a> {
    /// What the caller sees.
    Sight(&'a [Tie]),
    /// One of the terms.
    Term(&'a Term),
}

/// The condition that leaves the fewest records, when these are few.
pub(super) fn lead<'a>(conn: &mut Connection, asked: &'a Asked) -> Result<Option<Lead<'a>>, StoreError> {
    let sight = if let Sight::Any(ties) = &asked.sight { Some(Lead::Sight(ties)) } else { None };
    let terms = asked.terms.iter().filter(|term| leads(term)).map(Lead::Term);
    let mut best: Option<(i64, Lead)> = None;
    for candidate in terms.chain(sight) {
        let mut statement = Statement::new("SELECT COUNT(*) FROM (SELECT 1 AS one FROM (");
        ids(&mut statement, asked, candidate);
        statement.sql(format!(") AS q LIMIT {}) AS few", asked.few + 1));
        let number = statement.load::<BigInt, i64>(conn)?.into_iter().next().unwrap_or(0);
        if number <= asked.few && best.is_none_or(|(least, _)| number < least) {
            best = Some((number, candidate));
        }
        if best.is_some_and(|(least, _)| least <= VERY_FEW) {
            break;
        }
    }
    Ok(best.map(|(_, lead)| lead))
}

/// `WITH d(id) AS …`: the ids that the lead leaves.
pub(super) fn with<'a>(statement: &mut Statement<'a>, asked: &'a Asked, lead: Lead<'a>) {
    statement.sql("WITH d(id) AS MATERIALIZED (SELECT DISTINCT q.id FROM (");
    ids(statement, asked, lead);
    statement.sql(format!(") AS q LIMIT {}) ", asked.few));
}

fn ids<'a>(statement: &mut Statement<'a>, asked: &'a Asked, lead: Lead<'a>) {
    match lead {
        Lead::Sight(ties) => seen_ids(statement, &asked.business, &asked.record_type, ties, asked.few + 1),
        Lead::Term(term) => ids_of(statement, asked, term),
    }
}

/// Whether the records that meet it, or a little more, can be found by an index.
fn leads(term: &Term) -> bool {
    match term {
        Term::In(..) | Term::Between(..) | Term::Below { .. } | Term::Word { .. } => true,
        Term::Has(slot) => slot.column().is_none(),
        Term::Lacks(slot) => slot.column().is_some(),
        Term::Not(_) => false,
        Term::All(terms) => terms.iter().any(leads),
        Term::Any(terms) => !terms.is_empty() && terms.iter().all(leads),
    }
}

/// `SELECT` of these ids; only of a term that [`leads`].
fn ids_of<'a>(statement: &mut Statement<'a>, asked: &'a Asked, term: &'a Term) {
    let (business, record_type) = (asked.business.as_str(), asked.record_type.as_str());
    match term {
        Term::Any(terms) => {
            for (position, term) in terms.iter().enumerate() {
                statement.sql(if position == 0 { "SELECT q.id FROM (" } else { " UNION ALL SELECT q.id FROM (" });
                ids_of(statement, asked, term);
                statement.sql(format!(" LIMIT {}) AS q", asked.few + 1));
            }
        }
        Term::All(terms) if !term.of_columns() => {
            if let Some(term) = terms.iter().find(|term| leads(term)) {
                ids_of(statement, asked, term);
            }
        }
        Term::In(Slot::Entry(name), values) => {
            one_of(entries(statement, asked, name), "i.value".to_owned(), values);
        }
        Term::Between(Slot::Entry(name), bounds) => between(entries(statement, asked, name), "i.value", bounds),
        Term::Has(Slot::Entry(name)) => {
            entries(statement, asked, name).sql("TRUE");
        }
        Term::Word { entries, word } => {
            statement.sql("SELECT i.record AS id FROM record_index AS i WHERE i.business = ").text(business);
            statement.sql(" AND i.record_type = ").text(record_type);
            stand_as(statement.sql(" AND i.field"), business, record_type, entries);
            statement.sql(" AND i.value = ").text(word.as_str());
        }
        term => {
            statement.sql("SELECT i.id FROM records AS i WHERE i.business = ").text(business);
            statement.sql(" AND i.record_type = ").text(record_type).sql(" AND ");
            condition(statement, Rows { business, record_type, alias: "i", free: "" }, term);
        }
    }
}

fn entries<'s, 'a>(statement: &'s mut Statement<'a>, asked: &'a Asked, name: &'a str) -> &'s mut Statement<'a> {
    statement.sql("SELECT i.record AS id FROM record_index AS i WHERE i.business = ").text(asked.business.as_str());
    statement.sql(" AND i.record_type = ").text(asked.record_type.as_str());
    stands_as(statement.sql(" AND i.field = "), &asked.business.0, &asked.record_type, name);
    statement.sql(" AND ")
}
