//! Process definitions of the active revision.

use super::answer::{ApiResult, shown};
use super::problem::Problem;
use super::requires::By;
use super::search::parameter;
use super::state::App;
use super::view::form::form;
use super::view::page::list as all;
use super::view::process_definition::{definition, line};
use crate::model::refusal::Refusal;
use crate::runtime::library::Library;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};

/// Query parameters of the list.
pub(super) const PARAMETERS: &[(&str, &str)] =
    &[("builtIn", "`true`: the processes that kamflow brings along, in place of those of the active revision")];

pub(super) async fn list(by: By, request: HttpRequest, app: App) -> ApiResult {
    let library = match parameter(&request, "builtIn")?.as_deref() {
        None | Some("false") => app.runtime.definitions(&by.0).await?,
        Some("true") => app.runtime.built_in(&by.0).await?,
        Some(_) => {
            let problem = Problem::malformed("invalid_parameter", "this takes true or false");
            return Err(problem.at("?builtIn"));
        }
    };
    shown(all(library.definitions.processes.values().map(|process| line(process))))
}

pub(super) async fn get(by: By, key: Path<String>, app: App) -> ApiResult {
    let library = app.runtime.definitions_of(&by.0, &key).await?;
    let process = library.definitions.processes.get(&*key).ok_or_else(|| absent(&key))?;
    shown(definition(process, library.number))
}

pub(super) async fn get_form(by: By, key: Path<String>, app: App) -> ApiResult {
    shown(form(app.runtime.start_form(&by.0, &key).await?))
}

/// The file as it was deployed.
pub(super) async fn get_yaml(by: By, key: Path<String>, app: App) -> ApiResult {
    let library = app.runtime.definitions_of(&by.0, &key).await?;
    Ok(HttpResponse::Ok().content_type("application/yaml").body(source(&library, &key)?.to_vec()))
}

fn source<'l>(library: &'l Library, key: &str) -> Result<&'l [u8], Problem> {
    let process = library.definitions.processes.get(key).ok_or_else(|| absent(key))?;
    Ok(library.files.get(&*process.at.file).ok_or_else(|| absent(key))?)
}

fn absent(key: &str) -> Refusal {
    Refusal::not_found("process", key)
}
