//! Positions of the hierarchy.

use super::answer::{self, ApiResult, changed, expect};
use super::requires::By;
use super::sent::Sent;
use super::state::App;
use crate::model::directory::Position;
use crate::model::ids::UserId;
use crate::model::refusal::{FieldError, Refusal};
use crate::model::time::Timestamp;
use crate::runtime::request::Change;
use actix_web::web::Path;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A position, created or replaced.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
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
    /// Holds from this instant on; none: always did.
    valid_from: Option<String>,
    /// Holds until before this instant; none: for good.
    valid_to: Option<String>,
}

/// A position.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
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
    /// Holds from this instant on; none: always did.
    valid_from: Option<String>,
    /// Holds until before this instant; none: for good.
    valid_to: Option<String>,
}

pub(super) async fn put(by: By, id: Path<String>, sent: Sent<PutPosition>, app: App) -> ApiResult {
    let PutPosition { unit, title, user, manager, valid_from, valid_to } = sent.value;
    let position = Position {
        id: id.into_inner(),
        unit,
        title,
        user: user.map(UserId),
        manager,
        valid_from: instant(valid_from, "validFrom")?,
        valid_to: instant(valid_to, "validTo")?,
    };
    let answer = app.execute(&by, sent.terms, Change::PutPosition(position.clone())).await?;
    let ((), answered) = expect(answer, answer::done)?;
    changed(answered, None, view(position))
}

fn view(position: Position) -> PositionView {
    let Position { id, unit, title, user, manager, valid_from, valid_to } = position;
    let (valid_from, valid_to) = (valid_from.map(Timestamp::rfc3339), valid_to.map(Timestamp::rfc3339));
    PositionView { id, unit, title, user: user.map(|user| user.0), manager, valid_from, valid_to }
}

fn instant(text: Option<String>, name: &str) -> Result<Option<Timestamp>, Refusal> {
    let read = |text: String| {
        Timestamp::parse(&text).ok_or_else(|| {
            let detail = format!("\"{text}\" is not an instant such as 2026-01-31T08:00:00Z");
            let error = FieldError { pointer: format!("/{name}"), code: "wrong_value".into(), detail: detail.clone() };
            Refusal::invalid("wrong_value", detail).with_errors(vec![error])
        })
    };
    text.map(read).transpose()
}
