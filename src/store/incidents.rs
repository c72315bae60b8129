//! Incidents: one, and pages of them, the newest first.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::page::{self, Count, Cursor, Page};
use super::schema::Row;
use super::schema::running::{IncidentRow, incidents};
use super::statement::Statement;
use crate::model::event::Resolution;
use crate::model::ids::{BusinessId, IncidentId, InstanceId, UserId, root_of};
use crate::model::incident::{Failure, Incident};
use crate::model::time::Timestamp;
use diesel::prelude::*;

/// An incident and whether it is over.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredIncident {
    /// The root instance.
    pub root: InstanceId,
    /// The incident.
    pub incident: Incident,
    /// How it ended; none while it is open.
    pub resolved: Option<Resolved>,
}

/// How an incident ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// When.
    pub at: Timestamp,
    /// Who saw to it.
    pub by: UserId,
    /// How.
    pub how: Resolution,
}

/// Which incidents are asked for.
#[derive(Debug, Clone)]
pub struct IncidentQuery {
    /// Their business.
    pub business: BusinessId,
    /// Open ones (true) or resolved ones (false).
    pub open: Option<bool>,
    /// Of this process.
    pub process: Option<String>,
    /// Of this instance.
    pub instance: Option<InstanceId>,
    /// Of this node.
    pub node: Option<String>,
    /// Of this kind of failure.
    pub code: Option<String>,
    /// After this place.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: i64,
}

/// An incident.
pub fn find(
    conn: &mut Connection,
    business: &BusinessId,
    id: &IncidentId,
) -> Result<Option<StoredIncident>, StoreError> {
    let found = incidents::table.find((business.as_str(), id.as_str())).first::<IncidentRow>(conn).optional()?;
    found.map(read).transpose()
}

/// A page of incidents.
pub fn search(conn: &mut Connection, query: &IncidentQuery) -> Result<Page<StoredIncident>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {}", IncidentRow::list("t.")));
    filter(&mut statement, query);
    if let Some(after) = &query.after {
        statement.sql(" AND (t.created_at, t.id) < (").int(after.key).sql(", ").text(after.id.as_str()).sql(")");
    }
    statement.sql(" ORDER BY t.created_at DESC, t.id DESC LIMIT ").int(query.limit.saturating_add(1));
    let rows = statement.load::<<IncidentRow as Row>::Types, IncidentRow>(conn)?;
    Page::cut(rows, query.limit, |row| Cursor { key: row.created_at, id: row.id.clone() }).try_map(read)
}

/// How many there are, whatever page is asked for.
pub fn count(conn: &mut Connection, query: &IncidentQuery) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    filter(&mut statement, query);
    page::count(conn, statement)
}

fn filter<'a>(statement: &mut Statement<'a>, query: &'a IncidentQuery) {
    statement.sql(" FROM incidents AS t WHERE t.business = ").text(query.business.as_str());
    if let Some(open) = query.open {
        statement.sql(" AND t.state = ").text(if open { OPEN } else { RESOLVED });
    }
    for (column, value) in [("process", &query.process), ("node", &query.node), ("code", &query.code)] {
        if let Some(value) = value {
            statement.sql(format!(" AND t.{column} = ")).text(value.as_str());
        }
    }
    if let Some(instance) = &query.instance {
        super::instances::inside(statement, "t.id", &root_of(instance.as_str()));
        statement.sql(" AND t.instance = ").text(instance.as_str());
    }
}

/// The word in the column.
pub(super) fn word(how: Resolution) -> &'static str {
    match how {
        Resolution::Retried => "retried",
        Resolution::Cancelled => "cancelled",
        Resolution::Skipped => "skipped",
    }
}

pub(super) const OPEN: &str = "open";
pub(super) const RESOLVED: &str = "resolved";

fn read(row: IncidentRow) -> Result<StoredIncident, StoreError> {
    let what = format!("incident {}", row.id);
    let resolved = match (row.resolved_at, row.resolved_by, row.resolution) {
        (Some(at), Some(by), Some(how)) => {
            let known = [Resolution::Retried, Resolution::Cancelled, Resolution::Skipped];
            let how = known.into_iter().find(|known| word(*known) == how);
            let how = how.ok_or_else(|| StoreError::Unreadable {
                what: what.clone(),
                reason: "its resolution is neither retried nor cancelled nor skipped".to_owned(),
            })?;
            Some(Resolved { at: Timestamp(at), by: by.into(), how })
        }
        _ => None,
    };
    Ok(StoredIncident {
        root: row.root.into(),
        incident: Incident {
            failure: Failure { code: row.code, message: row.message, input: json::read(&row.input, &what)? },
            id: row.id.into(),
            instance: row.instance.into(),
            process: row.process,
            token: row.token.cast_unsigned(),
            node: row.node.into(),
            created_at: Timestamp(row.created_at),
        },
        resolved,
    })
}
