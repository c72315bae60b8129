//! `mappings/<name>.yaml`.

use crate::model::json::Json;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// How the columns of a file become fields of a record type, or start variables of a process.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MappingShape {
    /// The name of the mapping: the name of its file.
    pub mapping: String,
    /// The record type that rows become records of.
    pub record: Option<String>,
    /// The process that every row starts.
    pub process: Option<String>,
    /// The encoding of the files, such as gb18030; UTF-8 when not said.
    pub encoding: Option<String>,
    /// What stands between two cells; a comma when not said.
    #[schemars(length(min = 1, max = 1))]
    pub delimiter: Option<String>,
    /// Whether spaces around text are cut off.
    #[serde(default)]
    pub trim: bool,
    /// Columns by their header.
    #[serde(default)]
    pub columns: BTreeMap<String, ColumnShape>,
    /// Values that every row gets, by field; `{line}`, `{file}` and `{hash}` stand for the row's own.
    #[serde(default)]
    pub constants: BTreeMap<String, Json>,
    /// Columns that are not read.
    #[serde(default)]
    pub ignore: Vec<String>,
}

/// The field of a column, or more about it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Column")]
pub enum ColumnShape {
    /// The field, `name` or `contact.name`.
    Field(String),
    /// The field, and how its cells are read.
    Rule(RuleShape),
}

/// How the cells of a column are read.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ColumnRule")]
pub struct RuleShape {
    /// The field, `name` or `contact.name`.
    pub field: String,
    /// Words of the file and the values that they mean.
    #[serde(default)]
    pub values: BTreeMap<String, Json>,
    /// How dates are written, such as "%Y/%m/%d".
    pub format: Option<String>,
    /// What stands between the entries of a list; | when not said.
    #[schemars(length(min = 1, max = 1))]
    pub separator: Option<String>,
}
