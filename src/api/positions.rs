//! Positions of the hierarchy.

use super::answer::{self, ApiResult, changed, expect};
use super::requires::By;
use super::sent::Sent;
use super::state::App;
use super::view::position::position;
use crate::model::directory::Period;
use crate::model::ids::UserId;
use crate::model::refusal::{FieldError, Refusal};
use crate::model::time::Timestamp;
use crate::model::window::Window;
use crate::runtime::request::Change;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// What a position is: from `validFrom` on, until `validTo`. What it was before and will be after stays; without either,
/// it always was so and stays so. A re-organisation sends the date as `validFrom`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"unit": "east", "title": "Regional manager", "user": "bob", "manager": "sales-director", "validFrom": "2026-07-01T00:00:00Z"}))]
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

pub(super) async fn put(by: By, id: Path<String>, sent: Sent<PutPosition>, app: App) -> ApiResult {
    let PutPosition { unit, title, user, manager, valid_from, valid_to } = sent.value;
    let window = Window::between(instant(valid_from, "validFrom")?, instant(valid_to, "validTo")?);
    let period = Period { window, unit, title, user: user.map(UserId), manager };
    let answer = app.execute(&by, sent.terms, Change::PutPosition { id: id.into_inner(), period }).await?;
    let (new, answered) = expect(answer, answer::position)?;
    changed(answered, Some(new.version), position(new))
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
