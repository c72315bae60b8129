//! JSON Schemas of what goes into a function and what comes out, compiled once a revision.

use crate::model::json::Json;
use jsonschema::{Draft, Validator};

/// Compiles a schema; the error is a sentence.
pub(super) fn compile(schema: &Json) -> Result<Validator, String> {
    jsonschema::options().with_draft(Draft::Draft202012).build(schema).map_err(|error| {
        let at = error.instance_path().to_string();
        format!("the schema is not valid at \"{at}\": {error}")
    })
}

/// Every place where a value does not fit, as one sentence.
pub(super) fn mismatch(validator: &Validator, value: &Json) -> Option<String> {
    // Far faster than asking for the errors, of which there are none as a rule.
    if validator.is_valid(value) {
        return None;
    }
    let places: Vec<String> = validator
        .iter_errors(value)
        .map(|error| {
            let pointer = error.instance_path().to_string();
            format!("{}: {error}", if pointer.is_empty() { "/" } else { &pointer })
        })
        .collect();
    Some(places.join("; "))
}
