//! The journal of merges: what each one wrote, and which are undone.

use crate::model::ids::{BusinessId, MergeId, RecordId};
use crate::model::merge::{Merge, Part, Undone, Written};
use crate::model::time::Timestamp;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::json;
use crate::store::page::{self, Count};
use crate::store::schema::Row;
use crate::store::schema::merge::{MergeRecordRow, MergeRow, record_merge_rows, record_merges};
use crate::store::set::{self, Taken};
use crate::store::statement::Statement;
use diesel::prelude::*;
use diesel::sql_types::Text;

/// A record that a merge wrote, and a later merge wrote again that is not undone.
#[derive(Debug, Clone, PartialEq)]
pub struct Later {
    /// The later merge.
    pub merge: MergeId,
    /// The part of the record in the earlier merge.
    pub before: Part,
    /// Its part in the later one.
    pub part: Part,
    /// The record.
    pub record: RecordId,
    /// The fields that the later one changed.
    pub fields: Vec<String>,
}

/// Keeps a merge and what it wrote.
pub fn insert(conn: &mut Connection, merge: &Merge, written: &[Written]) -> Result<(), StoreError> {
    let rows = written.iter().map(|written| {
        Ok(MergeRecordRow {
            business: merge.business.0.clone(),
            merge: merge.id.0.clone(),
            record_type: written.record_type.clone(),
            record: written.record.0.clone(),
            part: written.part.name().to_owned(),
            version: written.version,
            before: written.before.as_ref().map(json::text).transpose()?,
            changes: json::text(&written.changes)?,
        })
    });
    let rows = rows.collect::<Result<Vec<_>, StoreError>>()?;
    set::insert(conn, &[row(merge)?], Taken::Fail)?;
    set::insert(conn, &rows, Taken::Fail)
}

/// A merge of records of a type.
pub fn find(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    id: &MergeId,
) -> Result<Option<Merge>, StoreError> {
    let found = record_merges::table
        .find((business.as_str(), id.as_str()))
        .filter(record_merges::record_type.eq(record_type))
        .first::<MergeRow>(conn)
        .optional()?;
    found.map(read).transpose()
}

/// What a merge wrote, by type and id.
pub fn written(conn: &mut Connection, business: &BusinessId, id: &MergeId) -> Result<Vec<Written>, StoreError> {
    let rows = record_merge_rows::table
        .filter(record_merge_rows::business.eq(business.as_str()))
        .filter(record_merge_rows::merge.eq(id.as_str()))
        .order((record_merge_rows::record_type.asc(), record_merge_rows::record.asc()))
        .load::<MergeRecordRow>(conn)?;
    rows.into_iter().map(read_written).collect()
}

/// A merge is undone; whether it was not yet.
pub fn undo(conn: &mut Connection, business: &BusinessId, id: &MergeId, undone: &Undone) -> Result<bool, StoreError> {
    let open = record_merges::table.find((business.as_str(), id.as_str())).filter(record_merges::undone_at.is_null());
    let values = (
        record_merges::undone_at.eq(undone.at.0),
        record_merges::undone_by.eq(undone.by.as_str()),
        record_merges::undone_reason.eq(undone.reason.as_str()),
    );
    Ok(diesel::update(open).set(values).execute(conn)? > 0)
}

/// The merges of a record, whatever its part was of the two, the newest first: those before an id (none: from the
/// newest), at most `limit`.
pub fn of_record(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    record: &RecordId,
    before: Option<&MergeId>,
    limit: i64,
) -> Result<Vec<Merge>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {}", MergeRow::list("t.")));
    concerning(&mut statement, business, record_type, record);
    if let Some(before) = before {
        statement.sql(" AND t.id < ").text(before.as_str());
    }
    statement.sql(" ORDER BY t.id DESC LIMIT ").int(limit);
    statement.load::<<MergeRow as Row>::Types, MergeRow>(conn)?.into_iter().map(read).collect()
}

/// How many there are.
pub fn count(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    record: &RecordId,
) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    concerning(&mut statement, business, record_type, record);
    page::count(conn, statement)
}

