//! `forms/<form>.yaml`.

use super::scalar::{SchemaShape, Sources};
use crate::model::text::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A form.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormShape {
    /// The name of the form: the name of its file.
    pub form: String,
    /// Its title.
    pub title: Text,
    /// JSON Schema of what the person enters.
    pub schema: SchemaShape,
    /// The label of every property.
    #[serde(default)]
    pub labels: BTreeMap<String, Text>,
    /// The labels of the values of properties that are codes: by property and value.
    #[serde(default)]
    pub values: BTreeMap<String, BTreeMap<String, Text>>,
    /// The labels of the outcomes of tasks that show the form.
    #[serde(default)]
    pub outcomes: BTreeMap<String, Text>,
    /// The properties in the order of the page; those not named follow.
    #[serde(default)]
    pub order: Vec<String>,
    /// Properties that are not entered: each is computed from the variables and from what is typed.
    #[serde(default)]
    pub computed: Sources,
    /// Process variables shown beside the form, read-only.
    #[serde(default)]
    pub shows: Vec<String>,
}
