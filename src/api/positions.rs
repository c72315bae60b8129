//! Positions of the hierarchy.

use super::answer::{self, ApiResult, changed, expect};
use super::requires::By;
use super::sent::Sent;
use super::state::App;
use crate::model::directory::Position;
use crate::model::ids::UserId;
use crate::runtime::request::Change;
use actix_web::web::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A position, created or replaced.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"unit": "east", "title": "Regional manager", "user": "bob", "manager": "sales-director"}))]
pub(super) struct PutPosition {
    /// The unit that it belongs to.
    unit: String,
    /// Its title.
    title: String,
    /// Who holds it; none: vacant.
    user: Option<String>,
    /// The position above it.
    manager: Option<String>,
}

/// A position.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Position)]
pub(super) struct PositionView {
    /// Its id.
    id: String,
    /// The unit that it belongs to.
    unit: String,
    /// Its title.
    title: String,
    /// Who holds it; none: vacant.
    user: Option<String>,
    /// The position above it.
    manager: Option<String>,
}

pub(super) async fn put(by: By, id: Path<String>, sent: Sent<PutPosition>, app: App) -> ApiResult {
    let PutPosition { unit, title, user, manager } = sent.value;
    let position = Position { id: id.into_inner(), unit, title, user: user.map(UserId), manager };
    let answer = app.execute(&by, sent.terms, Change::PutPosition(position.clone())).await?;
    let ((), answered) = expect(answer, answer::done)?;
    changed(answered, None, view(position))
}

fn view(position: Position) -> PositionView {
    let Position { id, unit, title, user, manager } = position;
    PositionView { id, unit, title, user: user.map(|user| user.0), manager }
}
