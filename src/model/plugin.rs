//! A plugin: functions in rhai with a manifest that says what goes in and comes out.

use super::expression::Place;
use super::json::Json;
use super::text::Text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A plugin of a revision.
#[derive(Debug, Clone)]
pub struct Plugin {
    /// Its id, the folder's name.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: Text,
    /// Its functions by name.
    pub functions: BTreeMap<String, Function>,
    /// Its settings with their values in this revision.
    pub settings: BTreeMap<String, Setting>,
    /// Texts of the reasons that its functions give, by code; `{name}` is replaced by the parameter.
    pub reasons: BTreeMap<String, Text>,
    /// Its scripts: path inside the revision and source, by path.
    pub scripts: BTreeMap<Arc<str>, Arc<str>>,
    /// Its test cases.
    pub tests: Vec<PluginTest>,
    /// Where `plugin:` was written.
    pub at: Place,
}

/// A function of a plugin.
#[derive(Debug, Clone)]
pub struct Function {
    /// Its name in the manifest.
    pub name: String,
    /// The script file that defines it, a path inside the revision.
    pub script: Arc<str>,
    /// JSON Schema of its one argument, an object.
    pub input: Json,
    /// JSON Schema of what it returns, an object.
    pub output: Json,
    /// Where it was declared.
    pub at: Place,
}

/// An operational switch of a plugin. Rules are constants of the script, not settings.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The value in this revision.
    pub value: Json,
    /// Who gave it.
    pub source: SettingSource,
    /// What it means.
    pub title: Text,
}

/// Where the value of a setting comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingSource {
    /// The plugin's manifest.
    Default,
    /// The pack of the business.
    Pack,
}

/// A test case of a plugin: input and what must come out.
#[derive(Debug, Clone)]
pub struct PluginTest {
    /// What it shows.
    pub name: String,
    /// The function.
    pub function: String,
    /// Its argument.
    pub input: Json,
    /// What the result must contain: every field said here, with exactly this value.
    pub expect: Option<Json>,
    /// The text that its error must contain.
    pub error: Option<String>,
    /// Where it stands.
    pub at: Place,
}
