//! Users of the business, and the caller itself.

use super::answer::{self, ApiResult, changed, expect, shown, tagged};
use super::requires::By;
use super::search::Wanted;
use super::sent::{Nothing, Sent};
use super::state::App;
use super::view::page::page;
use super::view::user::{me as myself, relative, user};
use crate::model::directory::User;
use crate::model::ids::UserId;
use crate::model::json::JsonMap;
use crate::runtime::Towards;
use crate::runtime::request::{Change, Holder};
use actix_web::web::Path;
use serde::Deserialize;
use std::fmt;
use utoipa::ToSchema;

/// A user, created or replaced.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "李娜", "roles": ["sales_rep"], "attributes": {"territory": "east"}}))]
pub(super) struct PutUser {
    /// The name.
    name: String,
    /// Whether the user can sign in and is given work.
    #[serde(default = "yes")]
    #[schema(default = true)]
    active: bool,
    /// Roles.
    #[serde(default)]
    roles: Vec<String>,
    /// What assignment scripts look at.
    #[serde(default)]
    #[schema(value_type = Object)]
    attributes: JsonMap,
    /// A new password; the old one stays when none is given.
    password: Option<String>,
}

fn yes() -> bool {
    true
}

impl fmt::Debug for PutUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PutUser({}, ***)", self.name)
    }
}

pub(super) async fn list(by: By, wanted: Wanted, app: App) -> ApiResult {
    shown(page(app.runtime.users(&by.0, wanted.0).await?, user))
}

pub(super) async fn me(by: By) -> ApiResult {
    shown(myself(by.0))
}

pub(super) async fn get(by: By, id: Path<UserId>, app: App) -> ApiResult {
    let found = app.runtime.user(&by.0, &id).await?;
    tagged(found.version, user(found))
}

pub(super) async fn superiors(by: By, id: Path<UserId>, wanted: Wanted, app: App) -> ApiResult {
    shown(page(app.runtime.relatives(&by.0, &id, Towards::Superiors, wanted.0).await?, relative))
}

pub(super) async fn subordinates(by: By, id: Path<UserId>, wanted: Wanted, app: App) -> ApiResult {
    shown(page(app.runtime.relatives(&by.0, &id, Towards::Subordinates, wanted.0).await?, relative))
}

pub(super) async fn revoke_tokens(by: By, id: Path<UserId>, sent: Sent<Nothing>, app: App) -> ApiResult {
    let change = Change::VoidTokens(Holder::User(id.into_inner()));
    let ((), answered) = expect(app.execute(&by, sent.terms, change).await?, answer::done)?;
    changed(answered, None, Nothing {})
}

pub(super) async fn unlink(by: By, id: Path<UserId>, sent: Sent<Nothing>, app: App) -> ApiResult {
    let answer = app.execute(&by, sent.terms, Change::UnlinkUser(id.into_inner())).await?;
    let ((), answered) = expect(answer, answer::done)?;
    changed(answered, None, Nothing {})
}

pub(super) async fn put(by: By, id: Path<UserId>, sent: Sent<PutUser>, app: App) -> ApiResult {
    let PutUser { name, active, roles, attributes, password } = sent.value;
    let (id, created_at) = (id.into_inner(), app.runtime.now());
    let new = User { id, name, active, roles, attributes, created_at, version: 0 };
    let answer =
        app.execute(&by, sent.terms, Change::PutUser { user: new, password: password.map(Into::into) }).await?;
    let (new, answered) = expect(answer, answer::user)?;
    changed(answered, Some(new.version), user(new))
}
