//! The stamp of a record type: by which rules its records are derived, as a text that two sets of rules share only when
//! they make the same of a record.
//!
//! What only says which records are refused (`max`, the values of an enum, checks) is not in it: such a change leaves
//! what is kept as it is.

use crate::engine::evaluator::Evaluator;
use crate::model::field::{Field, FieldKind};
use crate::model::record_type::RecordType;
use sha2::{Digest, Sha256};

/// Counts up whenever this program makes something else of the same rules: other keys, index entries or columns.
const FORM: u32 = 1;
/// Bytes of each half.
const BYTES: usize = 10;

/// `{keys}-{all}`: the first half is of the keys that candidates are found by, and of all derived fields; the second of
/// everything that is kept for a record.
pub fn stamp(record_type: &RecordType, scripts: &dyn Evaluator) -> String {
    let keys = keys(record_type, scripts);
    let all = all(record_type);
    format!("{}-{}", hash(&keys), hash(&[keys, all].concat()))
}

/// The least and the most text that a stamp with the same keys can be.
pub fn same_keys(stamp: &str) -> (String, String) {
    let half = stamp.split('-').next().unwrap_or_default();
    (format!("{half}-"), format!("{half}-~"))
}

fn keys(record_type: &RecordType, scripts: &dyn Evaluator) -> Vec<String> {
    let mut told = vec![format!("form {FORM}")];
    for rule in &record_type.derive {
        told.push(format!("derive {} {} {}", rule.field, rule.function, scripts.script_hash(&rule.function)));
        told.extend(rule.input.iter().map(|(name, expression)| format!("in {name} {}", expression.source)));
        told.push(format!("value {}", rule.value.source));
    }
    told.extend(record_type.keys.iter().map(|field| format!("key {field}")));
    told.extend(record_type.similar.iter().map(|field| format!("similar {field}")));
    told
}

fn all(record_type: &RecordType) -> Vec<String> {
    let mut told: Vec<String> = record_type.fields.iter().map(field).collect();
    told.extend(record_type.indexes.iter().map(|fields| format!("index {}", fields.join(" "))));
    told.extend(record_type.columns.iter().map(|(column, field)| format!("column {column:?} {field}")));
    for rule in &record_type.unique {
        let condition = rule.condition.as_ref().map_or("", |condition| &condition.source);
        told.push(format!("unique {} {condition}", rule.fields.join(" ")));
    }
    told
}

fn field(field: &Field) -> String {
    let filled = match &field.default {
        Some(default) if field.required => format!(" filled {default}"),
        _ => String::new(),
    };
    format!("field {} {} {}{filled}", field.name, kind(&field.kind), field.search)
}

fn kind(of: &FieldKind) -> String {
    match of {
        FieldKind::String { .. } => "string".into(),
        FieldKind::Text => "text".into(),
        FieldKind::Int => "int".into(),
        FieldKind::Decimal => "decimal".into(),
        FieldKind::Money => "money".into(),
        FieldKind::Percent => "percent".into(),
        FieldKind::Bool => "bool".into(),
        FieldKind::Date => "date".into(),
        FieldKind::Datetime => "datetime".into(),
        // What is kept of a stage is its code alone; the order of its list is asked when it is looked for.
        FieldKind::Enum(_) | FieldKind::Stage(_) => "enum".into(),
        FieldKind::User => "user".into(),
        FieldKind::OrgUnit => "org_unit".into(),
        FieldKind::Ref(reference) => format!("ref {}", reference.record),
        FieldKind::File(_) => "file".into(),
        FieldKind::List(of) => format!("list of {}", kind(of)),
        FieldKind::Map(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|field| format!("{}: {}", field.name, kind(&field.kind))).collect();
            format!("map of {}", fields.join(", "))
        }
        FieldKind::Json => "json".into(),
    }
}

/// Each line behind its length, so that no two lists of lines look the same.
fn hash(lines: &[String]) -> String {
    let mut digest = Sha256::new();
    for line in lines {
        digest.update(format!("{}:{line}\n", line.len()));
    }
    digest.finalize().iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect()
}
