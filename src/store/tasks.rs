//! User tasks: one, and pages and counts of what a caller sees.

use super::connection::Connection;
use super::error::StoreError;
use super::instances::{inside, slots};
use super::json;
use super::page::{self, Count, Cursor, Page};
use super::schema::Row;
use super::schema::running::TaskRow;
use super::slots::SlotFilter;
use super::statement::Statement;
use super::visible::{self, Visible};
use crate::model::ids::{BusinessId, InstanceId, NodeId, TaskId, UserId, root_of};
use crate::model::task::{TaskState, UserTask};
use crate::model::time::Timestamp;
use diesel::sql_types::Text;
use std::collections::BTreeSet;

/// Which tasks are asked for.
#[derive(Debug, Clone)]
pub struct TaskQuery {
    /// Their business.
    pub business: BusinessId,
    /// What the caller sees.
    pub visible: Visible,
    /// Only what the caller can work on now: open tasks of the caller, and those free for the caller to take.
    pub actionable: bool,
    /// In one of these states; empty: in any.
    pub states: Vec<TaskState>,
    /// Of this assignee.
    pub assignee: Option<UserId>,
    /// Open for the members of this group.
    pub candidate_group: Option<String>,
    /// Of this process.
    pub process: Option<String>,
    /// Of this instance.
    pub instance: Option<InstanceId>,
    /// Whose search variables have these values.
    pub search: Vec<SlotFilter>,
    /// In this order.
    pub order: TaskOrder,
    /// After this place of the same order.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: i64,
}

/// The order of a task list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TaskOrder {
    /// What is due first comes first, what is never due last.
    #[default]
    Due,
    /// The newest first.
    Created,
    /// The most urgent first.
    Priority,
}

/// A task, if the caller sees it. Whether its root is suspended is to be asked: [`super::instances::suspended`].
pub fn find(
    conn: &mut Connection,
    business: &BusinessId,
    id: &TaskId,
    visible: &Visible,
) -> Result<Option<UserTask>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {} FROM user_tasks AS t", TaskRow::list("t.")));
    statement.sql(" WHERE t.business = ").text(business.as_str()).sql(" AND t.id = ").text(id.as_str());
    visible::tasks(&mut statement, business, visible);
    statement.load::<<TaskRow as Row>::Types, TaskRow>(conn)?.pop().map(read).transpose()
}

/// Who did tasks of these nodes inside these roots: instance, node and person, each once, in one statement.
pub fn performers(
    conn: &mut Connection,
    business: &BusinessId,
    roots: &BTreeSet<InstanceId>,
    nodes: &BTreeSet<NodeId>,
) -> Result<Vec<(InstanceId, NodeId, UserId)>, StoreError> {
    let nodes: Vec<&str> = nodes.iter().map(NodeId::as_str).collect();
    let mut statement =
        Statement::new("SELECT DISTINCT t.instance, t.node, t.completed_by FROM user_tasks AS t WHERE t.business = ");
    statement
        .text(business.as_str())
        .sql(" AND t.completed_by IS NOT NULL AND t.node")
        .any_of(&nodes)
        .sql(" AND (FALSE");
    for root in roots {
        statement.sql(" OR (TRUE");
        inside(&mut statement, "t.id", root);
        statement.sql(")");
    }
    statement.sql(") ORDER BY t.instance, t.node, t.completed_by");
    let rows = statement.load::<(Text, Text, Text), (String, String, String)>(conn)?;
    Ok(rows.into_iter().map(|(instance, node, user)| (instance.into(), node.into(), UserId(user))).collect())
}

