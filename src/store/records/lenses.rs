//! How records that were kept under earlier rules of their type read now: the lens of each stamp, the names under which
//! their keys and index entries still stand, and what became of names for ever.

use crate::model::ids::{BusinessId, RecordId};
use crate::model::lens::{Lens, Rename};
use crate::model::time::Timestamp;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::json;
use crate::store::schema::record::{AliasRow, LensRow, RenameRow, record_aliases, record_lenses, record_renames};
use crate::store::set::{self, Taken};
use crate::store::statement::Statement;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

/// The stamp of records from before there were stamps.
pub const UNSTAMPED: &str = "";

/// What an alias stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AliasKind {
    /// A name in the index.
    Field,
    /// The name of a unique rule.
    Rule,
    /// A name in the index that nobody searches by any more; its entries are being taken away.
    Spent,
}

/// A name under which entries of records with an earlier stamp stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// Of what.
    pub kind: AliasKind,
    /// The name that is kept.
    pub stored: String,
    /// The name of now.
    pub name: String,
}

/// The lens of each stamp that may still have records, by stamp.
pub fn lenses(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
) -> Result<Vec<(String, Lens)>, StoreError> {
    let rows = record_lenses::table
        .filter(record_lenses::business.eq(business.as_str()))
        .filter(record_lenses::record_type.eq(record_type))
        .order(record_lenses::stamp.asc())
        .load::<LensRow>(conn)?;
    rows.into_iter().map(|row| Ok((row.stamp.clone(), read(&row.lens, record_type)?))).collect()
}

/// Sets the lenses of a type in place of those it had.
pub fn lenses_replace(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    lenses: &[(String, Lens)],
) -> Result<(), StoreError> {
    set::delete(conn, "record_lenses", &["business", "record_type"], &[vec![business.as_str(), record_type]])?;
    let rows = lenses.iter().map(|(stamp, lens)| {
        Ok(LensRow {
            business: business.0.clone(),
            record_type: record_type.to_owned(),
            stamp: stamp.clone(),
            lens: json::text(lens)?,
        })
    });
    set::insert(conn, &rows.collect::<Result<Vec<_>, StoreError>>()?, Taken::Fail)
}

/// The aliases of a type.
pub fn aliases(conn: &mut Connection, business: &BusinessId, record_type: &str) -> Result<Vec<Alias>, StoreError> {
    let rows = record_aliases::table
        .filter(record_aliases::business.eq(business.as_str()))
        .filter(record_aliases::record_type.eq(record_type))
        .order((record_aliases::kind.asc(), record_aliases::stored.asc()))
        .load::<AliasRow>(conn)?;
    let kind = |row: &AliasRow| match row.kind.as_str() {
        "rule" => AliasKind::Rule,
        "spent" => AliasKind::Spent,
        _ => AliasKind::Field,
    };
    Ok(rows.into_iter().map(|row| Alias { kind: kind(&row), stored: row.stored, name: row.name }).collect())
}

/// Sets the aliases of a type in place of those it had.
pub fn aliases_replace(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    aliases: &[Alias],
) -> Result<(), StoreError> {
    set::delete(conn, "record_aliases", &["business", "record_type"], &[vec![business.as_str(), record_type]])?;
    let rows: Vec<AliasRow> = aliases
        .iter()
        .map(|Alias { kind, stored, name }| AliasRow {
            business: business.0.clone(),
            record_type: record_type.to_owned(),
            kind: word(*kind).to_owned(),
            stored: stored.clone(),
            name: name.clone(),
        })
        .collect();
    set::insert(conn, &rows, Taken::Fail)
}

/// What became of the fields of a type, in order.
pub fn renames(conn: &mut Connection, business: &BusinessId, record_type: &str) -> Result<Vec<Rename>, StoreError> {
    let rows = record_renames::table
        .filter(record_renames::business.eq(business.as_str()))
        .filter(record_renames::record_type.eq(record_type))
        .order((record_renames::sequence.asc(), record_renames::field.asc()))
        .load::<RenameRow>(conn)?;
    let rename = |row: RenameRow| {
        let filled = row.filled.as_deref().map(|text| json::read(text, &format!("a default of {record_type}")));
        let RenameRow { field, name, hidden, at, .. } = row;
        Ok(Rename { field, name, hidden, filled: filled.transpose()?, at: Timestamp(at) })
    };
    rows.into_iter().map(rename).collect()
}

/// Every name that a field of a type of a business got in place of another one, (before, after), in order for each type.
pub fn names_became(conn: &mut Connection, business: &BusinessId) -> Result<Vec<(String, String)>, StoreError> {
    let mut statement = Statement::new("SELECT field, name FROM record_renames WHERE business = ");
    statement.text(business.as_str()).sql(" AND name IS NOT NULL AND filled IS NULL");
    statement.sql(" ORDER BY record_type, sequence, field");
    statement.load::<(Text, Text), (String, String)>(conn)
}

