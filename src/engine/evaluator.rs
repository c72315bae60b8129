//! What the engine asks of scripts. Implemented by `scripts`; the engine itself knows no rhai.

use crate::model::expression::{Expression, FunctionRef};
use crate::model::incident::Failure;
use crate::model::json::{Json, JsonMap};

/// The names that an expression sees: layers of variables, the innermost first.
#[derive(Debug, Clone, Default)]
pub struct Names<'a> {
    layers: Vec<&'a JsonMap>,
}

impl<'a> Names<'a> {
    /// Names from these layers, the innermost first.
    pub fn new(layers: Vec<&'a JsonMap>) -> Names<'a> {
        Names { layers }
    }

    /// The value of a name; none when it was never set.
    pub fn get(&self, name: &str) -> Option<&'a Json> {
        self.layers.iter().find_map(|layer| layer.get(name))
    }

    /// Whether a name was set.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// Evaluates the expressions and calls the functions of one revision. Pure: the same arguments give the same answer.
pub trait Evaluator: Send + Sync {
    /// The value of an expression. Reading a name that was never set is a failure.
    fn evaluate(&self, expression: &Expression, names: &Names) -> Result<Json, Failure>;

    /// The names that an expression of the revision reads, in the order in which it reads them.
    fn reads(&self, expression: &Expression) -> Vec<String>;

    /// Whether the revision has this function.
    fn has(&self, function: &FunctionRef) -> bool;

    /// Calls a plugin's function with its one argument, an object checked against the manifest's schema.
    fn call(&self, function: &FunctionRef, input: &Json) -> Result<Json, Failure>;

    /// SHA-256 of the scripts and settings that a function is computed from, in hex.
    fn script_hash(&self, function: &FunctionRef) -> String;
}
