//! What a business says of its roles; their titles are the pack's.

use super::answer::{self, ApiResult, changed, expect, shown};
use super::authority;
use super::requires::By;
use super::sent::Sent;
use super::state::App;
use super::view::organisation::role;
use super::view::page::list as all;
use crate::model::json::JsonMap;
use crate::runtime::request::Change;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// What is said of a role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"limits": {"discount": 0.15, "amount": {"amount": "500000.00", "currency": "CNY"}}}))]
pub(super) struct PutRole {
    /// How far who has it may go, by name: a number, or money. Replaces what was said before.
    #[schema(value_type = Object)]
    limits: JsonMap,
}

pub(super) async fn list(by: By, app: App) -> ApiResult {
    let found = app.runtime.roles(&by.0).await?;
    shown(all(found.into_iter().map(|(found, title)| role(found, title.as_ref()))))
}

pub(super) async fn put(by: By, name: Path<String>, sent: Sent<PutRole>, app: App) -> ApiResult {
    let (name, limits) = (name.into_inner(), authority::read(sent.value.limits)?);
    let answer = app.execute(&by, sent.terms, Change::PutRole { name, limits }).await?;
    let (new, answered) = expect(answer, answer::role)?;
    let titles = app.runtime.roles(&by.0).await?;
    let title = titles.into_iter().find_map(|(known, title)| title.filter(|_| known.name == new.name));
    changed(answered, Some(new.version), role(new, title.as_ref()))
}
