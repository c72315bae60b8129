//! `pack.yaml`.

use crate::model::json::Json;
use crate::model::text::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The head of a pack.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackShape {
    /// The name of the pack: the name of its folder.
    pub pack: String,
    /// Its title.
    pub title: Text,
    /// Its version, such as "1.2.0".
    pub version: String,
    /// The pack that this overlay changes.
    pub extends: Option<String>,
    /// The business that it is for.
    pub business: Option<String>,
    /// Core steps that a process must keep, by process.
    #[serde(default)]
    pub requires: BTreeMap<String, Vec<String>>,
    /// Roles by name, with their titles.
    #[serde(default)]
    pub roles: BTreeMap<String, Text>,
    /// Lists of values that fields and JSON Schemas use by name, with the title of each value. An overlay adds values.
    #[serde(default)]
    pub lists: BTreeMap<String, BTreeMap<String, Text>>,
    /// Plugin settings that it changes: plugin, setting, value.
    #[serde(default)]
    pub settings: BTreeMap<String, BTreeMap<String, Json>>,
}
