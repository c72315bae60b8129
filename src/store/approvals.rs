//! Approvals: one, and pages of them, the newest first.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::page::{self, Count, Cursor, Page};
use super::schema::Row;
use super::schema::approval::ApprovalRow;
use super::statement::Statement;
use super::visible::{self, Visible};
use crate::model::ids::{BusinessId, InstanceId, UserId};
use crate::model::voting::Voting;

/// The state of an approval that goes on.
pub const OPEN: &str = "open";
/// That of one that was cancelled with its activity, or that failed.
pub const CANCELLED: &str = "cancelled";
/// That of one that was approved, when what was approved has changed since and is to be approved anew.
pub const VOID: &str = "void";

/// Which approvals are asked for.
#[derive(Debug, Clone)]
pub struct ApprovalQuery {
    /// Their business.
    pub business: BusinessId,
    /// In instances that the caller sees, or asked for by the caller.
    pub visible: Visible,
    /// This one.
    pub id: Option<String>,
    /// In this state.
    pub state: Option<String>,
    /// Of this process.
    pub process: Option<String>,
    /// In this instance; a root means everything inside it.
    pub instance: Option<InstanceId>,
    /// Asked for by this person.
    pub submitter: Option<UserId>,
    /// After this place.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: i64,
}

/// An approval with its root.
pub type Found = (InstanceId, Voting);

/// A page of approvals.
pub fn search(conn: &mut Connection, query: &ApprovalQuery) -> Result<Page<Found>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {}", ApprovalRow::list("t.")));
    filter(&mut statement, query);
    if let Some(after) = &query.after {
        statement.sql(" AND (t.opened_at, t.id) < (").int(after.key).sql(", ").text(after.id.as_str()).sql(")");
    }
    statement.sql(" ORDER BY t.opened_at DESC, t.id DESC LIMIT ").int(query.limit.saturating_add(1));
    let rows = statement.load::<<ApprovalRow as Row>::Types, ApprovalRow>(conn)?;
    Page::cut(rows, query.limit, |row| Cursor { key: row.opened_at, id: row.id.clone() }).try_map(read)
}

/// How many there are, whatever page is asked for.
pub fn count(conn: &mut Connection, query: &ApprovalQuery) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    filter(&mut statement, query);
    page::count(conn, statement)
}

fn filter<'a>(statement: &mut Statement<'a>, query: &'a ApprovalQuery) {
    statement.sql(" FROM approvals AS t WHERE t.business = ").text(query.business.as_str());
    let texts = [
        ("id", query.id.as_deref()),
        ("state", query.state.as_deref()),
        ("process", query.process.as_deref()),
        ("submitter", query.submitter.as_ref().map(UserId::as_str)),
    ];
    for (column, value) in texts {
        if let Some(value) = value {
            statement.sql(format!(" AND t.{column} = ")).text(value);
        }
    }
    if let Some(instance) = &query.instance {
        super::instances::of(statement, instance);
    }
    visible::within(statement, "t.instance", &query.business, &query.visible);
}

fn read(row: ApprovalRow) -> Result<Found, StoreError> {
    let what = format!("approval {}", row.id);
    Ok((row.root.into(), json::read(&row.document, &what)?))
}
