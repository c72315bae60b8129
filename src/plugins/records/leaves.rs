//! The leaves of a record's fields, however deep in lists and maps: read all of them, or change some.

use crate::model::field::{Field, FieldKind};
use crate::model::json::{Json, JsonMap};

/// A text that is no list and no map.
#[derive(Debug, Clone, Copy)]
pub struct Leaf<'a> {
    /// The field of the record that it stands in.
    pub field: &'a Field,
    /// What it holds.
    pub kind: &'a FieldKind,
    /// The text.
    pub text: &'a str,
}

/// Every text, in the order of the fields, with its JSON pointer behind `at`.
pub fn leaves<'a>(fields: &'a [Field], values: &'a JsonMap, at: &str) -> Vec<(String, Leaf<'a>)> {
    let mut found = Vec::new();
    for field in fields {
        if let Some(value) = values.get(&field.name) {
            collect(field, &field.kind, value, &format!("{at}/{}", field.name), &mut found);
        }
    }
    found
}

/// The same fields with the texts that `change` gives instead.
pub fn replaced(
    fields: &[Field],
    values: &JsonMap,
    change: &mut dyn FnMut(&FieldKind, &str) -> Option<String>,
) -> JsonMap {
    let mut values = values.clone();
    for field in fields {
        if let Some(value) = values.get_mut(&field.name) {
            replace(&field.kind, value, change);
        }
    }
    values
}

fn collect<'a>(
    field: &'a Field,
    kind: &'a FieldKind,
    value: &'a Json,
    pointer: &str,
    found: &mut Vec<(String, Leaf<'a>)>,
) {
    match (kind, value) {
        (FieldKind::List(of), Json::Array(items)) => {
            for (position, item) in items.iter().enumerate() {
                collect(field, of, item, &format!("{pointer}/{position}"), found);
            }
        }
        (FieldKind::Map(inner), Json::Object(values)) => {
            for one in inner {
                if let Some(value) = values.get(&one.name) {
                    collect(field, &one.kind, value, &format!("{pointer}/{}", one.name), found);
                }
            }
        }
        (kind, Json::String(text)) => found.push((pointer.to_owned(), Leaf { field, kind, text })),
        _ => {}
    }
}

fn replace(kind: &FieldKind, value: &mut Json, change: &mut dyn FnMut(&FieldKind, &str) -> Option<String>) {
    match (kind, value) {
        (FieldKind::List(of), Json::Array(items)) => items.iter_mut().for_each(|item| replace(of, item, change)),
        (FieldKind::Map(inner), Json::Object(values)) => {
            for one in inner {
                if let Some(value) = values.get_mut(&one.name) {
                    replace(&one.kind, value, change);
                }
            }
        }
        (kind, Json::String(text)) => {
            if let Some(new) = change(kind, text) {
                *text = new;
            }
        }
        _ => {}
    }
}
