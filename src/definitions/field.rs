//! The fields of a record type: what they hold, and whether their defaults fit.

use super::known::Known;
use super::names;
use super::shape::record::{FieldShape, FieldType};
use super::spot::At;
use crate::model::field::{Field, FieldKind, FileRule, OnDelete, Reference};
use crate::model::finding::Finding;
use crate::model::json::Json;
use crate::model::money::Money;
use crate::model::time::Timestamp;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Characters of a string field that does not say `max`.
const STRING_MAX: usize = 500;

/// Bytes of a file field that does not say `max_bytes`.
const FILE_MAX: u64 = 10 * 1024 * 1024;

/// The fields in document order. `at` is the map of fields.
pub fn fields(shapes: &BTreeMap<String, FieldShape>, at: At, known: &Known, findings: &mut Vec<Finding>) -> Vec<Field> {
    let mut fields = Vec::new();
    for name in at.keys() {
        let Some(shape) = shapes.get(name) else { continue };
        let at = at.key(name);
        names::field(name, at, findings);
        let Some(kind) = kind(shape, at, known, findings) else { continue };
        if let Some(wrong) = shape.default.as_ref().and_then(|value| misfit(value, &kind)) {
            let sentence = format!("the default of \"{name}\" {wrong}");
            findings.push(Finding::error(at.key("default").place(), sentence));
        }
        if shape.required == Some(true) && shape.on_delete == Some(OnDelete::Clear) {
            let sentence = format!("\"{name}\" is required, so it cannot be cleared when what it refers to is deleted");
            findings.push(Finding::error(at.key("on_delete").place(), sentence));
        }
        fields.push(Field {
            name: name.to_owned(),
            title: shape.title.clone(),
            kind,
            required: shape.required.unwrap_or(false),
            search: shape.search.unwrap_or(false),
            default: shape.default.clone(),
            was: was(shape, name, shapes, at, findings),
            reason: shape.reason.unwrap_or(false),
            personal: shape.personal.unwrap_or(false),
            at: at.key_place(),
        });
    }
    fields
}

/// The name that a field had before: one that no field has now.
fn was(
    shape: &FieldShape,
    name: &str,
    shapes: &BTreeMap<String, FieldShape>,
    at: At,
    findings: &mut Vec<Finding>,
) -> Option<String> {
    let was = shape.was.clone()?;
    let taken = shapes
        .iter()
        .any(|(other, shape)| *other == was || (other.as_str() < name && shape.was.as_ref() == Some(&was)));
    if taken {
        let sentence = format!("\"{was}\" is another field's; \"was\" names what this field alone was called before");
        findings.push(Finding::error(at.key("was").place(), sentence));
    }
    Some(was)
}

fn kind(shape: &FieldShape, at: At, known: &Known, findings: &mut Vec<Finding>) -> Option<FieldKind> {
    only(shape, at, findings);
    let mut missing = |key: &str, what: &str| {
        let sentence = format!("a field of type {what} needs \"{key}\"");
        findings.push(Finding::error(at.key("type").place(), sentence));
    };
    Some(match shape.kind {
        FieldType::String => FieldKind::String { max: shape.max.map_or(STRING_MAX, |max| max as usize) },
        FieldType::Text => FieldKind::Text,
        FieldType::Int => FieldKind::Int,
        FieldType::Decimal => FieldKind::Decimal,
        FieldType::Money => FieldKind::Money,
        FieldType::Percent => FieldKind::Percent,
        FieldType::Bool => FieldKind::Bool,
        FieldType::Date => FieldKind::Date,
        FieldType::Datetime => FieldKind::Datetime,
        FieldType::User => FieldKind::User,
        FieldType::OrgUnit => FieldKind::OrgUnit,
        FieldType::File => FieldKind::File(FileRule {
            max_bytes: shape.max_bytes.unwrap_or(FILE_MAX),
            accept: shape.accept.clone().unwrap_or_default(),
        }),
        FieldType::Json => FieldKind::Json,
        FieldType::Enum => match (shape.values.as_deref(), &shape.list) {
            (None, Some(list)) => FieldKind::Enum(known.list(list, at.key("list"), findings)?.clone()),
            (Some(_), Some(_)) => {
                let sentence = "an enum has \"values\" of its own or a \"list\" of the pack; keep one";
                findings.push(Finding::error(at.key("list").key_place(), sentence));
                return None;
            }
            (None | Some([]), None) => {
                missing("values\" or \"list", "enum");
                return None;
            }
            (Some(values), None) => {
                for (position, value) in values.iter().enumerate().filter(|(p, value)| values[..*p].contains(value)) {
                    let sentence = format!("the value \"{value}\" stands twice");
                    findings.push(Finding::error(at.key("values").item(position).place(), sentence));
                }
                FieldKind::Enum(values.to_vec())
            }
        },
        FieldType::Stage => match &shape.list {
            None => {
                missing("list", "stage");
                return None;
            }
            Some(list) => FieldKind::Stage(known.stage_list(list, at.key("list"), findings)?),
        },
        FieldType::Ref => match &shape.record {
            None => {
                missing("record", "ref");
                return None;
            }
            Some(record) => {
                known.record(record, at.key("record"), findings);
                FieldKind::Ref(Reference {
                    record: record.clone(),
                    on_delete: shape.on_delete.unwrap_or_default(),
                    acyclic: shape.acyclic.unwrap_or(false),
                })
            }
        },
        FieldType::List => match &shape.of {
            None => {
                missing("of", "list");
                return None;
            }
            Some(of) => FieldKind::List(Box::new(entry(of, at.key("of"), known, findings)?)),
        },
        FieldType::Map => match &shape.fields {
            None => {
                missing("fields", "map");
                return None;
            }
            Some(inner) => FieldKind::Map(fields(inner, at.key("fields"), known, findings)),
        },
    })
}

