//! Instances: the documents of roots for the engine, the rows of roots and called ones for lists, and business keys.

use super::connection::Connection;
use super::error::StoreError;
use super::explain;
use super::page::{self, Count, Cursor, Page};
use super::schema::running::InstanceRow;
use super::schema::{Cell, Column, Kind, Row};
use super::slots::{self, SlotFilter};
use super::statement::Statement;
use super::visible::{self, Visible};
use super::{json, set};
use crate::model::ids::{BusinessId, InstanceId, UserId, root_of};
use crate::model::instance::{Instance, InstanceState, InstanceSummary};
use crate::model::time::Timestamp;
use diesel::sql_types::{BigInt, Text};
use std::collections::BTreeSet;

/// Which instances are asked for, newest first.
#[derive(Debug, Clone)]
pub struct InstanceQuery {
    /// Their business.
    pub business: BusinessId,
    /// What the caller sees.
    pub visible: Visible,
    /// Of this process.
    pub process: Option<String>,
    /// In this state.
    pub state: Option<InstanceState>,
    /// With this business key.
    pub business_key: Option<String>,
    /// Started by this user.
    pub starter: Option<UserId>,
    /// Called by this instance.
    pub parent: Option<InstanceId>,
    /// Those of processes that kamflow brings along, too.
    pub built_in: bool,
    /// Whose search variables have these values.
    pub search: Vec<SlotFilter>,
    /// After this place.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: i64,
}

/// The business key of a process and who holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyHolder {
    /// The business.
    pub business: BusinessId,
    /// The process.
    pub process: String,
    /// The key.
    pub business_key: String,
    /// The instance that holds it.
    pub instance: InstanceId,
}

/// The documents of these roots with their versions, in one statement. Those that are not there are left out.
pub fn load(conn: &mut Connection, roots: &[(BusinessId, InstanceId)]) -> Result<Vec<(Instance, i64)>, StoreError> {
    if roots.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("SELECT t.id, t.document, t.version FROM (");
    let keys = roots.iter().map(|(business, id)| vec![text(business.as_str()), text(id.as_str())]).collect();
    set::source(&mut statement, conn, &[column("business"), column("id")], keys)?;
    statement.sql(") AS i JOIN instances AS t ON t.business = i.business AND t.id = i.id WHERE t.document IS NOT NULL");
    let rows = statement.load::<(Text, Text, BigInt), (String, String, i64)>(conn)?;
    rows.into_iter()
        .map(|(id, document, version)| Ok((json::read(&document, &format!("process instance {id}"))?, version)))
        .collect()
}

/// An instance, root or called, if the caller sees it.
pub fn find(
    conn: &mut Connection,
    business: &BusinessId,
    id: &InstanceId,
    visible: &Visible,
) -> Result<Option<InstanceSummary>, StoreError> {
    let mut statement = Statement::new("");
    summaries(&mut statement, business);
    statement.sql(" AND t.id = ").text(id.as_str());
    visible::instances(&mut statement, business, visible);
    Ok(read(conn, &statement)?.pop())
}

/// A page of instances.
pub fn search(conn: &mut Connection, query: &InstanceQuery) -> Result<Page<InstanceSummary>, StoreError> {
    let mut statement = Statement::new("");
    listed(&mut statement, query);
    let found = read(conn, &statement)?;
    Ok(Page::cut(found, query.limit, |last| Cursor { key: last.started_at.0, id: last.id.0.clone() }))
}

/// How the database goes about the page: its own words, for tests and for whoever asks why a list is slow.
pub fn explain(conn: &mut Connection, query: &InstanceQuery) -> Result<Vec<String>, StoreError> {
    let mut statement = explain::explaining(conn);
    listed(&mut statement, query);
    explain::lines(conn, statement)
}

fn listed<'a>(statement: &mut Statement<'a>, query: &'a InstanceQuery) {
    summaries(statement, &query.business);
    filter(statement, query);
    if let Some(after) = &query.after {
        statement.sql(" AND (t.started_at, t.id) < (").int(after.key).sql(", ").text(after.id.as_str()).sql(")");
    }
    statement.sql(" ORDER BY t.started_at DESC, t.id DESC LIMIT ").int(query.limit.saturating_add(1));
}

/// How many there are, whatever page is asked for.
pub fn count(conn: &mut Connection, query: &InstanceQuery) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    statement.sql(" FROM instances AS t WHERE t.business = ").text(query.business.as_str());
    filter(&mut statement, query);
    page::count(conn, statement)
}

/// The revisions that these instances are pinned to, in one statement; those that are not there are left out.
pub fn revisions(
    conn: &mut Connection,
    business: &BusinessId,
    ids: &[InstanceId],
) -> Result<Vec<(InstanceId, i64)>, StoreError> {
    let ids: Vec<&str> = ids.iter().map(InstanceId::as_str).collect();
    let mut statement = Statement::new("SELECT t.id, t.revision FROM instances AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.id").any_of(&ids).sql(" ORDER BY t.id");
    let rows = statement.load::<(Text, BigInt), (String, i64)>(conn)?;
    Ok(rows.into_iter().map(|(id, revision)| (id.into(), revision)).collect())
}

/// The root instance of a process that began last.
pub fn latest_root(
    conn: &mut Connection,
    business: &BusinessId,
    process: &str,
) -> Result<Option<InstanceId>, StoreError> {
    let mut statement = Statement::new("SELECT t.id FROM instances AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.process = ").text(process);
    statement.sql(" AND t.parent IS NULL ORDER BY t.started_at DESC, t.id DESC LIMIT 1");
    Ok(statement.load::<Text, String>(conn)?.into_iter().next().map(InstanceId))
}

