//! Units of the organisation.

use super::answer::{self, ApiResult, changed, expect, shown, tagged};
use super::requires::By;
use super::search::Wanted;
use super::sent::{Nothing, Sent};
use super::state::App;
use super::view::organisation::{UnitKindView, unit};
use super::view::page::page;
use crate::model::directory::Unit;
use crate::model::text::Text;
use crate::runtime::request::Change;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// A unit, created or replaced.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": {"en": "North and East", "zh": "华北与华东区"}, "kind": "region", "parent": "company"}))]
pub(super) struct PutUnit {
    /// Its title.
    #[schema(value_type = crate::api::view::text::TextView)]
    title: Text,
    /// What it is.
    kind: UnitKindView,
    /// The unit it belongs to; none: it is at the top.
    parent: Option<String>,
}

pub(super) async fn list(by: By, wanted: Wanted, app: App) -> ApiResult {
    shown(page(app.runtime.units(&by.0, wanted.0).await?, unit))
}

pub(super) async fn get(by: By, id: Path<String>, app: App) -> ApiResult {
    let found = app.runtime.unit(&by.0, &id).await?;
    tagged(found.version, unit(found))
}

pub(super) async fn put(by: By, id: Path<String>, sent: Sent<PutUnit>, app: App) -> ApiResult {
    let PutUnit { title, kind, parent } = sent.value;
    let new = Unit { id: id.into_inner(), parent, title, kind: kind.into(), version: 0 };
    let answer = app.execute(&by, sent.terms, Change::PutUnit(new)).await?;
    let (new, answered) = expect(answer, answer::unit)?;
    changed(answered, Some(new.version), unit(new))
}

pub(super) async fn delete(by: By, id: Path<String>, sent: Sent<Nothing>, app: App) -> ApiResult {
    let answer = app.execute(&by, sent.terms, Change::DeleteUnit(id.into_inner())).await?;
    let ((), answered) = expect(answer, answer::done)?;
    changed(answered, None, sent.value)
}
