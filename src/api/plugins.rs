//! Plugins of the active revision.

use super::answer::{ApiResult, shown};
use super::requires::By;
use super::state::App;
use super::view::page::list as all;
use super::view::plugin::plugin;

pub(super) async fn list(by: By, app: App) -> ApiResult {
    let library = app.runtime.definitions(&by.0).await?;
    shown(all(library.definitions.plugins.values().map(|found| plugin(found))))
}
