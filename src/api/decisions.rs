//! Decision records: what business rules decided, and why.

use super::answer::{ApiResult, shown};
use super::language;
use super::requires::By;
use super::search::{SearchBody, Wanted};
use super::sent::Body;
use super::state::App;
use super::view::decision::{decision, explained};
use super::view::page::page;
use crate::model::ids::DecisionId;
use crate::model::page::Search;
use actix_web::HttpRequest;
use actix_web::web::Path;

pub(super) async fn list(by: By, wanted: Wanted, app: App) -> ApiResult {
    found(by, wanted.0, app).await
}

pub(super) async fn search(by: By, body: Body<SearchBody>, app: App) -> ApiResult {
    found(by, body.0.read()?, app).await
}

async fn found(by: By, search: Search, app: App) -> ApiResult {
    shown(page(app.runtime.decisions(&by.0, search).await?, decision))
}

pub(super) async fn get(by: By, id: Path<DecisionId>, request: HttpRequest, app: App) -> ApiResult {
    let (found, explanation) = app.runtime.decision(&by.0, &id, language::of(request.headers())).await?;
    shown(explained(found, explanation))
}
