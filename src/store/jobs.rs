//! Jobs: taking them, keeping them longer, and pages of them.
//!
//! Whoever may take a job is told by one column, `available_at`, so a lease that ran out needs nobody to notice it.

use super::connection::Connection;
use super::error::StoreError;
use super::json;
use super::page::{self, Count, Cursor, Page};
use super::schema::job::JobRow;
use super::schema::{Cell, Column, Kind, Row};
use super::set;
use super::statement::Statement;
use crate::model::ids::{BusinessId, InstanceId, JobId, root_of};
use crate::model::job::{Job, JobState, Lease, LeasedJob, Spent};
use crate::model::time::Timestamp;
use diesel::sql_types::{BigInt, Nullable};

/// A worker that asks for jobs.
#[derive(Debug, Clone)]
pub struct Taking<'a> {
    /// Its business.
    pub business: &'a BusinessId,
    /// The types it can do.
    pub types: &'a [String],
    /// What it calls itself.
    pub worker: &'a str,
    /// The token of its leases.
    pub lease: &'a str,
    /// Now.
    pub now: Timestamp,
    /// When its leases run out.
    pub until: Timestamp,
    /// Jobs at most.
    pub most: i64,
}

/// Which jobs are asked for.
#[derive(Debug, Clone)]
pub struct JobQuery {
    /// Their business.
    pub business: BusinessId,
    /// In this state.
    pub state: Option<JobState>,
    /// Of this type.
    pub job_type: Option<String>,
    /// Of this process.
    pub process: Option<String>,
    /// Of this instance.
    pub instance: Option<InstanceId>,
    /// Of this node.
    pub node: Option<String>,
    /// Which this worker had last.
    pub worker: Option<String>,
    /// After this place.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: i64,
}

/// Takes jobs that are to be done now: the most urgent first, then the oldest. On PostgreSQL those that somebody else is
/// taking or reporting at this moment are passed over; on SQLite there is one writer.
pub fn take(conn: &mut Connection, taking: &Taking) -> Result<Vec<LeasedJob>, StoreError> {
    let mut statement = Statement::default();
    let (skip, prefix) = match conn {
        Connection::Sqlite(_) => ("", ""),
        Connection::Postgres(_) => (" FOR UPDATE OF t SKIP LOCKED", "j."),
    };
    statement.sql("WITH i AS ");
    if !skip.is_empty() {
        statement.sql("MATERIALIZED ");
    }
    statement
        .sql("(SELECT t.id FROM jobs AS t WHERE t.state = 'open' AND t.business = ")
        .text(taking.business.as_str());
    statement.sql(" AND t.kind").any_of(taking.types).sql(" AND t.available_at <= ").int(taking.now.0);
    statement.sql(" ORDER BY t.priority DESC, t.created_at, t.id LIMIT ").int(taking.most).sql(skip);
    statement.sql(") UPDATE jobs AS j SET worker = ").text(taking.worker).sql(", lease = ").text(taking.lease);
    statement.sql(", fence = j.fence + 1, spent = NULL, available_at = ").int(taking.until.0);
    statement.sql(" WHERE j.business = ").text(taking.business.as_str());
    statement.sql(format!(" AND j.id IN (SELECT i.id FROM i) RETURNING {}", JobRow::list(prefix)));
    let mut taken = load(conn, &statement)?;
    // What RETURNING gives has no order.
    taken.sort_by(|one, other| {
        let key = |leased: &LeasedJob| (-leased.job.priority, leased.job.created_at, leased.job.id.clone());
        key(one).cmp(&key(other))
    });
    Ok(taken)
}

/// When the next job of these types can be taken; none when none is open.
pub fn next_available(
    conn: &mut Connection,
    business: &BusinessId,
    types: &[String],
) -> Result<Option<Timestamp>, StoreError> {
    let mut statement = Statement::new("SELECT MIN(t.available_at) FROM jobs AS t WHERE t.state = 'open'");
    statement.sql(" AND t.business = ").text(business.as_str()).sql(" AND t.kind").any_of(types);
    let first = statement.load::<Nullable<BigInt>, Option<i64>>(conn)?;
    Ok(first.into_iter().flatten().next().map(Timestamp))
}

/// The holder of a lease keeps the job until then; none when it does not have it any more.
pub fn extend(
    conn: &mut Connection,
    business: &BusinessId,
    id: &JobId,
    lease: &str,
    until: Timestamp,
) -> Result<Option<LeasedJob>, StoreError> {
    let mut statement = Statement::new("UPDATE jobs SET available_at = ");
    statement.int(until.0).sql(" WHERE state = 'open' AND spent IS NULL AND business = ").text(business.as_str());
    statement.sql(" AND id = ").text(id.as_str()).sql(" AND lease = ").text(lease);
    statement.sql(format!(" RETURNING {}", JobRow::list("")));
    Ok(load(conn, &statement)?.pop())
}

