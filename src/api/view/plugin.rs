//! Plugins, their scripts and their settings.

use super::text::TextView;
use crate::model::json::Json;
use crate::model::plugin::{Plugin, Setting, SettingSource};
use serde::Serialize;
use utoipa::ToSchema;

/// A plugin of the active revision.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Plugin)]
pub(in crate::api) struct PluginView {
    /// Its id.
    id: String,
    /// Its version.
    version: String,
    /// Its title.
    title: TextView,
    /// Its functions.
    functions: Vec<FunctionView>,
    /// Its script files.
    scripts: Vec<String>,
}

/// A function of a plugin.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Function)]
struct FunctionView {
    /// Its name.
    name: String,
    /// The script file that defines it.
    script: String,
    /// JSON Schema of its argument.
    #[schema(value_type = Object)]
    input: Json,
    /// JSON Schema of what it returns.
    #[schema(value_type = Object)]
    output: Json,
}

/// Shows a plugin.
pub(in crate::api) fn plugin(plugin: &Plugin) -> PluginView {
    let functions = plugin.functions.values().map(|function| FunctionView {
        name: function.name.clone(),
        script: function.script.to_string(),
        input: function.input.clone(),
        output: function.output.clone(),
    });
    PluginView {
        id: plugin.id.clone(),
        version: plugin.version.clone(),
        title: TextView::from(&plugin.title),
        functions: functions.collect(),
        scripts: plugin.scripts.keys().map(ToString::to_string).collect(),
    }
}

/// A script file of the active revision.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Script)]
pub(in crate::api) struct ScriptView {
    /// The plugin it belongs to.
    pub plugin: String,
    /// Its name in the plugin.
    pub file: String,
    /// Its path in the revision.
    pub path: String,
    /// The revision.
    pub revision: i64,
    /// What it says; only when it is asked for by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A setting of a plugin.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Setting)]
pub(in crate::api) struct SettingView {
    /// The plugin.
    plugin: String,
    /// Its name.
    name: String,
    /// Its value in the active revision.
    #[schema(value_type = Value)]
    value: Json,
    /// Who gave the value: `default` (the plugin) or `pack`.
    source: &'static str,
    /// What it means.
    title: TextView,
}

/// Shows a setting.
pub(in crate::api) fn setting(plugin: &str, name: &str, setting: &Setting) -> SettingView {
    SettingView {
        plugin: plugin.to_owned(),
        name: name.to_owned(),
        value: setting.value.clone(),
        source: match setting.source {
            SettingSource::Default => "default",
            SettingSource::Pack => "pack",
        },
        title: TextView::from(&setting.title),
    }
}
