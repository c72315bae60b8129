//! Incidents: what failed, and trying it again.

use super::answer::{self, ApiResult, changed, expect, shown};
use super::requires::By;
use super::search::{SearchBody, Wanted};
use super::sent::{Body, Nothing, Sent};
use super::state::App;
use super::view::incident::incident;
use super::view::instance::instance;
use super::view::page::page;
use crate::model::ids::IncidentId;
use crate::model::page::Search;
use crate::runtime::request::Change;
use actix_web::web::Path;

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
pub(super) async fn retry(by: By, id: Path<IncidentId>, sent: Sent<Nothing>, app: App) -> ApiResult {
    let answer = app.execute(&by, sent.terms, Change::RetryIncident(id.into_inner())).await?;
    let (new, answered) = expect(answer, answer::instance)?;
    changed(answered, Some(new.version), instance(new))
}