/// Those of these roots that are suspended, in one statement.
pub fn suspended(
    conn: &mut Connection,
    business: &BusinessId,
    roots: &[InstanceId],
) -> Result<BTreeSet<InstanceId>, StoreError> {
    if roots.is_empty() {
        return Ok(BTreeSet::new());
    }
    let ids: Vec<&str> = roots.iter().map(InstanceId::as_str).collect();
    let mut statement = Statement::new("SELECT t.id FROM instances AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.state = 'suspended' AND t.id").any_of(&ids);
    Ok(statement.load::<Text, String>(conn)?.into_iter().map(InstanceId).collect())
}

/// The instances that a root called, at any depth, in the order of their ids.
pub fn called(
    conn: &mut Connection,
    business: &BusinessId,
    root: &InstanceId,
) -> Result<Vec<InstanceSummary>, StoreError> {
    let mut statement = Statement::new("");
    summaries(&mut statement, business);
    inside(&mut statement, "t.id", root);
    statement.sql(" ORDER BY t.id");
    read(conn, &statement)
}

/// Who holds these business keys (business, process, key), in one statement; free keys are left out.
pub fn key_holders(conn: &mut Connection, keys: &[(BusinessId, String, String)]) -> Result<Vec<KeyHolder>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("SELECT t.business, t.process, t.business_key, t.instance FROM (");
    let rows = keys.iter().map(|(business, process, key)| vec![text(business.as_str()), text(process), text(key)]);
    let columns = [column("business"), column("process"), column("business_key")];
    set::source(&mut statement, conn, &columns, rows.collect())?;
    statement.sql(
        ") AS i JOIN instance_keys AS t \
         ON t.business = i.business AND t.process = i.process AND t.business_key = i.business_key",
    );
    let rows = statement.load::<(Text, Text, Text, Text), (String, String, String, String)>(conn)?;
    Ok(rows
        .into_iter()
        .map(|(business, process, business_key, instance)| KeyHolder {
            business: business.into(),
            process,
            business_key,
            instance: instance.into(),
        })
        .collect())
}

/// `AND …` for ids inside a root: `{root}.{n}`, a range of the primary key since `/` comes right after `.`.
pub(super) fn inside(statement: &mut Statement<'_>, column: &str, root: &InstanceId) {
    statement.sql(format!(" AND {column} > ")).text(format!("{root}."));
    statement.sql(format!(" AND {column} < ")).text(format!("{root}/"));
}

/// `AND …` for rows `t` of an instance, whose ids lie inside a root; a root means everything inside it.
pub(super) fn of<'a>(statement: &mut Statement<'a>, instance: &'a InstanceId) {
    let root = root_of(instance.as_str());
    inside(statement, "t.id", &root);
    if root != *instance {
        statement.sql(" AND t.instance = ").text(instance.as_str());
    }
}

/// `AND …` for the slots of `t`.
pub(super) fn slots<'a>(statement: &mut Statement<'a>, filters: &'a [SlotFilter]) {
    for filter in filters {
        match slots::column(filter.slot) {
            Some(column) => statement.sql(format!(" AND t.{column}")).any_of(&filter.values),
            None => statement.sql(" AND FALSE"),
        };
    }
}

/// The version of a called instance is that of its root.
fn summaries<'a>(statement: &mut Statement<'a>, business: &'a BusinessId) {
    statement.sql(format!(
        "SELECT {}, r.version FROM instances AS t JOIN instances AS r ON r.business = t.business AND r.id = t.root \
         WHERE t.business = ",
        InstanceRow::list("t.")
    ));
    statement.text(business.as_str());
}

fn filter<'a>(statement: &mut Statement<'a>, query: &'a InstanceQuery) {
    let texts = [
        ("process", query.process.as_deref()),
        ("state", query.state.map(InstanceState::name)),
        ("business_key", query.business_key.as_deref()),
        ("starter", query.starter.as_ref().map(UserId::as_str)),
    ];
    for (column, value) in texts {
        if let Some(value) = value {
            statement.sql(format!(" AND t.{column} = ")).text(value);
        }
    }
    if let Some(parent) = &query.parent {
        inside(statement, "t.id", &root_of(parent.as_str()));
        statement.sql(" AND t.parent = ").text(parent.as_str());
    }
    if !query.built_in {
        statement.sql(" AND t.revision > 0");
    }
    slots(statement, &query.search);
    visible::instances(statement, &query.business, &query.visible);
}

fn read(conn: &mut Connection, statement: &Statement<'_>) -> Result<Vec<InstanceSummary>, StoreError> {
    let rows = statement.load::<(<InstanceRow as Row>::Types, BigInt), (InstanceRow, i64)>(conn)?;
    rows.into_iter().map(|(row, version)| summary(row, version)).collect()
}

fn summary(row: InstanceRow, version: i64) -> Result<InstanceSummary, StoreError> {
    let what = format!("process instance {}", row.id);
    let state = InstanceState::parse(&row.state).ok_or_else(|| StoreError::Unreadable {
        what: what.clone(),
        reason: format!("\"{}\" is not a state of an instance", row.state),
    })?;
    Ok(InstanceSummary {
        search: json::read(&row.search, &what)?,
        id: row.id.into(),
        business: row.business.into(),
        parent: row.parent.map(InstanceId),
        process: row.process,
        revision: row.revision,
        state,
        error: row.error,
        business_key: row.business_key,
        starter: row.starter.into(),
        started_at: Timestamp(row.started_at),
        ended_at: row.ended_at.map(Timestamp),
        version,
    })
}

fn column(name: &'static str) -> Column {
    Column { name, kind: Kind::Text }
}

fn text(value: &str) -> Cell<'_> {
    Cell::Text(Some(value))
}