/// A page of tasks.
pub fn search(conn: &mut Connection, query: &TaskQuery) -> Result<Page<UserTask>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {}", TaskRow::list("t.")));
    filter(&mut statement, query);
    let key = query.order.key();
    if let Some(after) = &query.after {
        statement.sql(format!(" AND ({key}, t.id) > (")).int(after.key).sql(", ").text(after.id.as_str()).sql(")");
    }
    statement.sql(format!(" ORDER BY {key}, t.id LIMIT ")).int(query.limit.saturating_add(1));
    let rows = statement.load::<<TaskRow as Row>::Types, TaskRow>(conn)?;
    Page::cut(rows, query.limit, |row| Cursor { key: query.order.key_of(row), id: row.id.clone() }).try_map(read)
}

/// How many there are, whatever page is asked for.
pub fn count(conn: &mut Connection, query: &TaskQuery) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    filter(&mut statement, query);
    page::count(conn, statement)
}

impl TaskOrder {
    /// Ascending for every order, so that one comparison of rows is the cursor.
    fn key(self) -> &'static str {
        match self {
            TaskOrder::Due => "COALESCE(t.due, 9223372036854775807)",
            TaskOrder::Created => "-t.created_at",
            TaskOrder::Priority => "-t.priority",
        }
    }

    fn key_of(self, row: &TaskRow) -> i64 {
        match self {
            TaskOrder::Due => row.due.unwrap_or(i64::MAX),
            TaskOrder::Created => -row.created_at,
            TaskOrder::Priority => -row.priority,
        }
    }
}

fn filter<'a>(statement: &mut Statement<'a>, query: &'a TaskQuery) {
    statement.sql(" FROM user_tasks AS t WHERE t.business = ").text(query.business.as_str());
    match query.states.as_slice() {
        [] => {}
        // One state is compared directly: the index then gives the order too.
        [state] => {
            statement.sql(" AND t.state = ").text(state.name());
        }
        states => {
            statement.sql(" AND t.state").any_of(states);
        }
    }
    let texts = [("assignee", query.assignee.as_ref().map(UserId::as_str)), ("process", query.process.as_deref())];
    for (column, value) in texts {
        if let Some(value) = value {
            statement.sql(format!(" AND t.{column} = ")).text(value);
        }
    }
    if let Some(instance) = &query.instance {
        inside(statement, "t.id", &root_of(instance.as_str()));
        statement.sql(" AND t.instance = ").text(instance.as_str());
    }
    if let Some(group) = &query.candidate_group {
        statement.sql(" AND t.id IN (SELECT c.task FROM task_candidates AS c WHERE c.kind = 'group' AND c.business = ");
        statement.text(query.business.as_str()).sql(" AND c.value = ").text(group.as_str()).sql(")");
    }
    slots(statement, &query.search);
    visible::tasks(statement, &query.business, &query.visible);
    if query.actionable {
        visible::actionable(statement, &query.business, &query.visible);
    }
}

impl AsRef<str> for TaskState {
    fn as_ref(&self) -> &str {
        self.name()
    }
}

fn read(row: TaskRow) -> Result<UserTask, StoreError> {
    let what = format!("user task {}", row.id);
    let state = TaskState::parse(&row.state).ok_or_else(|| StoreError::Unreadable {
        what: what.clone(),
        reason: format!("\"{}\" is not a state of a task", row.state),
    })?;
    Ok(UserTask {
        title: json::read(&row.title, &what)?,
        candidate_users: json::read(&row.candidate_users, &what)?,
        candidate_groups: json::read(&row.candidate_groups, &what)?,
        outcomes: json::read(&row.outcomes, &what)?,
        search: json::read(&row.search, &what)?,
        id: row.id.into(),
        instance: row.instance.into(),
        process: row.process,
        token: row.token.cast_unsigned(),
        node: row.node.into(),
        state,
        assignee: row.assignee.map(UserId),
        form: row.form,
        priority: row.priority,
        due: row.due.map(Timestamp),
        created_at: Timestamp(row.created_at),
        ended_at: row.ended_at.map(Timestamp),
        completed_by: row.completed_by.map(UserId),
        outcome: row.outcome,
        version: row.version,
        suspended: false,
        seat: row.seat.and_then(|seat| usize::try_from(seat).ok()),
    })
}
