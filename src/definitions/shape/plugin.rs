//! `plugins/<plugin>/plugin.yaml` and `plugins/<plugin>/tests/*.yaml`.

use super::scalar::SchemaShape;
use crate::model::json::Json;
use crate::model::text::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The manifest of a plugin.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PluginShape {
    /// The id of the plugin: the name of its folder.
    pub plugin: String,
    /// Its version, such as "1.0.0".
    pub version: String,
    /// Its title.
    pub title: Text,
    /// Its functions by name.
    #[serde(default)]
    pub functions: BTreeMap<String, FunctionShape>,
    /// Its switches by name.
    #[serde(default)]
    pub settings: BTreeMap<String, SettingShape>,
    /// Texts of the reasons that its functions give, by code.
    #[serde(default)]
    pub reasons: BTreeMap<String, Text>,
}

/// A function.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Function")]
pub struct FunctionShape {
    /// The rhai file that defines it, in the folder of the plugin.
    pub script: String,
    /// JSON Schema of its argument.
    pub input: SchemaShape,
    /// JSON Schema of its result.
    pub output: SchemaShape,
}

/// A switch.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Setting")]
pub struct SettingShape {
    /// The value that it has when no pack changes it.
    pub default: Json,
    /// What it means.
    pub title: Text,
}

/// Test cases of one function.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PluginTestShape {
    /// The function.
    pub test: String,
    /// The cases.
    #[schemars(length(min = 1))]
    pub cases: Vec<CaseShape>,
}

/// A case: what goes in, and what must come out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Case")]
pub struct CaseShape {
    /// What it shows.
    pub name: String,
    /// The argument.
    pub input: Json,
    /// What the result must contain.
    pub expect: Option<Json>,
    /// The text that the error must contain.
    pub error: Option<String>,
}
