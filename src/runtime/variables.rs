//! Variables that come from outside against the JSON Schema that they are declared by: every wrong place at once, each
//! with its pointer.

use crate::model::json::{Json, JsonMap};
use crate::model::kinds;
use crate::model::refusal::{FieldError, Refusal};
use crate::model::schema_sentences;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};

/// What an object is called over HTTP.
const OBJECT: &str = "an object";

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
            vec![place(&at, name, "required", schema_sentences::say("required", &[("name", name)]))]
        }
        _ => vec![FieldError { pointer: at, code: "schema".into(), detail: sentence(error) }],
    }
}

/// What is wrong with a value, by the keyword that it does not meet.
fn sentence(error: &ValidationError) -> String {
    use ValidationErrorKind as Kind;
    let (value, kind) = (error.instance().as_ref(), error.kind());
    let size = match value {
        Json::String(text) => text.chars().count(),
        Json::Array(items) => items.len(),
        Json::Object(fields) => fields.len(),
        _ => 0,
    };
    let (number, found, reason) = (size.to_string(), kinds::found(value, OBJECT), error.to_string());
    let list = |values: &Json| {
        let values = values.as_array().into_iter().flatten();
        values
            .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (name, filling) = match kind {
        Kind::Type { kind } => ("what", kinds::expected(kind, OBJECT)),
        Kind::Enum { options } => ("list", list(options)),
        Kind::Constant { expected_value } => ("value", expected_value.to_string()),
        Kind::MultipleOf { multiple_of } => ("value", multiple_of.to_string()),
        Kind::Minimum { limit }
        | Kind::Maximum { limit }
        | Kind::ExclusiveMinimum { limit }
        | Kind::ExclusiveMaximum { limit } => ("limit", limit.to_string()),
        Kind::MinLength { limit }
        | Kind::MaxLength { limit }
        | Kind::MinItems { limit }
        | Kind::MaxItems { limit }
        | Kind::MinProperties { limit }
        | Kind::MaxProperties { limit } => ("limit", limit.to_string()),
        Kind::AdditionalItems { limit } => ("limit", limit.to_string()),
        Kind::Pattern { pattern } => ("pattern", pattern.clone()),
        Kind::Format { format } => ("format", format.clone()),
        _ => ("", String::new()),
    };
    let filled = [(name, filling.as_str()), ("number", &number), ("found", &found), ("reason", &reason)];
    schema_sentences::say(kind.keyword(), &filled)
}

/// A value that is shown and not entered.
pub fn read_only(name: &str) -> FieldError {
    place("/variables", name, "read_only", format!("\"{name}\" is shown and not entered"))
}

fn undeclared(at: &str, name: &str) -> FieldError {
    place(at, name, "undeclared", schema_sentences::say("additionalProperties", &[("name", name)]))
}

fn place(at: &str, name: &str, code: &str, detail: String) -> FieldError {
    let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
    FieldError { pointer, code: code.into(), detail }
}
