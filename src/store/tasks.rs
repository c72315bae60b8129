//! User tasks: one, if the caller sees it, and who did which. Lists of them: [`super::task_list`].

use super::connection::Connection;
use super::error::StoreError;
use super::instances::inside;
use super::json;
use super::schema::Row;
use super::schema::running::TaskRow;
use super::statement::Statement;
use super::visible::{self, Visible};
use crate::model::ids::{BusinessId, InstanceId, NodeId, RecordId, TaskId, UserId};
use crate::model::task::{Delegation, TaskState, UserTask};
use crate::model::task_change;
use crate::model::time::Timestamp;
use diesel::sql_types::{Nullable, Text};
use std::collections::BTreeSet;

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

/// Who had a hand in tasks of these nodes that are done inside these roots: instance, node and person, each once. Whoever said
/// that one is done stands in the history alone.
pub fn performers(
    conn: &mut Connection,
    business: &BusinessId,
    roots: &BTreeSet<InstanceId>,
    nodes: &BTreeSet<NodeId>,
) -> Result<Vec<(InstanceId, NodeId, UserId)>, StoreError> {
    let nodes: Vec<&str> = nodes.iter().map(NodeId::as_str).collect();
    let mut statement =
        Statement::new(format!("SELECT {} FROM user_tasks AS t WHERE t.business = ", TaskRow::list("t.")));
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
    statement.sql(")");
    let mut did = BTreeSet::new();
    for row in statement.load::<<TaskRow as Row>::Types, TaskRow>(conn)? {
        let task = read(row)?;
        did.extend(
            task_change::performers(&task).into_iter().map(|user| (task.instance.clone(), task.node.clone(), user)),
        );
    }
    let roots: Vec<&str> = roots.iter().map(InstanceId::as_str).collect();
    let mut skipped = Statement::new("SELECT h.instance, h.node, h.actor FROM history AS h WHERE h.business = ");
    skipped.text(business.as_str()).sql(" AND h.root").any_of(&roots);
    skipped.sql(" AND h.kind = 'node_skipped' AND h.node").any_of(&nodes);
    let said = skipped.load::<(Text, Nullable<Text>, Text), (String, Option<String>, String)>(conn)?;
    let said = said.into_iter().filter_map(|(instance, node, by)| Some((instance, node?, by)));
    did.extend(said.map(|(instance, node, by)| (instance.into(), node.as_str().into(), by.into())));
    Ok(did.into_iter().collect())
}

impl AsRef<str> for TaskState {
    fn as_ref(&self) -> &str {
        self.name()
    }
}

/// What a row says.
pub(super) fn read(row: TaskRow) -> Result<UserTask, StoreError> {
    let what = format!("user task {}", row.id);
    let state = TaskState::parse(&row.state).ok_or_else(|| StoreError::Unreadable {
        what: what.clone(),
        reason: format!("\"{}\" is not a state of a task", row.state),
    })?;
    let delegation = row.delegation.as_deref().map(|word| {
        Delegation::parse(word).ok_or_else(|| StoreError::Unreadable {
            what: what.clone(),
            reason: format!("\"{word}\" is not how far a delegation is"),
        })
    });
    let delegation = delegation.transpose()?;
    Ok(UserTask {
        helpers: json::read(&row.helpers, &what)?,
        raised: row.raised.map(|raised| json::read(&raised, &what)).transpose()?,
        title: json::read(&row.title, &what)?,
        candidate_users: json::read(&row.candidate_users, &what)?,
        candidate_groups: json::read(&row.candidate_groups, &what)?,
        outcomes: json::read(&row.outcomes, &what)?,
        search: json::read(&row.search, &what)?,
        subject: row.subject.map(RecordId),
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
        papers: None,
        owner: row.owner.map(UserId),
        delegation,
        acting_for: row.acting_for.map(UserId),
        completed_for: row.completed_for.map(UserId),
        follow_up: row.follow_up.map(Timestamp),
        parent: row.parent.map(TaskId),
        starter: Some(UserId(row.starter)),
        seat: row.seat.and_then(|seat| usize::try_from(seat).ok()),
        description: row.description,
    })
}