/// What a list holds: a field without the keys that only a field of a record has.
fn entry(of: &FieldShape, at: At, known: &Known, findings: &mut Vec<Finding>) -> Option<FieldKind> {
    for key in ["title", "required", "search", "default", "was", "reason", "personal"]
        .into_iter()
        .filter(|key| at.keys().contains(key))
    {
        let sentence = format!("\"{key}\" belongs to the list, not to its entries");
        findings.push(Finding::error(at.key(key).key_place(), sentence));
    }
    kind(of, at, known, findings)
}

/// Keys that belong to one type of field only.
fn only(shape: &FieldShape, at: At, findings: &mut Vec<Finding>) {
    let keys = [
        ("max", FieldType::String, "string"),
        ("values", FieldType::Enum, "enum"),
        ("list", if shape.kind == FieldType::Enum { FieldType::Enum } else { FieldType::Stage }, "stage or enum"),
        ("record", FieldType::Ref, "ref"),
        ("on_delete", FieldType::Ref, "ref"),
        ("acyclic", FieldType::Ref, "ref"),
        ("max_bytes", FieldType::File, "file"),
        ("accept", FieldType::File, "file"),
        ("of", FieldType::List, "list"),
        ("fields", FieldType::Map, "map"),
    ];
    let present = at.keys();
    for (key, _, name) in keys.into_iter().filter(|(key, kind, _)| present.contains(key) && *kind != shape.kind) {
        let sentence = format!("\"{key}\" belongs to a field of type {name}");
        findings.push(Finding::error(at.key(key).key_place(), sentence));
    }
    let searchable = matches!(shape.kind, FieldType::String | FieldType::Text | FieldType::List | FieldType::Enum);
    if shape.search == Some(true) && !searchable {
        findings.push(Finding::error(at.key("search").key_place(), "only a field that holds text can be searched"));
    }
}

/// Why a value does not fit; none when it does.
fn misfit(value: &Json, kind: &FieldKind) -> Option<String> {
    let wrong = |fits: bool, what: &str| (!fits).then(|| format!("must be {what}"));
    let text = value.as_str();
    match kind {
        FieldKind::String { max } => match text {
            Some(text) if text.chars().count() > *max => Some(format!("has more than {max} characters")),
            text => wrong(text.is_some(), "text"),
        },
        FieldKind::Text | FieldKind::User | FieldKind::OrgUnit | FieldKind::Ref(_) | FieldKind::File(_) => {
            wrong(text.is_some(), "text")
        }
        FieldKind::Int => wrong(value.as_i64().is_some(), "a whole number"),
        FieldKind::Decimal | FieldKind::Percent => {
            let digits = match value {
                Json::Number(number) => Some(number.to_string()),
                other => other.as_str().map(str::to_owned),
            };
            wrong(digits.is_some_and(|digits| Decimal::from_str_exact(&digits).is_ok()), "a decimal number")
        }
        FieldKind::Money => match Money::from_json(value) {
            None => Some("must be money: {amount: \"1234.50\", currency: CNY}".to_owned()),
            Some(read) => read.err().map(|why| format!("is no money: {why}")),
        },
        FieldKind::Bool => wrong(value.is_boolean(), "true or false"),
        FieldKind::Date => {
            wrong(text.is_some_and(|text| text.parse::<jiff::civil::Date>().is_ok()), "a date such as 2026-01-31")
        }
        FieldKind::Datetime => {
            wrong(text.is_some_and(|text| Timestamp::parse(text).is_some()), "an instant such as 2026-01-31T08:00:00Z")
        }
        FieldKind::Enum(values) => wrong(
            text.is_some_and(|text| values.iter().any(|value| value == text)),
            &format!("one of {}", values.join(", ")),
        ),
        FieldKind::Stage(list) => wrong(
            text.is_some_and(|text| list.position(text).is_some()),
            &format!("a stage of \"{}\": {}", list.name, list.codes().collect::<Vec<_>>().join(", ")),
        ),
        FieldKind::List(of) => match value.as_array() {
            None => Some("must be a list".to_owned()),
            Some(items) => items.iter().find_map(|item| misfit(item, of)),
        },
        FieldKind::Map(fields) => match value.as_object() {
            None => Some("must be a map of keys".to_owned()),
            Some(map) => map.iter().find_map(|(name, value)| match fields.iter().find(|field| &field.name == name) {
                None => Some(format!("has the unknown key \"{name}\"")),
                Some(field) => misfit(value, &field.kind),
            }),
        },
        FieldKind::Json => None,
    }
}
