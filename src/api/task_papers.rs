//! Remarks on tasks, and their files.

use super::answer::{self, ApiResult, changed, created, expect, shown};
use super::requires::By;
use super::search::Wanted;
use super::sent::{Nothing, Sent};
use super::state::App;
use super::view::file::file as file_view;
use super::view::page::{list as all, page};
use super::view::task_comment::comment;
use crate::model::ids::{FileId, TaskId};
use crate::model::task_paper::TaskPaper;
use crate::runtime::request::Change;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// A remark.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "Called them; they move their office in May."}))]
pub(super) struct WriteComment {
    /// 1 to 4000 characters.
    text: String,
}

/// A file for a task.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"file": "0199c1f0-7c1e-7d7a-9d5e-0d6f1f6f2a13"}))]
pub(super) struct AttachToTask {
    /// The file: one that you uploaded, or that you may see.
    file: String,
}

pub(super) async fn list_comments(by: By, id: Path<TaskId>, wanted: Wanted, app: App) -> ApiResult {
    shown(page(app.runtime.task_comments(&by.0, &id, wanted.0).await?, comment))
}

pub(super) async fn write_comment(by: By, id: Path<TaskId>, sent: Sent<WriteComment>, app: App) -> ApiResult {
    let paper = TaskPaper::Comment { task: id.into_inner(), text: sent.value.text };
    let answer = app.execute(&by, sent.terms, Change::TaskPaper(Box::new(paper))).await?;
    let (new, answered) = expect(answer, answer::task_comment)?;
    created(answered, None, None, comment(new))
}

pub(super) async fn list_files(by: By, id: Path<TaskId>, app: App) -> ApiResult {
    shown(all(app.runtime.task_attachments(&by.0, &id).await?.into_iter().map(file_view)))
}

pub(super) async fn attach(by: By, id: Path<TaskId>, sent: Sent<AttachToTask>, app: App) -> ApiResult {
    let location = format!("/api/v1/files/{}", sent.value.file);
    let paper = TaskPaper::Attach { task: id.into_inner(), file: sent.value.file.into() };
    let answer = app.execute(&by, sent.terms, Change::TaskPaper(Box::new(paper))).await?;
    let (file, answered) = expect(answer, answer::file)?;
    created(answered, Some(location), None, file_view(file))
}

pub(super) async fn detach(by: By, path: Path<(TaskId, FileId)>, sent: Sent<Nothing>, app: App) -> ApiResult {
    let (task, file) = path.into_inner();
    let paper = TaskPaper::Detach { task, file };
    let answer = app.execute(&by, sent.terms, Change::TaskPaper(Box::new(paper))).await?;
    let ((), answered) = expect(answer, answer::done)?;
    changed(answered, None, sent.value)
}
