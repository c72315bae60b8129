//! Variables that come from outside against the JSON Schema that they are declared by: every wrong place at once, each
//! with its pointer.

use crate::model::json::{Json, JsonMap};
use crate::model::refusal::{FieldError, Refusal};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};

/// A schema that takes nothing but what it declares, unless it says otherwise itself, and only dates that are dates
/// (`format` asserts). Schemas were checked by
/// `definitions`; one that does not compile all the same takes nothing.
pub fn validator(schema: &Json) -> Option<Validator> {
    let mut schema = schema.clone();
    if let Some(map) = schema.as_object_mut()
        && !map.contains_key("additionalProperties")
    {
        map.entry("unevaluatedProperties").or_insert(Json::Bool(false));
    }
    jsonschema::options().should_validate_formats(true).build(&schema).ok()
}

/// Checks variables. Without a schema none may be given.
pub fn check(validator: Option<&Validator>, variables: &JsonMap, sentence: &str) -> Result<(), Refusal> {
    let instance = Json::Object(variables.clone());
    let errors: Vec<FieldError> = match validator {
        Some(validator) => validator.iter_errors(&instance).flat_map(|error| places(&error)).collect(),
        None => variables.keys().map(|name| undeclared("/variables", name)).collect(),
    };
    if errors.is_empty() {
        return Ok(());
    }
    Err(Refusal::invalid("invalid_variables", sentence).with_errors(errors))
}

fn places(error: &ValidationError) -> Vec<FieldError> {
    let at = format!("/variables{}", error.instance_path());
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected }
        | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
            unexpected.iter().map(|name| undeclared(&at, name)).collect()
        }
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![place(&at, name, "required", format!("\"{name}\" is required"))]
        }
        _ => vec![FieldError { pointer: at, code: "schema".into(), detail: error.to_string() }],
    }
}

/// A value that is shown and not entered.
pub fn read_only(name: &str) -> FieldError {
    place("/variables", name, "read_only", format!("\"{name}\" is shown and not entered"))
}

fn undeclared(at: &str, name: &str) -> FieldError {
    place(at, name, "undeclared", format!("\"{name}\" is not declared"))
}

fn place(at: &str, name: &str, code: &str, detail: String) -> FieldError {
    let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
    FieldError { pointer, code: code.into(), detail }
}
