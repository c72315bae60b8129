//! What a record is found by: its unique keys, its index entries and its well-known columns.

use crate::model::field::{Field, FieldKind};
use crate::model::json::{Json, JsonMap};
use crate::model::money::Money;
use crate::model::record_type::{Column, RecordType, Unique};
use crate::store::records::Columns;
use crate::store::slots;
use sha2::{Digest, Sha256};

/// Bytes of a text that is found by itself; a longer one is found by its hash, an index entry has room for no more.
const FOUND_BY_ITSELF: usize = 800;
/// Characters of a name that it is sorted and found by.
const NAME_MOST: usize = 200;

/// The key of a unique rule: its fields as one text; none when the record lacks one of them.
pub fn unique_key(rule: &Unique, fields: &JsonMap) -> Option<(String, String)> {
    let values: Option<Vec<&Json>> = rule.fields.iter().map(|field| fields.get(field)).collect();
    Some((rule.fields.join(","), fitting(serde_json::to_string(&values?).ok()?)))
}

/// Index entries: every candidate key, every field of a declared index, and every person, unit and record that is named
/// anywhere in it, under the path of its field (`team.user`); a list gives one entry a value.
pub fn index(record_type: &RecordType, fields: &JsonMap) -> Vec<(String, String)> {
    let names = record_type.keys.iter().chain(record_type.indexes.iter().flatten());
    let mut entries: Vec<(String, String)> = names
        .filter_map(|name| Some((name, fields.get(name)?)))
        .flat_map(|(name, value)| values(value).into_iter().map(|value| (name.clone(), value)))
        .collect();
    named(&record_type.fields, "", fields, &mut entries);
    entries.sort();
    entries.dedup();
    entries
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
    let of = |column| record_type.columns.get(&column).and_then(|field| fields.get(field)).and_then(slots::text);
    Columns {
        owner: of(Column::Owner),
        status: of(Column::Status).map(fitting),
        parent: of(Column::Parent),
        due: of(Column::Due),
        name: of(Column::Name).map(|name| name.chars().take(NAME_MOST).collect()),
        stage: of(Column::Stage).map(fitting),
        amount,
        currency,
    }
}
