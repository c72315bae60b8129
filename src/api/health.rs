//! Whether the server lives, whether it can work, what it counts, and the document of the API. No token: whoever can
//! reach these may know them; keep `/metrics` off the public address.

use super::answer::{ApiResult, shown};
use super::state::App;
use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

/// A server that answers.
#[derive(Serialize, ToSchema)]
#[schema(as = Health)]
pub(super) struct HealthView {
    /// `up`.
    status: &'static str,
}

/// The process runs. Nothing else is asked, so that a slow database does not get it killed.
pub(super) async fn live() -> ApiResult {
    shown(HealthView { status: "up" })
}

/// The server can take requests.
pub(super) async fn ready(app: App) -> ApiResult {
    app.runtime.ready().await?;
    shown(HealthView { status: "up" })
}

/// The metrics in the text format of Prometheus.
pub(super) async fn metrics(app: App) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(app.metrics.render())
}

/// The document of the API.
pub(super) async fn openapi() -> ApiResult {
    shown(super::openapi::openapi())
}
