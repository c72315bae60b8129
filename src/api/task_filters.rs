//! Saved lists of tasks.

use super::answer::{self, ApiResult, changed, created, expect, shown, tagged};
use super::requires::By;
use super::search::Wanted;
use super::sent::{Nothing, Sent};
use super::state::App;
use super::view::page::page;
use super::view::task_filter::task_filter;
use crate::model::json::JsonMap;
use crate::model::task_paper::{TaskFilter, TaskPaper};
use crate::model::text::Text;
use crate::model::time::Timestamp;
use crate::runtime::request::Change;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// A list to save.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": {"en": "Overdue reviews", "zh": "逾期复核"}, "filter": {"state": "created", "due": {"$lt": "2026-03-02T00:00:00Z"}},
    "sort": "-priority"
}))]
pub(super) struct SaveTaskFilter {
    /// What it is called.
    #[schema(value_type = super::view::text::TextView)]
    name: Text,
    /// Its conditions, as a search of tasks has them.
    #[schema(value_type = Object)]
    filter: JsonMap,
    /// Its order, `-due`.
    sort: Option<String>,
    /// Roles whose members use it as well; nobody else does when not said.
    #[serde(default)]
    roles: Vec<String>,
}

pub(super) async fn list(by: By, wanted: Wanted, app: App) -> ApiResult {
    shown(page(app.runtime.task_filters(&by.0, wanted.0).await?, task_filter))
}

pub(super) async fn get(by: By, id: Path<String>, app: App) -> ApiResult {
    let found = app.runtime.task_filter(&by.0, &id).await?;
    tagged(found.version, task_filter(found))
}

pub(super) async fn create(by: By, sent: Sent<SaveTaskFilter>, app: App) -> ApiResult {
    let paper = TaskPaper::CreateFilter(read(&by, String::new(), sent.value));
    let answer = app.execute(&by, sent.terms, Change::TaskPaper(Box::new(paper))).await?;
    let (new, answered) = expect(answer, answer::task_filter)?;
    created(answered, Some(format!("/api/v1/task-filters/{}", new.id)), Some(new.version), task_filter(new))
}

pub(super) async fn put(by: By, id: Path<String>, sent: Sent<SaveTaskFilter>, app: App) -> ApiResult {
    let paper = TaskPaper::UpdateFilter(read(&by, id.into_inner(), sent.value));
    let answer = app.execute(&by, sent.terms, Change::TaskPaper(Box::new(paper))).await?;
    let (new, answered) = expect(answer, answer::task_filter)?;
    changed(answered, Some(new.version), task_filter(new))
}

pub(super) async fn delete(by: By, id: Path<String>, sent: Sent<Nothing>, app: App) -> ApiResult {
    let paper = TaskPaper::DeleteFilter(id.into_inner());
    let answer = app.execute(&by, sent.terms, Change::TaskPaper(Box::new(paper))).await?;
    let ((), answered) = expect(answer, answer::done)?;
    changed(answered, None, sent.value)
}

/// Owner, times and version are the store's.
fn read(by: &By, id: String, said: SaveTaskFilter) -> TaskFilter {
    let SaveTaskFilter { name, filter, sort, roles } = said;
    let (owner, never) = (by.0.user.clone(), Timestamp(0));
    TaskFilter { id, owner, name, filter, sort, roles, created_at: never, updated_at: never, version: 0 }
}
