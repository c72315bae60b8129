//! Stage lists of the active revision.

use super::answer::{ApiResult, shown};
use super::requires::By;
use super::state::App;
use super::view::page::list as all;
use super::view::stages::stages;
use crate::model::refusal::Refusal;
use actix_web::web::Path;

pub(super) async fn list(by: By, app: App) -> ApiResult {
    let library = app.runtime.definitions(&by.0).await?;
    shown(all(library.definitions.stages.values().map(|list| stages(list, library.number))))
}

pub(super) async fn get(by: By, name: Path<String>, app: App) -> ApiResult {
    let library = app.runtime.definitions(&by.0).await?;
    let list = library.definitions.stages.get(&*name);
    shown(stages(list.ok_or_else(|| Refusal::not_found("stage list", &name))?, library.number))
}
