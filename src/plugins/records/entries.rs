//! What a record is found by: its unique keys, its index entries and its well-known columns.

use super::places::{in_column, names_something, values_at};
use super::{sortable, words};
use crate::model::field::{Field, FieldKind};
use crate::model::json::{Json, JsonMap};
use crate::model::money::Money;
use crate::model::record_type::{Column, RecordType, Unique};
use crate::store::records::{Columns, Slot};
use crate::store::slots;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Bytes of a text that is found by itself; a longer one is found by its hash, an index entry has room for no more.
const FOUND_BY_ITSELF: usize = 800;
/// Pieces of one field that a record is alike by.
const PIECES: usize = 500;

/// The key of a unique rule: its fields as one text; none when the record lacks one of them.
pub fn unique_key(rule: &Unique, fields: &JsonMap) -> Option<(String, String)> {
    let values: Option<Vec<&Json>> = rule.fields.iter().map(|field| fields.get(field)).collect();
    Some((rule.fields.join(","), fitting(serde_json::to_string(&values?).ok()?)))
}

/// Index entries: every candidate key; every person, unit and record that is named anywhere in it, under the path of its
/// field (`team.user`); the values of declared indexes in an order that sorts, under `[region]` or `[region,industry]`,
/// and `[!region]` where there is none; the words of text search, under `~name`; the pieces that records are alike by,
/// under `%name`. A list gives one entry a value.
pub fn index(record_type: &RecordType, fields: &JsonMap) -> Vec<(String, String)> {
    let keys = record_type.keys.iter().filter_map(|name| Some((name, fields.get(name)?)));
    let mut entries: Vec<(String, String)> =
        keys.flat_map(|(name, value)| values(value).into_iter().map(|value| (name.clone(), value))).collect();
    named(&record_type.fields, "", fields, &mut entries);
    for index in &record_type.indexes {
        sorted(record_type, index, fields, &mut entries);
    }
    for field in record_type.fields.iter().filter(|field| field.search) {
        let texts = values_at(fields, &field.name).into_iter().filter_map(slots::text);
        let words = texts.flat_map(|text| words::kept(&text)).take(words::MOST);
        entries.extend(words.map(|word| (word_name(&field.name), word)));
    }
    for name in &record_type.similar {
        let pieces = fields.get(name).map(pieces).unwrap_or_default();
        entries.extend(pieces.into_iter().map(|piece| (piece_name(name), piece)));
    }
    entries.sort();
    entries.dedup();
    entries
}

/// The pieces of a value that is compared by likeness, the first of them: a text is cut, a list is taken item by item.
pub fn pieces(value: &Json) -> BTreeSet<String> {
    let pieces = match value {
        Json::String(text) => words::pieces(text),
        other => values(other).into_iter().filter(|piece| !piece.is_empty()).collect(),
    };
    pieces.into_iter().map(fitting).take(PIECES).collect()
}

/// The name of the entries for the pieces of a field.
pub fn piece_name(field: &str) -> String {
    format!("%{field}")
}

/// The name of the entries of an index of these fields.
pub fn sorted_name(fields: &[&str]) -> String {
    format!("[{}]", fields.join(","))
}

/// The name of the entries of records without a value in this field.
pub fn lacking_name(field: &str) -> String {
    format!("[!{field}]")
}

/// The name of the entries for the words of a field.
pub fn word_name(field: &str) -> String {
    format!("~{field}")
}

/// Of one declared index: its values together, and each by itself where it has no column.
fn sorted(record_type: &RecordType, index: &[String], fields: &JsonMap, entries: &mut Vec<(String, String)>) {
    let kind = |name: &String| record_type.fields.iter().find(|field| field.name == *name).map(|field| &field.kind);
    let text = |name: &String, room| sortable::text(kind(name)?, fields.get(name)?, room);
    for name in index.iter().filter(|name| !record_type.columns.values().any(|column| column == *name)) {
        match text(name, sortable::ROOM) {
            None => entries.push((lacking_name(name), String::new())),
            Some(_) if kind(name).is_some_and(names_something) => {}
            Some(value) => entries.push((sorted_name(&[name]), value)),
        }
    }
    let texts: Option<Vec<String>> = index.iter().map(|name| text(name, sortable::room(index.len()))).collect();
    if let Some(texts) = texts.filter(|texts| texts.len() > 1) {
        let names: Vec<&str> = index.iter().map(String::as_str).collect();
        entries.push((sorted_name(&names), sortable::several(&texts)));
    }
}

fn named(declared: &[Field], path: &str, fields: &JsonMap, entries: &mut Vec<(String, String)>) {
    for field in declared {
        if let Some(value) = fields.get(&field.name) {
            let path = if path.is_empty() { field.name.clone() } else { format!("{path}.{}", field.name) };
            named_in(&field.kind, &path, value, entries);
        }
    }
}

fn named_in(kind: &FieldKind, path: &str, value: &Json, entries: &mut Vec<(String, String)>) {
    match (kind, value) {
        (FieldKind::User | FieldKind::OrgUnit | FieldKind::Ref(_) | FieldKind::File(_), Json::String(text)) => {
            entries.push((path.to_owned(), fitting(text.clone())));
        }
        (FieldKind::List(of), Json::Array(items)) => items.iter().for_each(|item| named_in(of, path, item, entries)),
        (FieldKind::Map(declared), Json::Object(fields)) => named(declared, path, fields, entries),
        _ => {}
    }
}

/// The texts that a value is found by.
pub fn values(value: &Json) -> Vec<String> {
    match value {
        Json::Array(items) => items.iter().filter_map(slots::text).map(fitting).collect(),
        other => slots::text(other).into_iter().map(fitting).collect(),
    }
}

/// What a text is found by: itself, or the hash of a long one.
pub fn fitting(text: String) -> String {
    if text.len() <= FOUND_BY_ITSELF {
        return text;
    }
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().fold("sha256:".to_owned(), |hex, byte| format!("{hex}{byte:02x}"))
}

/// The well-known columns.
pub fn columns(record_type: &RecordType, fields: &JsonMap) -> Columns {
    let amount =
        record_type.columns.get(&Column::Amount).and_then(|field| fields.get(field)).and_then(Money::from_json);
    let (amount, currency) = match amount {
        Some(Ok(money)) => (Some(money.minor), Some(money.currency)),
        Some(Err(_)) | None => (None, None),
    };
    let of = |column, slot| {
        let name = record_type.columns.get(&column)?;
        let kind = &record_type.fields.iter().find(|field| field.name == *name)?.kind;
        in_column(&slot, kind, fields.get(name)?)
    };
    Columns {
        owner: of(Column::Owner, Slot::Owner),
        status: of(Column::Status, Slot::Status),
        parent: of(Column::Parent, Slot::Parent),
        due: of(Column::Due, Slot::Due),
        name: of(Column::Name, Slot::Name),
        stage: of(Column::Stage, Slot::Stage),
        amount,
        currency,
    }
}
