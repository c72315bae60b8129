//! One's own password.

use super::address;
use super::answer::{ApiResult, shown};
use super::requires::By;
use super::sent::{Body, Nothing};
use super::state::App;
use actix_web::HttpRequest;
use serde::Deserialize;
use utoipa::ToSchema;

/// A change of one's own password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"current": "the present password", "new": "a longer one"}))]
pub(super) struct ChangePassword {
    /// The present password.
    current: String,
    /// The new one: at least 8 characters, and not the login.
    new: String,
}

pub(super) async fn change(by: By, request: HttpRequest, body: Body<ChangePassword>, app: App) -> ApiResult {
    let ChangePassword { current, new } = body.0;
    let name = format!("{}\nuser\n{}", by.0.business, by.0.user);
    let attempt = app.attempts.take(&address::of(&request, &app.limits.trusted_proxies), &name)?;
    let changed = app.runtime.change_password(&by.0, current.into(), new.into()).await;
    match changed.as_ref().map_err(|refusal| refusal.code.as_str()) {
        Err("wrong_password") => {}
        Ok(()) => attempt.succeeded(),
        Err(_) => attempt.was_none(),
    }
    changed?;
    shown(Nothing {})
}
