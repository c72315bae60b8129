//! The JSON Schemas that authors write: start variables, forms, what goes into and comes out of functions.

use super::explain::{Problem, explain};
use super::spot::At;
use crate::model::finding::Finding;
use crate::model::json::Json;
use crate::model::nearest::hint;

/// Checks that a schema means what its author thinks: valid, of type object, without unknown keywords, and with
/// references that lead somewhere inside it.
pub fn check(schema: &Json, at: At, findings: &mut Vec<Finding>) {
    let mut problems: Vec<Problem> = Vec::new();
    for error in jsonschema::draft202012::meta::validator().iter_errors(schema) {
        explain(&error, &Json::Null, at, &mut problems);
    }
    let valid = problems.is_empty();
    findings.extend(problems.into_iter().map(|problem| problem.finding));
    keywords(schema, at, findings);
    if !valid {
        return;
    }
    if schema.get("type").and_then(Json::as_str) != Some("object") {
        findings.push(Finding::error(at.key("type").place(), "the schema must say type: object"));
    }
    if let Err(wrong) = jsonschema::draft202012::new(schema) {
        let path = wrong.instance_path().as_str().to_owned();
        let place = path.split('/').skip(1).fold(at, |at, step| at.step(step)).place();
        findings.push(Finding::error(place, format!("the schema cannot be used: {wrong}")));
    }
}

/// The names of the properties of a schema.
pub fn properties(schema: &Json) -> impl Iterator<Item = &str> {
    schema.get("properties").and_then(Json::as_object).into_iter().flat_map(|map| map.keys().map(String::as_str))
}

const ONE: [&str; 11] = [
    "items",
    "additionalProperties",
    "contains",
    "not",
    "if",
    "then",
    "else",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];
const LISTS: [&str; 4] = ["prefixItems", "allOf", "anyOf", "oneOf"];
const MAPS: [&str; 4] = ["properties", "patternProperties", "$defs", "dependentSchemas"];
const OTHERS: [&str; 34] = [
    "$schema",
    "$id",
    "$ref",
    "$anchor",
    "$dynamicRef",
    "$dynamicAnchor",
    "$comment",
    "type",
    "enum",
    "const",
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxContains",
    "minContains",
    "maxProperties",
    "minProperties",
    "required",
    "dependentRequired",
    "format",
    "title",
    "description",
    "default",
    "examples",
    "readOnly",
    "deprecated",
];

/// A keyword that JSON Schema does not know is ignored by it, and the rule that its author meant never holds.
fn keywords(schema: &Json, at: At, findings: &mut Vec<Finding>) {
    let Some(map) = schema.as_object() else { return };
    for (key, value) in map {
        let (key, at) = (key.as_str(), at.key(key));
        if ONE.contains(&key) {
            keywords(value, at, findings);
        } else if LISTS.contains(&key) {
            for (position, one) in value.as_array().into_iter().flatten().enumerate() {
                keywords(one, at.item(position), findings);
            }
        } else if MAPS.contains(&key) {
            for (name, one) in value.as_object().into_iter().flatten() {
                keywords(one, at.key(name), findings);
            }
        } else if !OTHERS.contains(&key) && !key.starts_with("x-") {
            let known = ONE.into_iter().chain(LISTS).chain(MAPS).chain(OTHERS);
            let near = crate::model::nearest::nearest(key, known).map_or_else(String::new, |near| hint(key, [near]));
            let sentence = format!("JSON Schema has no keyword \"{key}\"{near}");
            findings.push(Finding::error(at.key_place(), sentence));
        }
    }
}
