//! The keys that sign tokens, of all businesses.

use super::answer::{self, ApiResult, changed, created, expect, shown};
use super::requires::By;
use super::sent::{Nothing, Sent};
use super::state::App;
use super::view::page::list as all_of;
use super::view::signing_key::signing_key;
use crate::runtime::request::Change;
use actix_web::web::Path;

pub(super) async fn list(by: By, app: App) -> ApiResult {
    shown(all_of(app.runtime.signing_keys(&by.0).await?.into_iter().map(signing_key)))
}

pub(super) async fn rotate(by: By, sent: Sent<Nothing>, app: App) -> ApiResult {
    let (key, answered) = expect(app.execute(&by, sent.terms, Change::RotateKey).await?, answer::signing_key)?;
    created(answered, None, None, signing_key(key))
}

pub(super) async fn retire(by: By, id: Path<String>, sent: Sent<Nothing>, app: App) -> ApiResult {
    let answer = app.execute(&by, sent.terms, Change::RetireKey(id.into_inner())).await?;
    let ((), answered) = expect(answer, answer::done)?;
    changed(answered, None, Nothing {})
}
