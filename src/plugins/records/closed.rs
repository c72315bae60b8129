//! Records that are closed: a ledger is never changed, and a type may close its records once something is true of them.

use super::derive;
use crate::engine::evaluator::Evaluator;
use crate::model::json::JsonMap;
use crate::model::record::Record;
use crate::model::record_type::RecordType;
use crate::model::refusal::{FieldError, Refusal};

/// Whether a record is closed to changes: decided by what is kept. A ledger refuses every change.
pub fn is_closed(record_type: &RecordType, scripts: &dyn Evaluator, present: &Record) -> Result<bool, Refusal> {
    if record_type.append_only {
        let sentence =
            format!("a {} is never changed or deleted; create another one that corrects it", record_type.name);
        return Err(Refusal::conflict("append_only", sentence));
    }
    let Some(rule) = &record_type.immutable else { return Ok(false) };
    let closed = derive::is_true(record_type, &rule.when, "immutable", scripts, &present.fields);
    closed.map_err(|failure| Refusal::invalid(&failure.code, failure.message))
}

/// Refuses the change of a closed record, but for the fields that its type excepts. What is computed from those stays
/// as it was: see [`keep_computed`].
pub fn refuse_changes(record_type: &RecordType, present: &Record, after: &JsonMap) -> Result<(), Refusal> {
    let closed: Vec<&str> = names(record_type)
        .filter(|name| present.fields.get(*name) != after.get(*name) && !is_computed(record_type, name))
        .collect();
    if closed.is_empty() {
        return Ok(());
    }
    let errors = closed.iter().map(|name| FieldError {
        pointer: format!("/fields/{name}"),
        code: "immutable".into(),
        detail: format!("\"{name}\" cannot be changed any more"),
    });
    let sentence = format!("{} {} is closed to changes of {}", present.record_type, present.id, closed.join(", "));
    Err(Refusal::conflict("immutable", sentence).with_errors(errors.collect()))
}

/// Refuses the deletion of a record that is closed.
pub fn refuse_deletion(record_type: &RecordType, scripts: &dyn Evaluator, present: &Record) -> Result<(), Refusal> {
    if is_closed(record_type, scripts, present)? {
        let sentence = format!("{} {} is closed and cannot be deleted", present.record_type, present.id);
        return Err(Refusal::conflict("immutable", sentence));
    }
    Ok(())
}

/// Gives the computed fields of a closed record the values that are kept.
pub fn keep_computed(record_type: &RecordType, present: &Record, after: &mut JsonMap) {
    for name in names(record_type).filter(|name| is_computed(record_type, name)) {
        match present.fields.get(name) {
            Some(value) => after.insert(name.to_owned(), value.clone()),
            None => after.remove(name),
        };
    }
}

/// The fields that are closed when a record is.
fn names(record_type: &RecordType) -> impl Iterator<Item = &str> {
    let except = |name: &str| record_type.immutable.iter().any(|rule| rule.except.iter().any(|other| other == name));
    record_type.fields.iter().map(|field| field.name.as_str()).filter(move |name| !except(name))
}

fn is_computed(record_type: &RecordType, name: &str) -> bool {
    record_type.derive.iter().any(|rule| rule.field == name)
}
