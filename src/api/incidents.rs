//! Incidents: what failed, trying it again, and going on without it.

use super::answer::{self, ApiResult, changed, expect, shown};
use super::requires::By;
use super::search::{SearchBody, Wanted};
use super::sent::{Body, Sent, Terms};
use super::state::App;
use super::view::incident::incident;
use super::view::instance::instance;
use super::view::page::page;
use crate::model::ids::IncidentId;
use crate::model::intervention::{Retry, Skip};
use crate::model::json::JsonMap;
use crate::model::page::Search;
use crate::runtime::request::Change;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// Another try.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"variables": {"amount": 1200}, "reason": "the amount was missing"}))]
pub(super) struct RetryIncident {
    /// Variables that are set before, each where it is, a new one in the process.
    #[serde(default)]
    #[schema(value_type = Object)]
    variables: JsonMap,
    /// Why, in 1 to 2000 characters; needed with variables.
    reason: Option<String>,
}

/// What a node counts as done with.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"variables": {"class": "B"}, "reason": "classified by hand"}))]
pub(super) struct SkipIncident {
    /// One of the node's outcomes, when it offers some.
    outcome: Option<String>,
    /// Variables that its work would have set.
    #[serde(default)]
    #[schema(value_type = Object)]
    variables: JsonMap,
    /// Why, in 1 to 2000 characters.
    reason: String,
}

pub(super) async fn list(by: By, wanted: Wanted, app: App) -> ApiResult {
    found(by, wanted.0, app).await
}

pub(super) async fn search(by: By, body: Body<SearchBody>, app: App) -> ApiResult {
    found(by, body.0.read()?, app).await
}

async fn found(by: By, search: Search, app: App) -> ApiResult {
    shown(page(app.runtime.incidents(&by.0, search).await?, incident))
}

pub(super) async fn get(by: By, id: Path<IncidentId>, app: App) -> ApiResult {
    shown(incident(app.runtime.incident(&by.0, &id).await?))
}

/// The node of the incident is tried again; the answer is the instance as it is then.
pub(super) async fn retry(by: By, id: Path<IncidentId>, sent: Sent<RetryIncident>, app: App) -> ApiResult {
    let RetryIncident { variables, reason } = sent.value;
    let change = Change::RetryIncident(Retry { incident: id.into_inner(), variables, reason });
    mend(by, change, sent.terms, app).await
}

/// The node of the incident counts as done; the answer is the instance as it is then.
pub(super) async fn skip(by: By, id: Path<IncidentId>, sent: Sent<SkipIncident>, app: App) -> ApiResult {
    let SkipIncident { outcome, variables, reason } = sent.value;
    let change = Change::SkipIncident(Skip { incident: id.into_inner(), outcome, variables, reason });
    mend(by, change, sent.terms, app).await
}

async fn mend(by: By, change: Change, terms: Terms, app: App) -> ApiResult {
    let (new, answered) = expect(app.execute(&by, terms, change).await?, answer::instance)?;
    changed(answered, Some(new.version), instance(new))
}
