//! The history of records: who changed which field from what to what, when and why.

use crate::model::ids::{BusinessId, RecordId};
use crate::model::record::FieldChange;
use crate::model::time::Timestamp;
use crate::store::connection::Connection;
use crate::store::error::StoreError;
use crate::store::json;
use crate::store::page::{self, Count, Cursor, Page};
use crate::store::schema::Row;
use crate::store::schema::record::ChangeRow;
use crate::store::set::{self, Taken};
use crate::store::statement::Statement;

/// Changes that are left out: those of a field, kept after an instant and until another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// The name that they are kept under.
    pub field: String,
    /// Only what was kept later than this.
    pub after: Option<Timestamp>,
    /// Only what was kept at this instant or before.
    pub until: Option<Timestamp>,
}

/// Keeps changes of records of a type.
pub fn changes_insert(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    changes: &[(&RecordId, FieldChange)],
) -> Result<(), StoreError> {
    let rows = changes.iter().map(|(record, change)| {
        let FieldChange { version, field, old, new, by, at, reason, instance, through } = change;
        Ok(ChangeRow {
            business: business.0.clone(),
            record_type: record_type.to_owned(),
            record: record.0.clone(),
            version: *version,
            field: field.clone(),
            old: json::text(old)?,
            new: json::text(new)?,
            actor: by.0.clone(),
            at: at.0,
            reason: reason.clone(),
            instance: instance.clone(),
            through: through.clone(),
        })
    });
    set::insert(conn, &rows.collect::<Result<Vec<_>, StoreError>>()?, Taken::Fail)
}

/// A page of the changes of a record, the oldest first, but for those of hidden fields: after a version and a field, at
/// most `limit`.
pub fn history(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    record: &RecordId,
    hidden: &[Hidden],
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Page<FieldChange>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {}", ChangeRow::list("h.")));
    of(&mut statement, business, record_type, record);
    without(&mut statement, hidden);
    if let Some(Cursor { key, id }) = after {
        statement.sql(" AND (h.version > ").int(*key).sql(" OR (h.version = ").int(*key);
        statement.sql(" AND h.field > ").text(id.as_str()).sql("))");
    }
    statement.sql(" ORDER BY h.version, h.field LIMIT ").int(limit.saturating_add(1));
    let rows = statement.load::<<ChangeRow as Row>::Types, ChangeRow>(conn)?;
    let cursor = |row: &ChangeRow| Cursor { key: row.version, id: row.field.clone() };
    Page::cut(rows, limit, cursor).try_map(read)
}

/// How many changes there are but for those of hidden fields, whatever page is asked for.
pub fn history_count(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    record: &RecordId,
    hidden: &[Hidden],
) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    of(&mut statement, business, record_type, record);
    without(&mut statement, hidden);
    page::count(conn, statement)
}

fn without<'a>(statement: &mut Statement<'a>, hidden: &'a [Hidden]) {
    for Hidden { field, after, until } in hidden {
        statement.sql(" AND NOT (h.field = ").text(field.as_str());
        if let Some(after) = after {
            statement.sql(" AND h.at > ").int(after.0);
        }
        if let Some(until) = until {
            statement.sql(" AND h.at <= ").int(until.0);
        }
        statement.sql(")");
    }
}

/// `FROM` the changes of a record.
pub(super) fn of<'a>(
    statement: &mut Statement<'a>,
    business: &'a BusinessId,
    record_type: &'a str,
    record: &'a RecordId,
) {
    statement.sql(" FROM record_history AS h WHERE h.business = ").text(business.as_str());
    statement.sql(" AND h.record_type = ").text(record_type).sql(" AND h.record = ").text(record.as_str());
}

pub(super) fn read(row: ChangeRow) -> Result<FieldChange, StoreError> {
    let what = format!("a change of {} {}", row.record_type, row.record);
    Ok(FieldChange {
        old: json::read(&row.old, &what)?,
        new: json::read(&row.new, &what)?,
        version: row.version,
        field: row.field,
        by: row.actor.into(),
        at: Timestamp(row.at),
        reason: row.reason,
        instance: row.instance,
        through: row.through,
    })
}
