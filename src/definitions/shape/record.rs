//! `records/<type>.yaml`.

use super::scalar::{Source, Sources};
use crate::model::json::Json;
use crate::model::text::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A record type.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordShape {
    /// The name of the type: the name of its file.
    pub record: String,
    /// Its title.
    pub title: Text,
    /// Its fields.
    #[schemars(extend("minProperties" = 1))]
    pub fields: BTreeMap<String, FieldShape>,
    /// Fields computed by scripts on every write.
    #[serde(default)]
    pub derive: BTreeMap<String, DeriveShape>,
    /// Fields whose values find candidates.
    #[serde(default)]
    pub keys: Vec<String>,
    /// Rules that no two records may break together.
    #[serde(default)]
    pub unique: Vec<UniqueShape>,
    /// Fields that can be filtered on; each list is one index.
    #[serde(default)]
    pub indexes: Vec<Vec<String>>,
    /// Fields with a well-known meaning.
    #[serde(default)]
    pub columns: ColumnsShape,
    /// Who may do what: owner or role:NAME.
    #[serde(default)]
    pub access: AccessShape,
}

/// A field.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Field")]
pub struct FieldShape {
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Its label.
    pub title: Option<Text>,
    /// Whether every record must have it.
    pub required: Option<bool>,
    /// Characters at most; for string.
    #[schemars(range(min = 1))]
    pub max: Option<u32>,
    /// Whether it takes part in text search.
    pub search: Option<bool>,
    /// The value of a new record that gives none.
    pub default: Option<Json>,
    /// The values; for enum.
    pub values: Option<Vec<String>>,
    /// The record type; for ref.
    pub record: Option<String>,
    /// What it is a list of; for list.
    pub of: Option<Box<FieldShape>>,
    /// The fields inside; for map.
    pub fields: Option<BTreeMap<String, FieldShape>>,
}

/// The types of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// One line of text.
    String,
    /// Long text.
    Text,
    /// A whole number.
    Int,
    /// An exact decimal.
    Decimal,
    /// An amount with currency.
    Money,
    /// An exact percentage.
    Percent,
    /// True or false.
    Bool,
    /// A calendar date.
    Date,
    /// An instant.
    Datetime,
    /// One of `values`.
    Enum,
    /// A user's login.
    User,
    /// The id of a `record`.
    Ref,
    /// A list `of` one kind.
    List,
    /// An object with `fields`.
    Map,
    /// Any JSON.
    Json,
}

/// How a field is computed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Derive")]
pub struct DeriveShape {
    /// The function, plugin/function.
    pub function: String,
    /// Argument: expression over the fields.
    #[serde(default, rename = "in")]
    pub input: Sources,
    /// The value: an expression over `result`.
    pub value: Source,
}

/// Fields that together are held by at most one record.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Unique")]
pub struct UniqueShape {
    /// The fields.
    #[schemars(length(min = 1))]
    pub fields: Vec<String>,
    /// The rule holds while this is true.
    #[serde(rename = "where")]
    pub condition: Option<Source>,
}

/// Well-known meanings, each with the field that has it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Columns")]
pub struct ColumnsShape {
    /// The primary owner: a user field.
    pub owner: Option<String>,
    /// The state: an enum or string field.
    pub status: Option<String>,
    /// The record above it: a ref field.
    pub parent: Option<String>,
    /// When it is due: a date or datetime field.
    pub due: Option<String>,
    /// What people call it: a string field.
    pub name: Option<String>,
}

/// Who may do what.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Access")]
pub struct AccessShape {
    /// May read: owner or role:NAME.
    #[serde(default)]
    pub read: Vec<String>,
    /// May create.
    #[serde(default)]
    pub create: Vec<String>,
    /// May update.
    #[serde(default)]
    pub update: Vec<String>,
}
