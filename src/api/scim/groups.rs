//! Groups of an outside directory. A PATCH is answered without the group, which may have thousands of members.

use super::query::Asked;
use super::view::{ListView, group as view, location};
use super::{shown, silent, written};
use crate::api::answer::{self, ApiResult, expect};
use crate::api::requires::By;
use crate::api::sent::{Nothing, Sent};
use crate::api::state::App;
use crate::model::json::JsonMap;
use crate::model::scim::edit;
use crate::model::scim::provision::Provision;
use crate::runtime::request::{Answer, Change};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;

pub(in crate::api) async fn list(by: By, asked: Asked, app: App) -> ApiResult {
    let Asked { filter, start, count, projection } = asked;
    let (found, total_results) = match projection.shows("members") {
        true => app.runtime.scim_groups_with_members(&by.0, filter, start - 1, count).await?,
        false => app.runtime.scim_groups(&by.0, filter, start - 1, count).await?,
    };
    let resources: Vec<_> = found.into_iter().map(|found| projection.of(view(found))).collect();
    let schemas = [super::schemas::LIST];
    let list = ListView { schemas, total_results, start_index: start, items_per_page: resources.len(), resources };
    Ok(HttpResponse::Ok().content_type(super::MEDIA).json(list))
}

pub(in crate::api) async fn get(by: By, id: Path<String>, asked: Asked, app: App) -> ApiResult {
    let found = app.runtime.scim_group(&by.0, &id).await?;
    shown(found.group.version, view(found), &asked.projection)
}

pub(in crate::api) async fn create(by: By, asked: Asked, sent: Sent<JsonMap>, app: App) -> ApiResult {
    let change = Provision::CreateGroup(edit::whole(&sent.value)?);
    answered(app.execute(&by, sent.terms, Change::Provision(Box::new(change))).await?, StatusCode::CREATED, &asked)
}

pub(in crate::api) async fn put(by: By, id: Path<String>, asked: Asked, sent: Sent<JsonMap>, app: App) -> ApiResult {
    let change = Provision::ReplaceGroup(id.into_inner(), edit::whole(&sent.value)?);
    answered(app.execute(&by, sent.terms, Change::Provision(Box::new(change))).await?, StatusCode::OK, &asked)
}

pub(in crate::api) async fn patch(by: By, id: Path<String>, sent: Sent<JsonMap>, app: App) -> ApiResult {
    let change = Provision::PatchGroup(id.into_inner(), edit::patch(&sent.value)?);
    let answer = app.execute(&by, sent.terms, Change::Provision(Box::new(change))).await?;
    let (_, answered) = expect(answer, answer::provisioned_group)?;
    silent(answered)
}

pub(in crate::api) async fn delete(by: By, id: Path<String>, sent: Sent<Nothing>, app: App) -> ApiResult {
    let change = Change::Provision(Box::new(Provision::DeleteGroup(id.into_inner())));
    let ((), answered) = expect(app.execute(&by, sent.terms, change).await?, answer::done)?;
    silent(answered)
}

fn answered(answer: Answer, status: StatusCode, asked: &Asked) -> ApiResult {
    let (found, answered) = expect(answer, answer::provisioned_group)?;
    let place = (location("Groups", &found.group.id), found.group.version);
    written(answered, status, place, view(found), &asked.projection)
}
