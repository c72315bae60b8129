//! Process instances: start one, find them, read what happened.

use super::answer::{self, ApiResult, changed, created, expect, shown, tagged};
use super::problem::Problem;
use super::requires::By;
use super::search::{SearchBody, Wanted, parameters};
use super::sent::{Body, Sent};
use super::state::App;
use super::view::instance::{history, instance, whole};
use super::view::page::page;
use super::view::token::token;
use crate::model::ids::InstanceId;
use crate::model::json::JsonMap;
use crate::model::page::Search;
use crate::runtime::request::Change;
use actix_web::HttpRequest;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// Entries of a history in one answer at most.
const ENTRIES: usize = 1_000;

/// What is started.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "process": "customer-intake",
    "variables": {"source_channel": "trade_fair", "event_id": "sh-2026-118", "name": "华新机械有限公司"}
}))]
pub(super) struct StartProcess {
    /// The key of a process of the active revision.
    process: String,
    /// Its start variables, as the `input` of the process wants them.
    #[serde(default)]
    #[schema(value_type = Object)]
    variables: JsonMap,
}

/// 201 for a new instance; 200 for the first one, when its business key is taken.
pub(super) async fn start(by: By, sent: Sent<StartProcess>, app: App) -> ApiResult {
    let StartProcess { process, variables } = sent.value;
    let answer = app.execute(&by, sent.terms, Change::Start { process, variables }).await?;
    let ((started, new), answered) = expect(answer, answer::started)?;
    let (location, version) = (format!("/api/v1/process-instances/{}", started.id), Some(started.version));
    match new {
        true => created(answered, Some(location), version, instance(started)),
        false => changed(answered, version, instance(started)),
    }
}

pub(super) async fn list(by: By, wanted: Wanted, app: App) -> ApiResult {
    found(by, wanted.0, app).await
}

pub(super) async fn search(by: By, body: Body<SearchBody>, app: App) -> ApiResult {
    found(by, body.0.read()?, app).await
}

async fn found(by: By, search: Search, app: App) -> ApiResult {
    shown(page(app.runtime.instances(&by.0, search).await?, instance))
}

pub(super) async fn get(by: By, id: Path<InstanceId>, app: App) -> ApiResult {
    let (found, variables) = app.runtime.instance(&by.0, &id).await?;
    tagged(found.version, whole(found, variables))
}

pub(super) async fn list_tokens(by: By, id: Path<InstanceId>, wanted: Wanted, app: App) -> ApiResult {
    shown(page(app.runtime.tokens(&by.0, &id, wanted.0).await?, token))
}

pub(super) async fn get_history(by: By, id: Path<InstanceId>, request: HttpRequest, app: App) -> ApiResult {
    let (mut after, mut limit) = (0, 100);
    for (name, value) in parameters(&request)? {
        match name.as_str() {
            "after" => after = number(&value, 0, i64::MAX, "?after")?,
            _ => limit = number(&value, 1, ENTRIES as i64, "?limit")?,
        }
    }
    let limit = usize::try_from(limit).unwrap_or(ENTRIES);
    shown(history(app.runtime.history(&by.0, &id, after, limit).await?, limit))
}

fn number(text: &str, least: i64, most: i64, pointer: &str) -> Result<i64, Problem> {
    text.parse().ok().filter(|number| (least..=most).contains(number)).ok_or_else(|| {
        let detail = format!("this takes a whole number from {least} to {most}");
        Problem::malformed("invalid_parameter", detail).at(pointer)
    })
}
