//! What a record is found by: its unique keys, its index entries and its well-known columns.

use crate::model::json::{Json, JsonMap};
use crate::model::record_type::{Column, RecordType, Unique};
use crate::store::records::Columns;
use crate::store::slots;

/// The key of a unique rule: its fields as one text; none when the record lacks one of them.
pub fn unique_key(rule: &Unique, fields: &JsonMap) -> Option<(String, String)> {
    let values: Option<Vec<&Json>> = rule.fields.iter().map(|field| fields.get(field)).collect();
    Some((rule.fields.join(","), serde_json::to_string(&values?).ok()?))
}

/// Index entries: every candidate key and every field of a declared index; a list gives one entry a value.
pub fn index(record_type: &RecordType, fields: &JsonMap) -> Vec<(String, String)> {
    let names = record_type.keys.iter().chain(record_type.indexes.iter().flatten());
    let mut entries: Vec<(String, String)> = names
        .filter_map(|name| Some((name, fields.get(name)?)))
        .flat_map(|(name, value)| values(value).into_iter().map(|value| (name.clone(), value)))
        .collect();
    entries.sort();
    entries.dedup();
    entries
}

/// The texts that a value is found by.
pub fn values(value: &Json) -> Vec<String> {
    match value {
        Json::Array(items) => items.iter().filter_map(slots::text).collect(),
        other => slots::text(other).into_iter().collect(),
    }
}

/// The well-known columns.
pub fn columns(record_type: &RecordType, fields: &JsonMap) -> Columns {
    let of = |column| record_type.columns.get(&column).and_then(|field| fields.get(field)).and_then(slots::text);
    Columns {
        owner: of(Column::Owner),
        status: of(Column::Status),
        parent: of(Column::Parent),
        due: of(Column::Due),
        name: of(Column::Name),
    }
}
