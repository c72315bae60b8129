//! A mapping: how the columns of somebody else's file become fields of a record type or start variables of a process.

use super::expression::Place;
use super::json::{Json, JsonMap};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What the rows of a file become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Records of this type.
    Records(String),
    /// Starts of this process.
    Process(String),
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Records(name) => write!(f, "record type \"{name}\""),
            Target::Process(key) => write!(f, "process \"{key}\""),
        }
    }
}

/// A mapping.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// Its name, the name of its file.
    pub name: String,
    /// What it is for.
    pub target: Target,
    /// The encoding of the files, by its name on the web (`gb18030`); none: UTF-8.
    pub encoding: Option<String>,
    /// What stands between two cells; a comma when not said.
    pub delimiter: Option<char>,
    /// Whether spaces around text are cut off.
    pub trim: bool,
    /// Columns by their header, and what becomes of them.
    pub columns: BTreeMap<String, ColumnRule>,
    /// Values that every row gets, by path.
    pub constants: JsonMap,
    /// Columns that are not read.
    pub ignore: BTreeSet<String>,
    /// Where `mapping:` was written.
    pub at: Place,
}

/// What becomes of a column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ColumnRule {
    /// The path of the field or variable, `contact.name`.
    pub field: String,
    /// Words of the file and what they mean.
    pub values: BTreeMap<String, Json>,
    /// How dates are written, in the letters of strftime; ISO 8601 when not said.
    pub format: Option<String>,
    /// What stands between the entries of a list; `|` when not said.
    pub separator: Option<char>,
}