/// What later merges that are not undone wrote of the records that a merge wrote, by merge and record.
pub fn later(conn: &mut Connection, business: &BusinessId, id: &MergeId) -> Result<Vec<Later>, StoreError> {
    let mut statement = Statement::new(
        "SELECT o.merge, t.part, o.part, o.record, o.changes FROM record_merge_rows AS t \
         JOIN record_merge_rows AS o ON o.business = t.business AND o.record_type = t.record_type \
         AND o.record = t.record AND o.version > t.version \
         JOIN record_merges AS m ON m.business = o.business AND m.id = o.merge AND m.undone_at IS NULL \
         WHERE t.business = ",
    );
    statement.text(business.as_str()).sql(" AND t.merge = ").text(id.as_str());
    statement.sql(" ORDER BY o.merge, o.record_type, o.record");
    let rows = statement.load::<(Text, Text, Text, Text, Text), (String, String, String, String, String)>(conn)?;
    let later = |(merge, before, own, record, changes): (String, String, String, String, String)| {
        let what = format!("the merge {merge}");
        let changes: serde_json::Map<String, serde_json::Value> = json::read(&changes, &what)?;
        Ok(Later {
            before: part(&before, &what)?,
            part: part(&own, &what)?,
            merge: MergeId(merge),
            record: RecordId(record),
            fields: changes.into_iter().map(|(field, _)| field).collect(),
        })
    };
    rows.into_iter().map(later).collect()
}

/// The merges that made redirects of these records and are not undone, by id.
pub fn losing(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    losers: &[RecordId],
) -> Result<Vec<MergeId>, StoreError> {
    let losers: Vec<&str> = losers.iter().map(RecordId::as_str).collect();
    let mut statement = Statement::new("SELECT t.id FROM record_merges AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND t.loser").any_of(&losers).sql(" AND t.undone_at IS NULL ORDER BY t.id");
    Ok(statement.load::<Text, String>(conn)?.into_iter().map(MergeId).collect())
}

fn concerning<'a>(statement: &mut Statement<'a>, business: &'a BusinessId, record_type: &'a str, record: &'a RecordId) {
    statement.sql(" FROM record_merges AS t WHERE t.business = ").text(business.as_str());
    statement.sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND (t.winner = ").text(record.as_str()).sql(" OR t.loser = ").text(record.as_str()).sql(")");
}

fn row(merge: &Merge) -> Result<MergeRow, StoreError> {
    let Merge { business, id, record_type, winner, loser, at, by, reason, instance, choices, repointed, undone } =
        merge.clone();
    Ok(MergeRow {
        business: business.0,
        id: id.0,
        record_type,
        winner: winner.0,
        loser: loser.0,
        merged_at: at.0,
        merged_by: by.0,
        reason,
        instance,
        choices: json::text(&choices)?,
        repointed,
        undone_at: undone.as_ref().map(|undone| undone.at.0),
        undone_by: undone.as_ref().map(|undone| undone.by.0.clone()),
        undone_reason: undone.map(|undone| undone.reason),
    })
}

fn read(row: MergeRow) -> Result<Merge, StoreError> {
    let undone = row.undone_at.zip(row.undone_by).map(|(at, by)| Undone {
        at: Timestamp(at),
        by: by.into(),
        reason: row.undone_reason.unwrap_or_default(),
    });
    Ok(Merge {
        choices: json::read(&row.choices, &format!("the merge {}", row.id))?,
        business: row.business.into(),
        id: row.id.into(),
        record_type: row.record_type,
        winner: row.winner.into(),
        loser: row.loser.into(),
        at: Timestamp(row.merged_at),
        by: row.merged_by.into(),
        reason: row.reason,
        instance: row.instance,
        repointed: row.repointed,
        undone,
    })
}

fn read_written(row: MergeRecordRow) -> Result<Written, StoreError> {
    let what = format!("the merge {}", row.merge);
    Ok(Written {
        part: part(&row.part, &what)?,
        before: row.before.as_deref().map(|text| json::read(text, &what)).transpose()?,
        changes: json::read(&row.changes, &what)?,
        record_type: row.record_type,
        record: row.record.into(),
        version: row.version,
    })
}

fn part(word: &str, what: &str) -> Result<Part, StoreError> {
    let unknown = || StoreError::Unreadable { what: what.to_owned(), reason: format!("\"{word}\" is no part") };
    Part::parse(word).ok_or_else(unknown)
}
