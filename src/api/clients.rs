//! Service accounts: programs that get tokens with a secret of their own.

use super::answer::{self, ApiResult, changed, expect};
use super::nearest;
use super::requires::By;
use super::sent::Sent;
use super::state::App;
use crate::model::refusal::{FieldError, Refusal};
use crate::model::scope::Scope;
use crate::runtime::request::Change;
use actix_web::web::Path;
use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// A service account, created or replaced.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Lead import", "secret": "a long random text", "scopes": ["processes:write"], "roles": ["integration"]
}))]
pub(super) struct PutClient {
    /// What it is for.
    name: String,
    /// Its secret; it is kept as a hash and never shown.
    secret: String,
    /// What its tokens allow.
    scopes: Vec<String>,
    /// Its roles.
    #[serde(default)]
    roles: Vec<String>,
}

impl fmt::Debug for PutClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PutClient({}, ***)", self.name)
    }
}

/// A service account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Client)]
pub(super) struct ClientView {
    /// Its id.
    id: String,
    /// What it is for.
    name: String,
    /// What its tokens allow.
    scopes: Vec<String>,
    /// Its roles.
    roles: Vec<String>,
}

pub(super) async fn put(by: By, id: Path<String>, sent: Sent<PutClient>, app: App) -> ApiResult {
    let PutClient { name, secret, scopes, roles } = sent.value;
    let secret = secret.into();
    known(&scopes)?;
    let view = ClientView { id: id.into_inner(), name, scopes, roles };
    let ClientView { id, name, scopes, roles } = &view;
    let (id, name, scopes, roles) = (id.clone(), name.clone(), scopes.clone(), roles.clone());
    let answer = app.execute(&by, sent.terms, Change::PutClient { id, name, secret, scopes, roles }).await?;
    let ((), answered) = expect(answer, answer::done)?;
    changed(answered, None, view)
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
