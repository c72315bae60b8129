//! The scripts of the active revision: the rules, as their authors wrote them.

use super::answer::{ApiResult, shown};
use super::requires::By;
use super::state::App;
use super::view::page::list as all;
use super::view::plugin::ScriptView;
use crate::model::refusal::Refusal;
use crate::runtime::library::Library;
use actix_web::web::Path;

pub(super) async fn list(by: By, app: App) -> ApiResult {
    let library = app.runtime.definitions(&by.0).await?;
    shown(all(scripts(&library).map(|script| ScriptView { source: None, ..script })))
}

pub(super) async fn get(by: By, path: Path<(String, String)>, app: App) -> ApiResult {
    let (plugin, file) = path.into_inner();
    let library = app.runtime.definitions(&by.0).await?;
    let found = scripts(&library).find(|script| script.plugin == plugin && script.file == file);
    shown(found.ok_or_else(|| Refusal::not_found("script", format!("{plugin}/{file}")))?)
}

fn scripts(library: &Library) -> impl Iterator<Item = ScriptView> {
    let plugins = library.definitions.plugins.values();
    plugins.flat_map(|plugin| {
        plugin.scripts.iter().map(|(path, source)| ScriptView {
            plugin: plugin.id.clone(),
            file: path.rsplit('/').next().unwrap_or(path).to_owned(),
            path: path.to_string(),
            revision: library.number,
            source: Some(source.to_string()),
        })
    })
}
