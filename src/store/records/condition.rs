//! Conditions on records as SQL, the same on both databases.

use super::lenses::{stand_as, stands_as};
use super::term::{Bounds, Slot, Term, Value};
use crate::store::statement::Statement;

/// The rows that a condition is put to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'a> {
    pub business: &'a str,
    pub record_type: &'a str,
    /// The name of the table in the statement; it has the columns of records.
    pub alias: &'static str,
    /// Written before a column: `+` keeps SQLite from walking another index than the one that gives the order.
    pub free: &'static str,
}

/// The condition, as an expression in brackets or without need of them.
pub(super) fn condition<'a>(statement: &mut Statement<'a>, rows: Rows<'a>, term: &'a Term) {
    match term {
        Term::In(slot, values) => put(statement, rows, slot, |statement, column| one_of(statement, column, values)),
        Term::Between(slot, bounds) => {
            put(statement, rows, slot, |statement, column| {
                // A record has few entries, a range may have many: the record leads.
                let column = if matches!(slot, Slot::Entry(_)) { format!("{}{column}", rows.free) } else { column };
                between(statement, &column, bounds);
            });
        }
        Term::Has(slot) => match slot.column() {
            Some(column) => {
                statement.sql(format!("{}.{column} IS NOT NULL", rows.alias));
            }
            None => put(statement, rows, slot, any_value),
        },
        Term::Lacks(slot) => match slot.column() {
            Some(column) => {
                statement.sql(format!("{}{}.{column} IS NULL", rows.free, rows.alias));
            }
            None => put(statement.sql("NOT "), rows, slot, any_value),
        },
        Term::Below { slot, record_type, root } => {
            let column = slot.column().unwrap_or("parent");
            statement.sql(format!("{}{}.{column} IN (", rows.free, rows.alias));
            below(statement, rows.business, record_type, root.as_str());
            statement.sql(")");
        }
        Term::Word { entries, word } => {
            entry(statement, rows);
            stand_as(statement.sql(" AND x.field"), rows.business, rows.record_type, entries);
            statement.sql(" AND x.value = ").text(word.as_str()).sql(")");
        }
        Term::Not(term) => {
            statement.sql("(");
            condition(statement, rows, term);
            statement.sql(") IS NOT TRUE");
        }
        Term::All(terms) => several(statement, rows, terms, "TRUE", " AND "),
        Term::Any(terms) => several(statement, rows, terms, "FALSE", " OR "),
    }
}

/// `SELECT` of the ids of a record and everything below it.
pub(super) fn below<'a>(statement: &mut Statement<'a>, business: &'a str, record_type: &'a str, root: &'a str) {
    // UNION and not UNION ALL: a circle ends.
    statement.sql("WITH RECURSIVE tree(id) AS (SELECT r.id FROM records AS r WHERE r.business = ").text(business);
    statement.sql(" AND r.record_type = ").text(record_type).sql(" AND r.id = ").text(root);
    statement.sql(" UNION SELECT r.id FROM tree AS p JOIN records AS r ON r.parent = p.id WHERE r.business = ");
    statement.text(business).sql(" AND r.record_type = ").text(record_type).sql(") SELECT tree.id FROM tree");
}

/// `column = value`, for any of these.
pub(in crate::store) fn one_of<'a>(statement: &mut Statement<'a>, column: String, values: &'a [Value]) {
    match values {
        [] => {
            statement.sql("FALSE");
        }
        [Value::Text(_), _, ..] => {
            let texts = values.iter().filter_map(|value| if let Value::Text(text) = value { Some(text) } else { None });
            statement.sql(column).any_of(texts);
        }
        values => {
            for (position, one) in values.iter().enumerate() {
                statement.sql(if position == 0 { "(" } else { " OR " }).sql(format!("{column} = "));
                value(statement, one);
            }
            statement.sql(")");
        }
    }
}

/// `column >= … AND column < …`
pub(in crate::store) fn between<'a>(statement: &mut Statement<'a>, column: &str, bounds: &'a Bounds) {
    statement.sql("(TRUE");
    if let Some((least, with)) = &bounds.least {
        statement.sql(format!(" AND {column} {} ", if *with { ">=" } else { ">" }));
        value(statement, least);
    }
    if let Some((most, with)) = &bounds.most {
        statement.sql(format!(" AND {column} {} ", if *with { "<=" } else { "<" }));
        value(statement, most);
    }
    statement.sql(")");
}

/// A value.
pub(super) fn value<'a>(statement: &mut Statement<'a>, value: &'a Value) {
    match value {
        Value::Number(number) => statement.int(*number),
        Value::Text(text) => statement.text(text.as_str()),
    };
}

/// A comparison with a column, or with an entry of the record.
fn put<'a>(
    statement: &mut Statement<'a>,
    rows: Rows<'a>,
    slot: &'a Slot,
    compare: impl FnOnce(&mut Statement<'a>, String),
) {
    match slot {
        Slot::Entry(name) => {
            entry(statement, rows);
            stands_as(statement.sql(" AND x.field = "), rows.business, rows.record_type, name);
            statement.sql(" AND ");
            compare(statement, "x.value".to_owned());
            statement.sql(")");
        }
        slot => compare(statement, format!("{}{}.{}", rows.free, rows.alias, slot.column().unwrap_or("id"))),
    }
}

fn any_value(statement: &mut Statement, _: String) {
    statement.sql("TRUE");
}

/// `EXISTS (…` with the entries of the record as `x`; the caller closes it.
fn entry<'a>(statement: &mut Statement<'a>, rows: Rows<'a>) {
    statement.sql("EXISTS (SELECT 1 FROM record_index AS x WHERE x.business = ").text(rows.business);
    statement.sql(" AND x.record_type = ").text(rows.record_type);
    statement.sql(format!(" AND x.record = {}.id", rows.alias));
}

fn several<'a>(
    statement: &mut Statement<'a>,
    rows: Rows<'a>,
    terms: &'a [Term],
    none: &'static str,
    between: &'static str,
) {
    if terms.is_empty() {
        statement.sql(none);
        return;
    }
    for (position, term) in terms.iter().enumerate() {
        statement.sql(if position == 0 { "(" } else { between });
        condition(statement, rows, term);
    }
    statement.sql(")");
}
