//! What somebody wants imported, and how.

use super::rows::Format;
use crate::model::mapping::Target;
use std::collections::BTreeMap;

/// An import.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// What rows become.
    pub target: Target,
    /// What the file is called; stands in the history of every record.
    pub name: String,
    /// How it is written.
    pub format: Format,
    /// Its encoding, by its name on the web; else that of the mapping, else UTF-8.
    pub encoding: Option<String>,
    /// How its columns become fields; without one they are called like fields.
    pub mapping: Option<MappingSource>,
    /// Values that every row gets, by path.
    pub set: BTreeMap<String, String>,
    /// The field by which records that are there are found and changed.
    pub update_by: Option<String>,
    /// What an empty cell does to a record that is there.
    pub blanks: Blanks,
    /// How cells are written.
    pub cells: Cells,
    /// Rows before this line are not looked at.
    pub from_line: i64,
    /// Whether anything is to stay.
    pub mode: Mode,
    /// The same key of the same caller is the same import: it goes on where it stopped, and is not done twice.
    pub key: Option<String>,
}

/// Where a mapping comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum MappingSource {
    /// From the active revision, by its name.
    Deployed(String),
    /// From a file of whoever imports.
    File {
        /// Its path.
        path: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

/// What an empty cell does to a record that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Blanks {
    /// Nothing.
    #[default]
    Keep,
    /// It clears the field.
    Clear,
}

/// How cells are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cells {
    /// With an apostrophe before what a spreadsheet would take for a formula.
    #[default]
    Protected,
    /// As they are.
    Raw,
}

/// Whether anything is to stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Rows are written.
    #[default]
    Write,
    /// Everything is checked, nothing stays.
    Try,
}
