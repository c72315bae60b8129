//! Positions of the hierarchy, each with what it was, is and will be.

use super::answer::{self, ApiResult, changed, expect, shown, tagged};
use super::requires::By;
use super::search::Wanted;
use super::sent::Sent;
use super::state::App;
use super::view::page::page;
use super::view::position::{position, reorganised};
use super::{authority, instant};
use crate::model::directory::{Move, Period};
use crate::model::ids::UserId;
use crate::model::json::JsonMap;
use crate::runtime::request::Change;
use actix_web::web::Path;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

/// What a position is: from `validFrom` on, until `validTo`. What it was before and will be after stays; without either,
/// it always was so and stays so. A re-organisation sends the date as `validFrom`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "unit": "east", "title": "Regional manager", "user": "bob", "manager": "sales-director",
    "validFrom": "2026-07-01T00:00:00Z", "limits": {"discount": 0.2}
}))]
pub(super) struct PutPosition {
    /// The unit that it belongs to.
    unit: String,
    /// Its title.
    title: String,
    /// Who holds it; none: vacant.
    user: Option<String>,
    /// The position above it.
    manager: Option<String>,
    /// Holds from this instant on; none: always did.
    valid_from: Option<String>,
    /// Holds until before this instant; none: for good.
    valid_to: Option<String>,
    /// How far who holds it may go, by name: a number, or money.
    #[serde(default)]
    #[schema(value_type = Object)]
    limits: JsonMap,
}

/// When a position ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"at": "2026-07-01T00:00:00Z"}))]
pub(super) struct EndPosition {
    /// From this instant on it is not valid any more.
    at: String,
}

/// A re-organisation: several positions moved from one instant on, all of them or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "at": "2026-07-01T00:00:00Z",
    "changes": [{"id": "rep-7", "manager": "manager-sw", "unit": "south-west"}, {"id": "manager-ne", "user": null}],
    "dryRun": true
}))]
pub(super) struct Reorganise {
    /// From when on.
    at: String,
    /// What changes; what a change does not say stays as it is, or as it is planned.
    #[schema(min_items = 1, max_items = 1000)]
    changes: Vec<ChangePosition>,
    /// Only say what would come of it.
    #[serde(default)]
    dry_run: bool,
}

/// How one position changes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangePosition {
    /// Which.
    id: String,
    /// Another unit.
    unit: Option<String>,
    /// Another position above it; null: none.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    manager: Option<Option<String>>,
    /// Another holder; null: nobody.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    user: Option<Option<String>>,
    /// The version that you saw; 412 would be for all, so a change that comes too late is refused at its place.
    version: Option<i64>,
}

/// Null is said too, and is something else than saying nothing.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

pub(super) async fn list(by: By, wanted: Wanted, app: App) -> ApiResult {
    shown(page(app.runtime.positions(&by.0, wanted.0).await?, position))
}

pub(super) async fn get(by: By, id: Path<String>, app: App) -> ApiResult {
    let found = app.runtime.position(&by.0, &id).await?;
    tagged(found.version, position(found))
}

pub(super) async fn put(by: By, id: Path<String>, sent: Sent<PutPosition>, app: App) -> ApiResult {
    let PutPosition { unit, title, user, manager, valid_from, valid_to, limits } = sent.value;
    let window = instant::between((valid_from.as_ref(), "validFrom"), (valid_to.as_ref(), "validTo"))?;
    let limits = authority::read(limits)?;
    let period = Period { window, unit, title, user: user.map(UserId), manager, limits };
    let answer = app.execute(&by, sent.terms, Change::PutPosition { id: id.into_inner(), period }).await?;
    let (new, answered) = expect(answer, answer::position)?;
    changed(answered, Some(new.version), position(new))
}

pub(super) async fn end(by: By, id: Path<String>, sent: Sent<EndPosition>, app: App) -> ApiResult {
    let at = instant::read(&sent.value.at, "at")?;
    let answer = app.execute(&by, sent.terms, Change::EndPosition { id: id.into_inner(), at }).await?;
    let (ended, answered) = expect(answer, answer::position)?;
    changed(answered, Some(ended.version), position(ended))
}

pub(super) async fn reorganise(by: By, sent: Sent<Reorganise>, app: App) -> ApiResult {
    let Reorganise { at, changes, dry_run } = sent.value;
    let at = instant::read(&at, "at")?;
    let moves = changes.into_iter().map(|change| {
        let ChangePosition { id, unit, manager, user, version } = change;
        Move { id, unit, manager, user: user.map(|user| user.map(UserId)), version }
    });
    let change = Change::Reorganise { at, moves: moves.collect(), dry_run };
    let (done, answered) = expect(app.execute(&by, sent.terms, change).await?, answer::reorganised)?;
    changed(answered, None, reorganised(done))
}
