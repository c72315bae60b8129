//! Remarks on tasks, and files that were added to them.

use super::connection::Connection;
use super::error::StoreError;
use super::explain;
use super::page::{self, Count};
use super::schema::Row;
use super::schema::task_paper::{TaskAttachmentRow, TaskCommentRow};
use super::set::{self, Taken};
use super::statement::Statement;
use super::visible::{self, Visible};
use crate::model::ids::{BusinessId, FileId, TaskId, UserId};
use crate::model::task::Papers;
use crate::model::task_paper::TaskComment;
use crate::model::time::Timestamp;
use diesel::sql_types::{BigInt, Integer, Text};
use std::collections::BTreeMap;

/// Adds a remark.
pub fn comment(conn: &mut Connection, business: &BusinessId, comment: &TaskComment) -> Result<(), StoreError> {
    let TaskComment { id, task, author, text, at } = comment.clone();
    let row = TaskCommentRow { business: business.0.clone(), task: task.0, id, author: author.0, text, at: at.0 };
    set::insert(conn, &[row], Taken::Fail)
}

/// The remarks on a task after an id, oldest first, at most so many.
pub fn comments(
    conn: &mut Connection,
    business: &BusinessId,
    task: &TaskId,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<TaskComment>, StoreError> {
    let mut statement = Statement::new(format!("SELECT {}", TaskCommentRow::list("t.")));
    on(&mut statement, business, task);
    if let Some(after) = after {
        statement.sql(" AND t.id > ").text(after);
    }
    statement.sql(" ORDER BY t.id LIMIT ").int(limit);
    let rows = statement.load::<<TaskCommentRow as Row>::Types, TaskCommentRow>(conn)?;
    Ok(rows.into_iter().map(read).collect())
}

/// How many remarks a task has.
pub fn count_comments(conn: &mut Connection, business: &BusinessId, task: &TaskId) -> Result<Count, StoreError> {
    let mut statement = page::counting();
    on(&mut statement, business, task);
    page::count(conn, statement)
}

/// How much is beside each of these tasks, in one statement; those with nothing are left out.
pub fn counts(
    conn: &mut Connection,
    business: &BusinessId,
    tasks: &[&str],
) -> Result<BTreeMap<TaskId, Papers>, StoreError> {
    let mut counted: BTreeMap<TaskId, Papers> = BTreeMap::new();
    if tasks.is_empty() {
        return Ok(counted);
    }
    let mut statement = Statement::new("");
    counting(&mut statement, business, tasks);
    for (task, comments, attachments) in statement.load::<(Text, BigInt, BigInt), (String, i64, i64)>(conn)? {
        let papers = counted.entry(TaskId(task)).or_default();
        papers.comments += comments;
        papers.attachments += attachments;
    }
    Ok(counted)
}

fn counting<'a>(statement: &mut Statement<'a>, business: &'a BusinessId, tasks: &'a [&str]) {
    statement.sql("SELECT t.task, COUNT(*), 0 FROM task_comments AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.task").any_of(tasks).sql(" GROUP BY t.task UNION ALL ");
    statement.sql("SELECT t.task, 0, COUNT(*) FROM task_attachments AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.task").any_of(tasks).sql(" GROUP BY t.task");
}

/// How the database goes about counting: its own words, for tests and for whoever asks why a list is slow.
pub fn explain_counts(conn: &mut Connection, business: &BusinessId, tasks: &[&str]) -> Result<Vec<String>, StoreError> {
    let mut statement = explain::explaining(conn);
    counting(&mut statement, business, tasks);
    explain::lines(conn, statement)
}

/// Adds a file to a task; nothing changes when it has it.
pub fn attach(
    conn: &mut Connection,
    business: &BusinessId,
    task: &TaskId,
    file: &FileId,
    (by, at): (&UserId, Timestamp),
) -> Result<(), StoreError> {
    let row = TaskAttachmentRow {
        business: business.0.clone(),
        task: task.0.clone(),
        file: file.0.clone(),
        attached_by: by.0.clone(),
        attached_at: at.0,
    };
    set::insert(conn, &[row], Taken::Skip)
}

/// Takes a file off a task.
pub fn detach(conn: &mut Connection, business: &BusinessId, task: &TaskId, file: &FileId) -> Result<(), StoreError> {
    let key = vec![business.as_str(), task.as_str(), file.as_str()];
    set::delete(conn, "task_attachments", &["business", "task", "file"], &[key])
}

/// The files of a task, in the order in which they were added, each with who added it.
pub fn attachments(
    conn: &mut Connection,
    business: &BusinessId,
    task: &TaskId,
) -> Result<Vec<(FileId, UserId)>, StoreError> {
    let mut statement = Statement::new("SELECT t.file, t.attached_by FROM task_attachments AS t WHERE t.business = ");
    statement.text(business.as_str()).sql(" AND t.task = ").text(task.as_str());
    statement.sql(" ORDER BY t.attached_at, t.file");
    let rows = statement.load::<(Text, Text), (String, String)>(conn)?;
    Ok(rows.into_iter().map(|(file, by)| (file.into(), by.into())).collect())
}

/// Whether a task that is seen has this file.
pub fn sees_file(
    conn: &mut Connection,
    business: &BusinessId,
    file: &FileId,
    visible: &Visible,
) -> Result<bool, StoreError> {
    let mut statement = Statement::new(
        "SELECT 1 FROM task_attachments AS a JOIN user_tasks AS t ON t.business = a.business AND t.id = a.task \
         WHERE a.business = ",
    );
    statement.text(business.as_str()).sql(" AND a.file = ").text(file.as_str());
    visible::tasks(&mut statement, business, visible);
    statement.sql(" LIMIT 1");
    Ok(!statement.load::<Integer, i32>(conn)?.is_empty())
}

fn on<'a>(statement: &mut Statement<'a>, business: &'a BusinessId, task: &'a TaskId) {
    statement.sql(" FROM task_comments AS t WHERE t.business = ").text(business.as_str());
    statement.sql(" AND t.task = ").text(task.as_str());
}

fn read(row: TaskCommentRow) -> TaskComment {
    TaskComment { id: row.id, task: row.task.into(), author: row.author.into(), text: row.text, at: Timestamp(row.at) }
}
