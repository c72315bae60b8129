//! The history of a root instance, in order.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::schema::running::{HistoryRow, history};
use super::statement::Statement;
use crate::model::history::{HistoryEntry, Pass, Passage};
use crate::model::ids::{BusinessId, InstanceId, NodeId};
use crate::model::time::Timestamp;
use diesel::prelude::*;
use diesel::sql_types::Text;
use std::collections::BTreeSet;

/// The entries of a root after this sequence number, at most `limit`.
pub fn list(
    conn: &mut Connection,
    business: &BusinessId,
    root: &InstanceId,
    after: i64,
    limit: i64,
) -> Result<Vec<HistoryEntry>, StoreError> {
    let rows = history::table
        .filter(history::business.eq(business.as_str()))
        .filter(history::root.eq(root.as_str()))
        .filter(history::sequence.gt(after))
        .order(history::sequence.asc())
        .limit(limit)
        .load::<HistoryRow>(conn)?;
    rows.into_iter().map(read).collect()
}

/// How tokens passed the nodes of one instance, root or called, in order.
pub fn passages(
    conn: &mut Connection,
    business: &BusinessId,
    root: &InstanceId,
    instance: &InstanceId,
) -> Result<Vec<Passage>, StoreError> {
    let kinds = [("node_entered", Pass::Entered), ("node_completed", Pass::Left), ("node_cancelled", Pass::Cancelled)];
    let rows = history::table
        .filter(history::business.eq(business.as_str()))
        .filter(history::root.eq(root.as_str()))
        .filter(history::instance.eq(instance.as_str()))
        .filter(history::kind.eq_any(kinds.map(|(kind, _)| kind)))
        .order(history::sequence.asc())
        .select((history::at, history::kind, history::node))
        .load::<(i64, String, Option<String>)>(conn)?;
    let passage = |(at, kind, node): (i64, String, Option<String>)| {
        let (_, pass) = kinds.into_iter().find(|(known, _)| *known == kind)?;
        Some(Passage { at: Timestamp(at), node: NodeId::from(node?), pass })
    };
    Ok(rows.into_iter().filter_map(passage).collect())
}

/// The nodes that any instance of any business was at, each with its process.
pub fn reached(conn: &mut Connection) -> Result<BTreeSet<(String, NodeId)>, StoreError> {
    let statement = Statement::new(
        "SELECT DISTINCT i.process, h.node FROM history AS h JOIN instances AS i ON i.business = h.business \
         AND i.id = h.instance WHERE h.node IS NOT NULL",
    );
    let rows = statement.load::<(Text, Text), (String, String)>(conn)?;
    Ok(rows.into_iter().map(|(process, node)| (process, NodeId::from(node))).collect())
}

fn read(row: HistoryRow) -> Result<HistoryEntry, StoreError> {
    Ok(HistoryEntry {
        data: json::read(&row.data, &format!("history entry {} of {}", row.sequence, row.root))?,
        business: row.business.into(),
        root: row.root.into(),
        sequence: row.sequence,
        at: Timestamp(row.at),
        instance: row.instance.into(),
        kind: row.kind,
        node: row.node.map(NodeId::from),
        actor: row.actor.into(),
    })
}
