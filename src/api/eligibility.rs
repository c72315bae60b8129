//! Why somebody may do a task, or may not.

use super::answer::{ApiResult, shown};
use super::requires::By;
use super::search::parameter;
use super::state::App;
use super::view::eligibility::eligibility;
use crate::model::ids::{TaskId, UserId};
use actix_web::HttpRequest;
use actix_web::web::Path;

pub(super) async fn get(by: By, id: Path<TaskId>, request: HttpRequest, app: App) -> ApiResult {
    let user = match parameter(&request, "user")? {
        Some(login) if login != "me" => UserId(login),
        _ => by.0.user.clone(),
    };
    shown(eligibility(app.runtime.eligibility(&by.0, &id, &user).await?))
}
