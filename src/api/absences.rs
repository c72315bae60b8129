//! Absences: who is away when.

use super::answer::{self, ApiResult, changed, created, expect, shown, tagged};
use super::instant;
use super::requires::By;
use super::search::Wanted;
use super::sent::{Nothing, Sent};
use super::state::App;
use super::view::absence::absence;
use super::view::page::page;
use crate::model::absence::Absence;
use crate::model::ids::UserId;
use crate::runtime::request::Change;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// A new absence.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from": "2026-07-01T00:00:00Z", "to": "2026-07-15T00:00:00Z", "note": "annual leave"}))]
pub(super) struct CreateAbsence {
    /// Who is away; the caller when not said.
    user: Option<String>,
    /// Away from this instant on.
    from: String,
    /// Back at this instant; none: not known yet.
    to: Option<String>,
    /// What there is to say of it; the person, superiors and administrators read it.
    note: Option<String>,
}

/// An absence, said otherwise.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from": "2026-07-01T00:00:00Z", "to": "2026-07-20T00:00:00Z"}))]
pub(super) struct PutAbsence {
    /// Away from this instant on.
    from: String,
    /// Back at this instant; none: not known yet.
    to: Option<String>,
    /// What there is to say of it.
    note: Option<String>,
}

pub(super) async fn list(by: By, wanted: Wanted, app: App) -> ApiResult {
    shown(page(app.runtime.absences(&by.0, wanted.0).await?, absence))
}

pub(super) async fn get(by: By, id: Path<String>, app: App) -> ApiResult {
    let found = app.runtime.absence(&by.0, &id).await?;
    tagged(found.version, absence(found))
}

pub(super) async fn create(by: By, sent: Sent<CreateAbsence>, app: App) -> ApiResult {
    let CreateAbsence { user, from, to, note } = sent.value;
    let window = instant::between((Some(&from), "from"), (to.as_ref(), "to"))?;
    let user = user.map_or(by.0.user.clone(), UserId);
    let new = Absence { id: String::new(), user, window, note, version: 0 };
    let answer = app.execute(&by, sent.terms, Change::CreateAbsence(new)).await?;
    let (new, answered) = expect(answer, answer::absence)?;
    created(answered, Some(format!("/api/v1/absences/{}", new.id)), Some(new.version), absence(new))
}

pub(super) async fn put(by: By, id: Path<String>, sent: Sent<PutAbsence>, app: App) -> ApiResult {
    let PutAbsence { from, to, note } = sent.value;
    let window = instant::between((Some(&from), "from"), (to.as_ref(), "to"))?;
    let new = Absence { id: id.into_inner(), user: by.0.user.clone(), window, note, version: 0 };
    let answer = app.execute(&by, sent.terms, Change::UpdateAbsence(new)).await?;
    let (new, answered) = expect(answer, answer::absence)?;
    changed(answered, Some(new.version), absence(new))
}

pub(super) async fn delete(by: By, id: Path<String>, sent: Sent<Nothing>, app: App) -> ApiResult {
    let answer = app.execute(&by, sent.terms, Change::DeleteAbsence(id.into_inner())).await?;
    let ((), answered) = expect(answer, answer::done)?;
    changed(answered, None, sent.value)
}