/// A job.
pub fn find(conn: &mut Connection, business: &BusinessId, id: &JobId) -> Result<Option<LeasedJob>, StoreError> {
    Ok(those(conn, &[(business.clone(), id.clone())])?.pop().map(|(_, found)| found))
}

/// These jobs, in one statement; those that are not there are left out.
pub fn those(conn: &mut Connection, ids: &[(BusinessId, JobId)]) -> Result<Vec<(BusinessId, LeasedJob)>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(format!("SELECT {} FROM (", JobRow::list("t.")));
    given(&mut statement, conn, ids.iter().map(|(business, id)| (business.as_str(), id.as_str())))?;
    statement.sql(") AS i JOIN jobs AS t ON t.business = i.business AND t.id = i.id");
    let rows = statement.load::<<JobRow as Row>::Types, JobRow>(conn)?;
    rows.into_iter().map(|row| Ok((BusinessId(row.business.clone()), read(row)?))).collect()
}

/// Keys of jobs as a sub-select.
pub(super) fn given<'a>(
    statement: &mut Statement<'a>,
    conn: &Connection,
    keys: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<(), StoreError> {
    let columns = ["business", "id"].map(|name| Column { name, kind: Kind::Text });
    let cells = keys.map(|(business, id)| vec![Cell::Text(Some(business)), Cell::Text(Some(id))]);
    set::source(statement, conn, &columns, cells.collect())
}

/// A page of jobs, the oldest first.
pub fn search(conn: &mut Connection, query: &JobQuery) -> Result<Page<LeasedJob>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {}", JobRow::list("t.")));
    filter(&mut statement, query);
    if let Some(after) = &query.after {
        statement.sql(" AND (t.created_at, t.id) > (").int(after.key).sql(", ").text(after.id.as_str()).sql(")");
    }
    statement.sql(" ORDER BY t.created_at, t.id LIMIT ").int(query.limit.saturating_add(1));
    let rows = statement.load::<<JobRow as Row>::Types, JobRow>(conn)?;
    Page::cut(rows, query.limit, |row| Cursor { key: row.created_at, id: row.id.clone() }).try_map(read)
}

/// How many there are, whatever page is asked for.
pub fn count(conn: &mut Connection, query: &JobQuery) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    filter(&mut statement, query);
    page::count(conn, statement)
}

/// Forgets the jobs that ended before this instant.
pub fn prune(conn: &mut Connection, before: Timestamp) -> Result<(), StoreError> {
    let mut statement = Statement::new("DELETE FROM jobs WHERE ended_at < ");
    statement.int(before.0).execute(conn)?;
    Ok(())
}

fn filter<'a>(statement: &mut Statement<'a>, query: &'a JobQuery) {
    statement.sql(" FROM jobs AS t WHERE t.business = ").text(query.business.as_str());
    let texts = [
        ("state", query.state.map(JobState::name)),
        ("kind", query.job_type.as_deref()),
        ("process", query.process.as_deref()),
        ("node", query.node.as_deref()),
        ("worker", query.worker.as_deref()),
    ];
    for (column, value) in texts {
        if let Some(value) = value {
            statement.sql(format!(" AND t.{column} = ")).text(value);
        }
    }
    if let Some(instance) = &query.instance {
        super::instances::inside(statement, "t.id", &root_of(instance.as_str()));
        statement.sql(" AND t.instance = ").text(instance.as_str());
    }
}

fn load(conn: &mut Connection, statement: &Statement) -> Result<Vec<LeasedJob>, StoreError> {
    let rows = statement.load::<<JobRow as Row>::Types, JobRow>(conn)?;
    rows.into_iter().map(read).collect()
}

fn read(row: JobRow) -> Result<LeasedJob, StoreError> {
    let what = format!("job {}", row.id);
    let wrong = |reason: String| StoreError::Unreadable { what: what.clone(), reason };
    let state =
        JobState::parse(&row.state).ok_or_else(|| wrong(format!("\"{}\" is not a state of a job", row.state)))?;
    let count = |number: i64| u32::try_from(number).map_err(|_| wrong(format!("{number} does not count anything")));
    let lease = match (row.lease, row.worker) {
        (Some(token), Some(worker)) => {
            let spent = row.spent.as_deref().and_then(Spent::parse);
            Some(Lease { token, fence: row.fence, worker, until: Timestamp(row.available_at), spent })
        }
        _ => None,
    };
    let job = Job {
        title: json::read(&row.title, &what)?,
        input: json::read(&row.input, &what)?,
        retries: count(row.retries)?,
        failures: count(row.failures)?,
        id: row.id.into(),
        instance: row.instance.into(),
        process: row.process,
        token: row.token.cast_unsigned(),
        node: row.node.into(),
        job_type: row.kind,
        priority: row.priority,
        state,
        message: row.message,
        due: Timestamp(row.due),
        created_at: Timestamp(row.created_at),
        ended_at: row.ended_at.map(Timestamp),
    };
    Ok(LeasedJob { job, lease })
}
