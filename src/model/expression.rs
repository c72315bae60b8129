//! Expressions and references to script functions, with the place where their author wrote them.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// Where something was written: a file of the revision, line and column counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Path inside the project folders, `workflows/sales/processes/customer-intake.yaml`.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A rhai expression over the variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// The rhai source.
    pub source: Arc<str>,
    /// Where it was written.
    pub at: Place,
}

/// The variables that an expression reads for certain, and what its value says of others. Names behind `&&`, `||`, `??` and
/// in a branch are not among them: whether they are read depends on values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reads {
    /// Read whenever it is evaluated.
    pub always: BTreeSet<String>,
    /// Set for certain when it is true: `is_def_var("x")`.
    pub when_true: BTreeSet<String>,
    /// Set for certain when it is false.
    pub when_false: BTreeSet<String>,
}

/// A function of a plugin: `customer-match/decide`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FunctionRef {
    /// The plugin's id.
    pub plugin: String,
    /// The function's name in the manifest.
    pub function: String,
}

impl TryFrom<String> for FunctionRef {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.split_once('/') {
            Some((plugin, function)) if !plugin.is_empty() && !function.is_empty() && !function.contains('/') => {
                Ok(FunctionRef { plugin: plugin.to_owned(), function: function.to_owned() })
            }
            _ => Err(format!("\"{text}\" does not name a function; write plugin/function")),
        }
    }
}

impl From<FunctionRef> for String {
    fn from(reference: FunctionRef) -> String {
        reference.to_string()
    }
}

impl fmt::Display for FunctionRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.plugin, self.function)
    }
}
