//! The settings of the plugins, with who gave each value.

use super::answer::{ApiResult, shown};
use super::requires::By;
use super::state::App;
use super::view::page::list as all;
use super::view::plugin::setting;

pub(super) async fn list(by: By, app: App) -> ApiResult {
    let library = app.runtime.definitions(&by.0).await?;
    let plugins = library.definitions.plugins.values();
    shown(all(plugins.flat_map(|plugin| plugin.settings.iter().map(|(name, found)| setting(&plugin.id, name, found)))))
}
