//! Service accounts: programs that get tokens with a secret of their own.

use super::answer::{self, ApiResult, changed, expect, shown, tagged};
use super::nearest;
use super::requires::By;
use super::search::Wanted;
use super::sent::{Nothing, Sent};
use super::state::App;
use super::view::client::client;
use super::view::page::page;
use crate::model::directory::Client;
use crate::model::refusal::{FieldError, Refusal};
use crate::model::scope::Scope;
use crate::model::time::Duration;
use crate::runtime::request::{Change, Holder};
use actix_web::web::Path;
use serde::Deserialize;
use std::fmt;
use utoipa::ToSchema;

/// Days that a secret can be good beside the new one at most.
const KEPT_MOST: i64 = 30;

/// A service account, created or replaced.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(example = json!({
    "name": "Lead import", "secret": "a long random text", "scopes": ["processes:write"], "roles": ["integration"],
    "actAs": ["role:sales_rep"]
}))]
pub(super) struct PutClient {
    /// What it is for.
    name: String,
    /// Its secret, which a new one needs; it is kept as a hash and never shown. The present one stays when none is given,
    /// and ends at once when one is.
    secret: Option<String>,
    /// What its tokens allow.
    scopes: Vec<String>,
    /// Its roles.
    #[serde(default)]
    roles: Vec<String>,
    /// The people it may act as: `user:alice`, or `role:sales_rep` for whoever has the role.
    #[serde(default)]
    act_as: Vec<String>,
}

impl fmt::Debug for PutClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PutClient({}, ***)", self.name)
    }
}

/// A new secret of a service account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(example = json!({"secret": "another long random text", "keepOld": "P1D"}))]
pub(super) struct RotateSecret {
    /// The new secret; it is kept as a hash and never shown.
    secret: String,
    /// How long the present one is good as well, P30D at most; P1D when not said, PT0S: not at all.
    #[schema(value_type = Option<String>)]
    keep_old: Option<Duration>,
}

pub(super) async fn list(by: By, wanted: Wanted, app: App) -> ApiResult {
    shown(page(app.runtime.clients(&by.0, wanted.0).await?, client))
}

pub(super) async fn get(by: By, id: Path<String>, app: App) -> ApiResult {
    let found = app.runtime.client(&by.0, &id).await?;
    tagged(found.version, client(found))
}

pub(super) async fn put(by: By, id: Path<String>, sent: Sent<PutClient>, app: App) -> ApiResult {
    let PutClient { name, secret, scopes, roles, act_as } = sent.value;
    known(&scopes)?;
    persons(&act_as)?;
    let (id, created_at) = (id.into_inner(), app.runtime.now());
    let new = Client { id, name, scopes, roles, act_as, old_secret_until: None, created_at, version: 0 };
    let change = Change::PutClient { client: new, secret: secret.map(Into::into) };
    let (new, answered) = expect(app.execute(&by, sent.terms, change).await?, answer::client)?;
    changed(answered, Some(new.version), client(new))
}

pub(super) async fn rotate_secret(by: By, id: Path<String>, sent: Sent<RotateSecret>, app: App) -> ApiResult {
    let now = app.runtime.now();
    let keep = sent.value.keep_old.map_or_else(|| now.plus_days(1), |keep| keep.after(now));
    if keep > now.plus_days(KEPT_MOST) {
        return Err(wrong("/keepOld", format!("a secret is kept for {KEPT_MOST} days at most")).into());
    }
    let change = Change::RotateSecret { id: id.into_inner(), secret: sent.value.secret.into(), keep_until: keep };
    let (new, answered) = expect(app.execute(&by, sent.terms, change).await?, answer::client)?;
    changed(answered, Some(new.version), client(new))
}

pub(super) async fn delete(by: By, id: Path<String>, sent: Sent<Nothing>, app: App) -> ApiResult {
    let answer = app.execute(&by, sent.terms, Change::DeleteClient(id.into_inner())).await?;
    let ((), answered) = expect(answer, answer::done)?;
    changed(answered, None, Nothing {})
}

pub(super) async fn revoke_tokens(by: By, id: Path<String>, sent: Sent<Nothing>, app: App) -> ApiResult {
    let change = Change::VoidTokens(Holder::Client(id.into_inner()));
    let ((), answered) = expect(app.execute(&by, sent.terms, change).await?, answer::done)?;
    changed(answered, None, Nothing {})
}

fn known(scopes: &[String]) -> Result<(), Refusal> {
    let names = Scope::all().map(Scope::name);
    let unknown = scopes.iter().enumerate().filter(|(_, scope)| Scope::parse(scope).is_none());
    let errors: Vec<FieldError> = unknown
        .map(|(index, scope)| FieldError {
            pointer: format!("/scopes/{index}"),
            code: "unknown_scope".to_owned(),
            detail: nearest::unknown("the scope", scope, &names),
        })
        .collect();
    if errors.is_empty() {
        return Ok(());
    }
    Err(Refusal::invalid("unknown_scope", "some scopes are not known; see errors").with_errors(errors))
}

fn persons(act_as: &[String]) -> Result<(), Refusal> {
    let is_person = |who: &String| {
        who.split_once(':').is_some_and(|(kind, name)| ["user", "role"].contains(&kind) && !name.is_empty())
    };
    match act_as.iter().position(|who| !is_person(who)) {
        None => Ok(()),
        Some(index) => {
            let detail = format!("\"{}\" is not user:LOGIN or role:ROLE", act_as[index]);
            Err(wrong(&format!("/actAs/{index}"), detail))
        }
    }
}

fn wrong(pointer: &str, detail: String) -> Refusal {
    let error = FieldError { pointer: pointer.to_owned(), code: "wrong_value".into(), detail: detail.clone() };
    Refusal::invalid("wrong_value", detail).with_errors(vec![error])
}
