//! A form file to a form.

use super::expression::arguments;
use super::json_schema::{self, properties};
use super::known::known;
use super::load::Loaded;
use super::names;
use super::shape::form::FormShape;
use crate::model::finding::Finding;
use crate::model::form::Form;
use crate::model::json::Json;
use crate::model::nearest::hint;

/// The form that a file declares.
pub fn convert(name: &str, file: &Loaded<FormShape>, findings: &mut Vec<Finding>) -> Form {
    let (shape, at) = (&file.shape, file.at());
    let schema = &shape.schema.0;
    names::key("form", &shape.form, name, at.key("form"), findings);
    json_schema::check(schema, at.key("schema"), findings);
    for property in properties(schema) {
        let at = at.key("schema").key("properties").key(property);
        names::variable(property, at, findings);
        if !shape.labels.contains_key(property) {
            let sentence = format!("the property \"{property}\" has no label; add it under \"labels\"");
            findings.push(Finding::error(at.key_place(), sentence));
        }
    }
    for label in shape.labels.keys().filter(|label| !properties(schema).any(|property| property == *label)) {
        let sentence = format!("there is no property \"{label}\"{}", hint(label, properties(schema)));
        findings.push(Finding::error(at.key("labels").key(label).key_place(), sentence));
    }
    let names: Vec<&str> = properties(schema).collect();
    for (position, property) in shape.order.iter().enumerate() {
        known("property", property, names.iter().copied(), "", at.key("order").item(position), findings);
    }
    for (property, labels) in &shape.values {
        let at = at.key("values").key(property);
        known("property", property, names.iter().copied(), "", at, findings);
        let codes = schema.pointer(&format!("/properties/{property}/enum")).and_then(Json::as_array);
        let codes: Vec<&str> = codes.into_iter().flatten().filter_map(Json::as_str).collect();
        for value in labels.keys().filter(|value| !codes.is_empty() && !codes.contains(&value.as_str())) {
            let sentence =
                format!("\"{value}\" is not a value of \"{property}\"{}", hint(value, codes.iter().copied()));
            findings.push(Finding::error(at.key(value).key_place(), sentence));
        }
    }
    for property in shape.computed.keys() {
        known("property", property, names.iter().copied(), "", at.key("computed").key(property), findings);
    }
    let form = Form {
        name: shape.form.clone(),
        title: shape.title.clone(),
        schema: schema.clone(),
        labels: shape.labels.clone(),
        values: shape.values.clone(),
        outcomes: shape.outcomes.clone(),
        order: shape.order.clone(),
        shows: shape.shows.clone(),
        computed: arguments(&shape.computed, at.key("computed")),
        at: at.key("form").place(),
    };
    let required = schema.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
    let required: Vec<&str> = required.collect();
    for name in form.read_only().filter(|name| form.computed.contains_key(*name)) {
        let at = at.key("computed").key(name);
        let sentence = format!("\"{name}\" is computed, so nobody enters it anyway; take \"readOnly\" away");
        findings.push(Finding::error(at.key_place(), sentence));
    }
    for name in form.read_only().filter(|name| required.contains(name)) {
        let at = at.key("schema").key("properties").key(name);
        let sentence = format!("\"{name}\" is read-only, so nobody can enter it; take it out of \"required\"");
        findings.push(Finding::error(at.key_place(), sentence));
    }
    form
}
