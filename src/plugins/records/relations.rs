//! The references and other fields that a type declares, wherever they stand: in a field, in a list, in a map.

use crate::model::field::{Field, FieldKind, OnDelete, Reference};
use crate::model::json::{Json, JsonMap};
use crate::model::record_type::RecordType;
use std::collections::BTreeSet;

/// Every reference of a type with its path (`splits.contact`), under which the index has what it names.
pub fn references(record_type: &RecordType) -> Vec<(String, &Reference)> {
    let places = places(record_type).into_iter();
    let references = places.filter_map(|(path, kind)| match kind {
        FieldKind::Ref(reference) => Some((path, reference)),
        _ => None,
    });
    references.collect()
}

/// Every field of a type that is no list and no map, with its path.
pub fn places(record_type: &RecordType) -> Vec<(String, &FieldKind)> {
    let mut found = Vec::new();
    of_fields(&record_type.fields, "", &mut found);
    found
}

fn of_fields<'a>(fields: &'a [Field], path: &str, found: &mut Vec<(String, &'a FieldKind)>) {
    for field in fields {
        let path = if path.is_empty() { field.name.clone() } else { format!("{path}.{}", field.name) };
        of_kind(&field.kind, path, found);
    }
}

fn of_kind<'a>(kind: &'a FieldKind, path: String, found: &mut Vec<(String, &'a FieldKind)>) {
    match kind {
        FieldKind::List(of) => of_kind(of, path, found),
        FieldKind::Map(fields) => of_fields(fields, &path, found),
        kind => found.push((path, kind)),
    }
}

/// The fields without the references to records of a type that are to be cleared; a list loses those entries.
pub fn without(fields: &[Field], values: &JsonMap, record_type: &str, gone: &BTreeSet<&str>) -> JsonMap {
    let kept = values.iter().filter_map(|(name, value)| {
        let Some(field) = fields.iter().find(|field| field.name == *name) else {
            return Some((name.clone(), value.clone()));
        };
        Some((name.clone(), cleared(&field.kind, value, record_type, gone)?))
    });
    kept.collect()
}

/// A value without what is to be cleared; nothing when it was just that.
fn cleared(kind: &FieldKind, value: &Json, record_type: &str, gone: &BTreeSet<&str>) -> Option<Json> {
    match (kind, value) {
        (FieldKind::Ref(reference), Json::String(id)) => {
            let goes = reference.record == record_type && reference.on_delete == OnDelete::Clear;
            (!(goes && gone.contains(id.as_str()))).then(|| value.clone())
        }
        (FieldKind::List(of), Json::Array(items)) => {
            Some(items.iter().filter_map(|item| cleared(of, item, record_type, gone)).collect())
        }
        (FieldKind::Map(fields), Json::Object(object)) => {
            Some(Json::Object(without(fields, object, record_type, gone)))
        }
        _ => Some(value.clone()),
    }
}