/// Keeps what became of the fields of a type at once, after all that became of them before.
pub fn renames_insert(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    renames: &[Rename],
) -> Result<(), StoreError> {
    let mut last =
        Statement::new("SELECT CAST(COALESCE(MAX(sequence), 0) AS BIGINT) FROM record_renames WHERE business = ");
    last.text(business.as_str()).sql(" AND record_type = ").text(record_type);
    let sequence = last.load::<BigInt, i64>(conn)?.first().map_or(1, |last| last + 1);
    let rows = renames.iter().map(|Rename { field, name, hidden, filled, at }| {
        Ok(RenameRow {
            business: business.0.clone(),
            record_type: record_type.to_owned(),
            sequence,
            field: field.clone(),
            name: name.clone(),
            hidden: *hidden,
            filled: filled.as_ref().map(json::text).transpose()?,
            at: at.0,
        })
    });
    set::insert(conn, &rows.collect::<Result<Vec<_>, StoreError>>()?, Taken::Fail)
}

/// Types that have lenses or aliases, of all businesses: some of their records may be kept under earlier rules.
pub fn with_lenses(conn: &mut Connection) -> Result<Vec<(BusinessId, String)>, StoreError> {
    let statement = Statement::new(
        "SELECT business, record_type FROM record_lenses UNION SELECT business, record_type FROM record_aliases \
         ORDER BY business, record_type",
    );
    let rows = statement.load::<(Text, Text), (String, String)>(conn)?;
    Ok(rows.into_iter().map(|(business, record_type)| (business.into(), record_type)).collect())
}

/// The lens of the record `t` as a column; none for one that reads as it is kept.
pub(super) const LENS: &str = "(SELECT l.lens FROM record_lenses AS l WHERE l.business = t.business \
                               AND l.record_type = t.record_type AND l.stamp = COALESCE(t.derived, ''))";

/// The name that index entries of this name stand under: one text, so that an index is walked as by the name itself.
pub(super) fn stands_as<'a>(statement: &mut Statement<'a>, business: &'a str, record_type: &'a str, name: &'a str) {
    statement.entry_name(business, record_type, name);
}

/// The same for the type and the name that stand in these columns.
pub(super) fn stand_in<'a>(statement: &mut Statement<'a>, business: &'a str, record_type: &str, name: &str) {
    statement.sql("COALESCE((SELECT a.stored FROM record_aliases AS a WHERE a.business = ").text(business);
    statement.sql(format!(" AND a.record_type = {record_type} AND a.kind = 'field' AND a.name = {name}), {name})"));
}

/// ` IN (…)` the names that entries of one of these names stand under.
pub(super) fn stand_as<'a>(
    statement: &mut Statement<'a>,
    business: &'a str,
    record_type: &'a str,
    names: &'a [String],
) {
    for (position, name) in names.iter().enumerate() {
        statement.sql(if position == 0 { " IN (" } else { ", " });
        stands_as(statement, business, record_type, name);
    }
    statement.sql(if names.is_empty() { " IN (NULL)" } else { ")" });
}

/// Index entries (name, value) of records.
type Entries<'r> = (&'r RecordId, Vec<(String, String)>);

/// The same entries, and those that have another name now under the one that all others still stand under, too: whoever
/// searches by that name finds every record, brought to the new one or not.
pub(super) fn also_under<'r>(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    records: &[Entries<'r>],
) -> Result<Vec<Entries<'r>>, StoreError> {
    let aliases: Vec<Alias> =
        aliases(conn, business, record_type)?.into_iter().filter(|alias| alias.kind == AliasKind::Field).collect();
    let twice = |(record, entries): &Entries<'r>| {
        let old = entries.iter().flat_map(|(name, value)| {
            let known = aliases.iter().filter(move |alias| alias.name == *name);
            known.map(move |alias| (alias.stored.clone(), value.clone()))
        });
        (*record, entries.iter().cloned().chain(old).collect())
    };
    Ok(records.iter().map(twice).collect())
}

/// Takes some entries away that stand under a name which nobody searches by any more; how many.
pub fn sweep(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    name: &str,
    limit: i64,
) -> Result<i64, StoreError> {
    let mut statement = Statement::new("DELETE FROM record_index WHERE business = ");
    statement.text(business.as_str()).sql(" AND record_type = ").text(record_type).sql(" AND field = ").text(name);
    statement.sql(" AND (value, record) IN (SELECT x.value, x.record FROM record_index AS x WHERE x.business = ");
    statement.text(business.as_str()).sql(" AND x.record_type = ").text(record_type);
    statement.sql(" AND x.field = ").text(name).sql(" LIMIT ").int(limit).sql(")");
    Ok(i64::try_from(statement.execute(conn)?).unwrap_or(i64::MAX))
}

/// The lens in a column.
pub(super) fn read(text: &str, record_type: &str) -> Result<Lens, StoreError> {
    json::read(text, &format!("a lens of {record_type}"))
}

fn word(kind: AliasKind) -> &'static str {
    match kind {
        AliasKind::Field => "field",
        AliasKind::Rule => "rule",
        AliasKind::Spent => "spent",
    }
}
