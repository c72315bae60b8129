//! Substitutions: who acts for whom.

use super::answer::{self, ApiResult, changed, created, expect, shown, tagged};
use super::requires::By;
use super::search::Wanted;
use super::sent::{Nothing, Sent};
use super::state::App;
use super::view::absence::substitution;
use super::view::page::page;
use super::{authority, instant};
use crate::model::absence::Substitution;
use crate::model::ids::UserId;
use crate::model::json::JsonMap;
use crate::model::refusal::Refusal;
use crate::runtime::request::Change;
use actix_web::web::Path;
use serde::Deserialize;
use utoipa::ToSchema;

/// A new substitution.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "user": "lin.xiaoyan", "from": "2026-07-01T00:00:00Z", "to": "2026-07-15T00:00:00Z", "limits": {"discount": 0.1}
}))]
pub(super) struct CreateSubstitution {
    /// For whom; the caller when not said.
    for_user: Option<String>,
    /// Who acts.
    user: String,
    /// From this instant on.
    from: String,
    /// Until before this instant; none: until it is given an end.
    to: Option<String>,
    /// How far at most, by name, where less than the person who is stood in for: a number, or money.
    #[serde(default)]
    #[schema(value_type = Object)]
    limits: JsonMap,
    /// In which processes only; none: in all.
    processes: Option<Vec<String>>,
}

/// A substitution, said otherwise. One that has begun can only be given another end.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "user": "lin.xiaoyan", "from": "2026-07-01T00:00:00Z", "to": "2026-07-20T00:00:00Z", "processes": ["customer-intake"]
}))]
pub(super) struct PutSubstitution {
    /// Who acts.
    user: String,
    /// From this instant on.
    from: String,
    /// Until before this instant; none: until it is given an end.
    to: Option<String>,
    /// How far at most, by name, where less than the person who is stood in for: a number, or money.
    #[serde(default)]
    #[schema(value_type = Object)]
    limits: JsonMap,
    /// In which processes only; none: in all.
    processes: Option<Vec<String>>,
}

pub(super) async fn list(by: By, wanted: Wanted, app: App) -> ApiResult {
    shown(page(app.runtime.substitutions(&by.0, wanted.0).await?, |found| substitution(found, &[])))
}

pub(super) async fn get(by: By, id: Path<String>, app: App) -> ApiResult {
    let found = app.runtime.substitution(&by.0, &id).await?;
    tagged(found.version, substitution(found, &[]))
}

pub(super) async fn create(by: By, sent: Sent<CreateSubstitution>, app: App) -> ApiResult {
    let CreateSubstitution { for_user, user, from, to, limits, processes } = sent.value;
    let for_user = for_user.map_or(by.0.user.clone(), UserId);
    let new = read(String::new(), for_user, PutSubstitution { user, from, to, limits, processes })?;
    let answer = app.execute(&by, sent.terms, Change::CreateSubstitution(new)).await?;
    let ((new, odd), answered) = expect(answer, answer::substitution)?;
    let place = format!("/api/v1/substitutions/{}", new.id);
    created(answered, Some(place), Some(new.version), substitution(new, &odd))
}

pub(super) async fn put(by: By, id: Path<String>, sent: Sent<PutSubstitution>, app: App) -> ApiResult {
    // For whom it is stays; the runtime takes it from what is there.
    let new = read(id.into_inner(), by.0.user.clone(), sent.value)?;
    let answer = app.execute(&by, sent.terms, Change::UpdateSubstitution(new)).await?;
    let ((new, odd), answered) = expect(answer, answer::substitution)?;
    changed(answered, Some(new.version), substitution(new, &odd))
}

pub(super) async fn delete(by: By, id: Path<String>, sent: Sent<Nothing>, app: App) -> ApiResult {
    let answer = app.execute(&by, sent.terms, Change::DeleteSubstitution(id.into_inner())).await?;
    let ((), answered) = expect(answer, answer::done)?;
    changed(answered, None, sent.value)
}

fn read(id: String, for_user: UserId, said: PutSubstitution) -> Result<Substitution, Refusal> {
    let PutSubstitution { user, from, to, limits, processes } = said;
    let window = instant::between((Some(&from), "from"), (to.as_ref(), "to"))?;
    Ok(Substitution {
        id,
        user: UserId(user),
        for_user,
        window,
        limits: authority::read(limits)?,
        processes,
        version: 0,
    })
}
