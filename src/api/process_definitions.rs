//! Process definitions of the active revision.

use super::answer::{ApiResult, shown};
use super::problem::Problem;
use super::requires::By;
use super::state::App;
use super::view::page::list as all;
use super::view::process_definition::{definition, line};
use crate::model::refusal::Refusal;
use crate::runtime::library::Library;
use actix_web::HttpResponse;
use actix_web::web::Path;

pub(super) async fn list(by: By, app: App) -> ApiResult {
    let library = app.runtime.definitions(&by.0).await?;
    shown(all(library.definitions.processes.values().map(|process| line(process))))
}

pub(super) async fn get(by: By, key: Path<String>, app: App) -> ApiResult {
    let library = app.runtime.definitions(&by.0).await?;
    let process = library.definitions.processes.get(&*key).ok_or_else(|| absent(&key))?;
    shown(definition(process, library.number))
}

/// The file as it was deployed.
pub(super) async fn get_yaml(by: By, key: Path<String>, app: App) -> ApiResult {
    let library = app.runtime.definitions(&by.0).await?;
    Ok(HttpResponse::Ok().content_type("application/yaml").body(source(&library, &key)?.to_vec()))
}

fn source<'l>(library: &'l Library, key: &str) -> Result<&'l [u8], Problem> {
    let process = library.definitions.processes.get(key).ok_or_else(|| absent(key))?;
    Ok(library.files.get(&*process.at.file).ok_or_else(|| absent(key))?)
}

fn absent(key: &str) -> Refusal {
    Refusal::not_found("process", key)
}
