//! Users of an outside directory.

use super::query::Asked;
use super::view::{location, user as view};
use super::{shown, silent, view::ListView, written};
use crate::api::answer::{self, Answered, ApiResult, expect};
use crate::api::requires::By;
use crate::api::sent::{Nothing, Sent};
use crate::api::state::App;
use crate::model::ids::UserId;
use crate::model::json::JsonMap;
use crate::model::scim::edit;
use crate::model::scim::person::Provisioned;
use crate::model::scim::provision::Provision;
use crate::runtime::request::{Answer, Change};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;

pub(in crate::api) async fn list(by: By, asked: Asked, app: App) -> ApiResult {
    let (found, total_results) = app.runtime.scim_users(&by.0, asked.filter, asked.start - 1, asked.count).await?;
    let resources: Vec<_> = found.into_iter().map(|found| asked.projection.of(view(found))).collect();
    let schemas = [super::schemas::LIST];
    let list =
        ListView { schemas, total_results, start_index: asked.start, items_per_page: resources.len(), resources };
    Ok(HttpResponse::Ok().content_type(super::MEDIA).json(list))
}

pub(in crate::api) async fn get(by: By, id: Path<UserId>, asked: Asked, app: App) -> ApiResult {
    let found = app.runtime.scim_user(&by.0, &id).await?;
    shown(found.user.version, view(found), &asked.projection)
}

pub(in crate::api) async fn create(by: By, asked: Asked, sent: Sent<JsonMap>, app: App) -> ApiResult {
    let change = Provision::CreateUser(edit::whole(&sent.value)?);
    answered(app.execute(&by, sent.terms, Change::Provision(Box::new(change))).await?, StatusCode::CREATED, &asked)
}

pub(in crate::api) async fn put(by: By, id: Path<UserId>, asked: Asked, sent: Sent<JsonMap>, app: App) -> ApiResult {
    let change = Provision::ReplaceUser(id.into_inner(), edit::whole(&sent.value)?);
    answered(app.execute(&by, sent.terms, Change::Provision(Box::new(change))).await?, StatusCode::OK, &asked)
}

pub(in crate::api) async fn patch(by: By, id: Path<UserId>, asked: Asked, sent: Sent<JsonMap>, app: App) -> ApiResult {
    let change = Provision::PatchUser(id.into_inner(), edit::patch(&sent.value)?);
    answered(app.execute(&by, sent.terms, Change::Provision(Box::new(change))).await?, StatusCode::OK, &asked)
}

pub(in crate::api) async fn delete(by: By, id: Path<UserId>, sent: Sent<Nothing>, app: App) -> ApiResult {
    let change = Change::Provision(Box::new(Provision::DeleteUser(id.into_inner())));
    let ((), answered) = expect(app.execute(&by, sent.terms, change).await?, answer::done)?;
    silent(answered)
}

fn answered(answer: Answer, status: StatusCode, asked: &Asked) -> ApiResult {
    let (found, answered): (Provisioned, Answered) = expect(answer, answer::provisioned_user)?;
    let place = (location("Users", found.user.id.as_str()), found.user.version);
    written(answered, status, place, view(found), &asked.projection)
}
