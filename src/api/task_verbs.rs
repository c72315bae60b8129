//! What people do with a task beside taking, giving back and finishing it: give it to others, delegate, resolve, plan.

use super::answer::{self, ApiResult, created, expect};
use super::instant;
use super::requires::By;
use super::sent::{Sent, Terms};
use super::state::App;
use super::user_tasks::act;
use super::view::task::task;
use crate::model::ids::{TaskId, UserId};
use crate::model::json::JsonMap;
use crate::model::refusal::Refusal;
use crate::model::task::NewSubTask;
use crate::model::task_change::TaskUpdate;
use crate::model::text::Text;
use crate::model::time::Timestamp;
use crate::runtime::request::{Change, TaskRequest};
use actix_web::web::Path;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

/// To whom a task is given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"user": "lin.xiaoyan"}))]
pub(super) struct AssignTask {
    /// The login of an active user who is a candidate of the task; null: back to the candidates.
    #[serde(deserialize_with = "said")]
    #[schema(value_type = Option<String>, required = true)]
    user: Option<String>,
}

/// Who is to do a task.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"user": "sun.yue", "comment": "you know the people there"}))]
pub(super) struct DelegateTask {
    /// The login of an active user.
    user: String,
    /// What there is to say of it.
    comment: Option<String>,
}

/// What a delegate gives back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"variables": {"note": "the same company under its old name"}}))]
pub(super) struct ResolveTask {
    /// What the person entered, as the form of the task wants it.
    #[serde(default)]
    #[schema(value_type = Object)]
    variables: JsonMap,
}

/// What changes of a task; what is not said stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"followUp": "2026-07-03T08:00:00Z"}))]
pub(super) struct PatchTask {
    /// 0 to 100, higher first.
    priority: Option<i64>,
    /// When it is due, RFC 3339; null: never.
    #[serde(default, deserialize_with = "some")]
    #[schema(value_type = Option<String>)]
    due: Option<Option<String>>,
    /// When to come back to it, RFC 3339; null: not at all.
    #[serde(default, deserialize_with = "some")]
    #[schema(value_type = Option<String>)]
    follow_up: Option<Option<String>>,
}

/// A part of a task.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"title": "Ask the plant for its capacity", "assignee": "sun.yue"}))]
pub(super) struct CreateSubTask {
    /// What is to be done, at most 200 characters.
    title: String,
    /// The login of the active user who has it; or who may take it:
    assignee: Option<String>,
    /// Logins of active users who may claim it.
    #[serde(default)]
    candidate_users: Vec<String>,
    /// Roles whose members may claim it.
    #[serde(default)]
    candidate_groups: Vec<String>,
    /// When it is due, RFC 3339.
    due: Option<String>,
    /// 0 to 100, higher first; that of the task when not said.
    priority: Option<i64>,
}

pub(super) async fn create_sub_task(by: By, id: Path<TaskId>, sent: Sent<CreateSubTask>, app: App) -> ApiResult {
    let CreateSubTask { title, assignee, candidate_users, candidate_groups, due, priority } = sent.value;
    let new = NewSubTask {
        title: Text::same(title.trim()),
        assignee: assignee.map(UserId),
        candidate_users: candidate_users.into_iter().map(UserId).collect(),
        candidate_groups,
        due: due.map(|due| instant::read(&due, "due")).transpose()?,
        priority,
    };
    let change = Change::Task(id.into_inner(), TaskRequest::CreateSubTask(new));
    let (new, answered) = expect(app.execute(&by, sent.terms, change).await?, answer::task)?;
    let seen = app.runtime.seen_task(&by.0, &new).await?;
    let location = Some(format!("/api/v1/user-tasks/{}", new.id));
    created(answered, location, Some(new.version), task(seen))
}

pub(super) async fn assign(by: By, id: Path<TaskId>, sent: Sent<AssignTask>, app: App) -> ApiResult {
    ask(by, id, sent.terms, TaskRequest::Assign(sent.value.user.map(UserId)), app).await
}

pub(super) async fn delegate(by: By, id: Path<TaskId>, sent: Sent<DelegateTask>, app: App) -> ApiResult {
    let DelegateTask { user, comment } = sent.value;
    ask(by, id, sent.terms, TaskRequest::Delegate { to: UserId(user), comment }, app).await
}

pub(super) async fn resolve(by: By, id: Path<TaskId>, sent: Sent<ResolveTask>, app: App) -> ApiResult {
    ask(by, id, sent.terms, TaskRequest::Resolve(sent.value.variables), app).await
}

pub(super) async fn patch(by: By, id: Path<TaskId>, sent: Sent<PatchTask>, app: App) -> ApiResult {
    let PatchTask { priority, due, follow_up } = sent.value;
    let update = TaskUpdate { priority, due: at("due", due)?, follow_up: at("followUp", follow_up)? };
    ask(by, id, sent.terms, TaskRequest::Update(update), app).await
}

async fn ask(by: By, id: Path<TaskId>, terms: Terms, request: TaskRequest, app: App) -> ApiResult {
    act(by, terms, Change::Task(id.into_inner(), request), app).await
}

fn at(field: &str, said: Option<Option<String>>) -> Result<Option<Option<Timestamp>>, Refusal> {
    said.map(|text| text.map(|text| instant::read(&text, field)).transpose()).transpose()
}

/// A key that must be there, though it may be null.
fn said<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(from)
}

/// Null is something else than nothing said.
fn some<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}
