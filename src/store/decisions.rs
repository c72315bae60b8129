//! Decision records: one, and pages of them, the newest first.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::page::{self, Count, Cursor, Page};
use super::schema::Row;
use super::schema::running::{DecisionRow, decisions};
use super::statement::Statement;
use super::visible::{self, Visible};
use crate::model::decision::Decision;
use crate::model::expression::FunctionRef;
use crate::model::ids::{BusinessId, DecisionId, InstanceId};
use crate::model::time::Timestamp;
use diesel::prelude::*;

/// Which decisions are asked for.
#[derive(Debug, Clone)]
pub struct DecisionQuery {
    /// Their business.
    pub business: BusinessId,
    /// Made in instances that the caller sees.
    pub visible: Visible,
    /// Made by this function.
    pub function: Option<FunctionRef>,
    /// Made in this instance; a root means everything inside it.
    pub instance: Option<InstanceId>,
    /// Made at or after this instant.
    pub since: Option<Timestamp>,
    /// Made before this instant.
    pub until: Option<Timestamp>,
    /// After this place.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: i64,
}

/// A decision.
pub fn find(conn: &mut Connection, business: &BusinessId, id: &DecisionId) -> Result<Option<Decision>, StoreError> {
    let found = decisions::table.find((business.as_str(), id.as_str())).first::<DecisionRow>(conn).optional()?;
    found.map(read).transpose()
}

/// A page of decisions.
pub fn search(conn: &mut Connection, query: &DecisionQuery) -> Result<Page<Decision>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {}", DecisionRow::list("t.")));
    filter(&mut statement, query);
    if let Some(after) = &query.after {
        statement.sql(" AND (t.at, t.id) < (").int(after.key).sql(", ").text(after.id.as_str()).sql(")");
    }
    statement.sql(" ORDER BY t.at DESC, t.id DESC LIMIT ").int(query.limit.saturating_add(1));
    let rows = statement.load::<<DecisionRow as Row>::Types, DecisionRow>(conn)?;
    Page::cut(rows, query.limit, |row| Cursor { key: row.at, id: row.id.clone() }).try_map(read)
}

/// How many there are, whatever page is asked for.
pub fn count(conn: &mut Connection, query: &DecisionQuery) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    filter(&mut statement, query);
    page::count(conn, statement)
}

fn filter<'a>(statement: &mut Statement<'a>, query: &'a DecisionQuery) {
    statement.sql(" FROM decisions AS t WHERE t.business = ").text(query.business.as_str());
    if let Some(FunctionRef { plugin, function }) = &query.function {
        statement.sql(" AND t.plugin = ").text(plugin.as_str()).sql(" AND t.function = ").text(function.as_str());
    }
    if let Some(instance) = &query.instance {
        super::instances::of(statement, instance);
    }
    visible::within(statement, "t.instance", &query.business, &query.visible);
    for (compare, instant) in [(">=", query.since), ("<", query.until)] {
        if let Some(instant) = instant {
            statement.sql(format!(" AND t.at {compare} ")).int(instant.0);
        }
    }
}

fn read(row: DecisionRow) -> Result<Decision, StoreError> {
    let what = format!("decision {}", row.id);
    Ok(Decision {
        input: json::read(&row.input, &what)?,
        output: json::read(&row.output, &what)?,
        id: row.id.into(),
        instance: row.instance.into(),
        node: row.node.into(),
        function: FunctionRef { plugin: row.plugin, function: row.function },
        revision: row.revision,
        script_hash: row.script_hash,
        at: Timestamp(row.at),
    })
}
