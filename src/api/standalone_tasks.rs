//! Tasks that people make by themselves: they belong to no deployed process.

use super::answer::{self, ApiResult, created, expect};
use super::instant;
use super::requires::By;
use super::sent::Sent;
use super::state::App;
use super::user_tasks::act;
use super::view::task::task;
use crate::model::ids::{RecordId, TaskId, UserId};
use crate::model::task::NewTask;
use crate::runtime::request::{Change, TaskRequest};
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// A task by itself: for somebody, or for whoever takes it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "name": "Ask the plant for its capacity", "assignee": "sun.yue", "due": "2026-07-03T08:00:00Z", "priority": 70
}))]
pub(super) struct CreateTask {
    /// What is to be done, at most 200 characters.
    name: String,
    /// What there is to say of it, at most 10,000 characters.
    description: Option<String>,
    /// The login of the active user who has it; or who may take it:
    assignee: Option<String>,
    /// Logins of active users who may claim it.
    #[serde(default)]
    candidate_users: Vec<String>,
    /// Roles whose members may claim it; with the users at most 100.
    #[serde(default)]
    candidate_groups: Vec<String>,
    /// When it is due, RFC 3339.
    due: Option<String>,
    /// 0 to 100, higher first; 50 when not said.
    priority: Option<i64>,
    /// The record that it is about.
    #[schema(value_type = AboutRecord, required = false)]
    record: Option<AboutRecord>,
}

/// A record that the caller may read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AboutRecord {
    /// Its type.
    r#type: String,
    /// Its id.
    id: String,
}

/// Why a task is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "they answered already"}))]
pub(super) struct CancelTask {
    /// Why, at most 2,000 characters.
    reason: Option<String>,
}

pub(super) async fn create(by: By, sent: Sent<CreateTask>, app: App) -> ApiResult {
    let CreateTask { name, description, assignee, candidate_users, candidate_groups, due, priority, record } =
        sent.value;
    let new = NewTask {
        name,
        description,
        assignee: assignee.map(UserId),
        candidate_users: candidate_users.into_iter().map(UserId).collect(),
        candidate_groups,
        due: due.map(|due| instant::read(&due, "due")).transpose()?,
        priority,
        record: record.map(|AboutRecord { r#type, id }| (r#type, RecordId(id))),
    };
    let answer = app.execute(&by, sent.terms, Change::CreateTask(Box::new(new))).await?;
    let (new, answered) = expect(answer, answer::task)?;
    let seen = app.runtime.seen_task(&by.0, &new).await?;
    created(answered, Some(format!("/api/v1/user-tasks/{}", new.id)), Some(new.version), task(seen))
}

pub(super) async fn cancel(by: By, id: Path<TaskId>, sent: Sent<CancelTask>, app: App) -> ApiResult {
    let request = TaskRequest::Cancel(sent.value.reason);
    act(by, sent.terms, Change::Task(id.into_inner(), request), app).await
}
