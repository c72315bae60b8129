//! Records that approvals are about. The rows are written with the approvals by the batch write; who writes a record finds
//! here whom that concerns.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::schema::approval::BindingRow;
use super::schema::{Cell, Column, Kind, Row};
use super::set;
use super::statement::Statement;
use crate::model::ids::{BusinessId, InstanceId, NodeId, RecordId};
use diesel::sql_types::Text;
use std::collections::BTreeSet;

/// An approval that a record is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The record.
    pub record: RecordId,
    /// The approval.
    pub approval: String,
    /// Its root.
    pub root: InstanceId,
    /// Its instance.
    pub instance: InstanceId,
    /// The fields that it is about.
    pub fields: BTreeSet<String>,
    /// Whether they were approved and stay as they are.
    pub held: bool,
    /// Whether a change of these is not refused, but approved anew.
    pub reapprove: bool,
    /// Until when: the node that ends it; none: the end of the instance.
    pub until: Option<NodeId>,
}

/// The approvals that some of these records are about. Whoever asks has locked the records; an approval that is about to end
/// is waited for, so that what it holds is seen.
pub fn of(
    conn: &mut Connection,
    business: &BusinessId,
    record_type: &str,
    records: &[&RecordId],
) -> Result<Vec<Binding>, StoreError> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<&str> = records.iter().map(|record| record.as_str()).collect();
    let mut statement = Statement::new(format!("SELECT {} FROM approval_bindings AS t", BindingRow::list("t.")));
    statement.sql(" WHERE t.business = ").text(business.as_str()).sql(" AND t.record_type = ").text(record_type);
    statement.sql(" AND t.record").any_of(&ids).sql(" ORDER BY t.record, t.approval");
    if let Connection::Postgres(_) = conn {
        statement.sql(" FOR NO KEY UPDATE OF t");
    }
    let rows = statement.load::<<BindingRow as Row>::Types, BindingRow>(conn)?;
    rows.into_iter().map(read).collect()
}

/// These approvals have to look at their records again, before this transaction ends.
pub fn touch(conn: &mut Connection, business: &BusinessId, approvals: &[&str]) -> Result<(), StoreError> {
    if approvals.is_empty() {
        return Ok(());
    }
    let mut statement = Statement::new("UPDATE approval_bindings SET touched = 1 WHERE business = ");
    statement.text(business.as_str()).sql(" AND approval").any_of(approvals);
    statement.execute(conn)?;
    Ok(())
}

/// The approvals that have to look again, each with its root; they are not given twice.
pub fn take_touched(
    conn: &mut Connection,
    business: &BusinessId,
) -> Result<BTreeSet<(InstanceId, String)>, StoreError> {
    let mut statement = Statement::new("UPDATE approval_bindings SET touched = 0 WHERE touched > 0 AND business = ");
    statement.text(business.as_str()).sql(" RETURNING root, approval");
    let found = statement.load::<(Text, Text), (String, String)>(conn)?;
    Ok(found.into_iter().map(|(root, approval)| (root.into(), approval)).collect())
}

/// Of these approvals, by business and id, only these rows stay.
pub(super) fn keep(conn: &mut Connection, approvals: &[(&str, String)], rows: &[BindingRow]) -> Result<(), StoreError> {
    if approvals.is_empty() {
        return Ok(());
    }
    let columns = ["business", "approval"].map(|name| Column { name, kind: Kind::Text });
    let cells = approvals.iter().map(|(business, id)| vec![Cell::Text(Some(business)), Cell::Text(Some(id.as_str()))]);
    let mut statement = Statement::new("DELETE FROM approval_bindings AS t WHERE (t.business, t.approval) IN (");
    set::source(&mut statement, conn, &columns, cells.collect())?;
    statement.sql(") AND NOT EXISTS (SELECT 1 FROM (");
    set::source(&mut statement, conn, BindingRow::COLUMNS, rows.iter().map(Row::cells).collect())?;
    statement.sql(
        ") AS i WHERE i.business = t.business AND i.record_type = t.record_type AND i.record = t.record \
         AND i.approval = t.approval)",
    );
    statement.execute(conn)?;
    Ok(())
}

fn read(row: BindingRow) -> Result<Binding, StoreError> {
    let what = format!("the fields of approval {}", row.approval);
    Ok(Binding {
        fields: json::read(&row.fields, &what)?,
        record: RecordId(row.record),
        approval: row.approval,
        root: row.root.into(),
        instance: row.instance.into(),
        held: row.held > 0,
        reapprove: row.reapprove > 0,
        until: Some(row.until).filter(|until| !until.is_empty()).map(|until| NodeId::from(until.as_str())),
    })
}
