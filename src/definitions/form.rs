//! A form file to a form.

use super::json_schema::{self, properties};
use super::known::known;
use super::load::Loaded;
use super::names;
use super::shape::form::FormShape;
use crate::model::finding::Finding;
use crate::model::form::Form;
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
    Form {
        name: shape.form.clone(),
        title: shape.title.clone(),
        schema: schema.clone(),
        labels: shape.labels.clone(),
        order: shape.order.clone(),
        shows: shape.shows.clone(),
        at: at.key("form").place(),
    }
}
