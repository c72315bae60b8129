//! User tasks: the list, one, its form, and what a person does with it.

use super::answer::{self, ApiResult, changed, expect, shown, tagged};
use super::problem::Problem;
use super::requires::By;
use super::search::{SearchBody, Wanted};
use super::sent::{Body, Nothing, Sent, Terms};
use super::state::App;
use super::view::page::page;
use super::view::{form::form, task::task};
use crate::model::filter::Filter;
use crate::model::ids::TaskId;
use crate::model::json::JsonMap;
use crate::model::page::Search;
use crate::model::refusal::Refusal;
use crate::runtime::request::Change;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// How a task is completed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"outcome": "same", "variables": {"note": "the same company under its old name"}}))]
pub(super) struct CompleteTask {
    /// One of the task's outcomes, when it offers some.
    outcome: Option<String>,
    /// What the person entered, as the form of the task wants it.
    #[serde(default)]
    #[schema(value_type = Object)]
    variables: JsonMap,
}

pub(super) async fn list(by: By, wanted: Wanted, app: App) -> ApiResult {
    found(by, saved(wanted.0)?, app).await
}

/// `?filter=<id>` names a saved list; it is no condition on tasks.
fn saved(mut search: Search) -> Result<Search, Problem> {
    let named = |part: &Filter| matches!(part, Filter::Where(condition) if condition.at == "?filter");
    for part in search.filter.iter().filter(|part| named(part)) {
        match part {
            Filter::Where(condition) if condition.value.is_string() => {
                search.saved = condition.value.as_str().map(str::to_owned);
            }
            _ => {
                let detail = "\"filter\" takes one value, compared with $eq";
                return Err(Problem::from(Refusal::invalid("wrong_filter", detail)).at("?filter"));
            }
        }
    }
    search.filter.retain(|part| !named(part));
    Ok(search)
}

pub(super) async fn search(by: By, body: Body<SearchBody>, app: App) -> ApiResult {
    found(by, body.0.read()?, app).await
}

async fn found(by: By, search: Search, app: App) -> ApiResult {
    let tasks = app.runtime.tasks(&by.0, search).await?;
    shown(page(tasks, task))
}

pub(super) async fn get(by: By, id: Path<TaskId>, app: App) -> ApiResult {
    let found = app.runtime.task(&by.0, &id).await?;
    tagged(found.task.version, task(found))
}

pub(super) async fn get_form(by: By, id: Path<TaskId>, app: App) -> ApiResult {
    shown(form(app.runtime.task_form(&by.0, &id).await?))
}

pub(super) async fn claim(by: By, id: Path<TaskId>, sent: Sent<Nothing>, app: App) -> ApiResult {
    act(by, sent.terms, Change::ClaimTask(id.into_inner()), app).await
}

pub(super) async fn unclaim(by: By, id: Path<TaskId>, sent: Sent<Nothing>, app: App) -> ApiResult {
    act(by, sent.terms, Change::UnclaimTask(id.into_inner()), app).await
}

pub(super) async fn complete(by: By, id: Path<TaskId>, sent: Sent<CompleteTask>, app: App) -> ApiResult {
    let CompleteTask { outcome, variables } = sent.value;
    act(by, sent.terms, Change::CompleteTask { task: id.into_inner(), outcome, variables }, app).await
}

/// Every verb answers with the whole new task.
pub(super) async fn act(by: By, terms: Terms, change: Change, app: App) -> ApiResult {
    let (new, answered) = expect(app.execute(&by, terms, change).await?, answer::task)?;
    let seen = app.runtime.seen_task(&by.0, &new).await?;
    changed(answered, Some(new.version), task(seen))
}
