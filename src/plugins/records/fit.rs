//! Whether a record that is there fits a changed type, and what the type makes of it.

use super::concerns::Concerns;
use super::{derive, entries, files, references, rules, shape};
use crate::engine::evaluator::Evaluator;
use crate::model::field::Field;
use crate::model::json::{Json, JsonMap};
use crate::model::record_type::{Check, RecordType, Sum, Unique};
use crate::model::refusal::FieldError;
use crate::plugins::desk::Desk;
use crate::store::StoreError;

/// What does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The field; none for a condition over several.
    pub field: Option<String>,
    /// A stable word.
    pub code: &'static str,
    /// What is wrong about this record; the same for records that break the same condition.
    pub sentence: String,
}

/// Everything that is asked and does not fit, of fields that read as the new type has them; derived fields are computed
/// where they come out otherwise.
pub fn misfits(desk: &Desk, record_type: &RecordType, concerns: &Concerns, fields: &mut JsonMap) -> Vec<Misfit> {
    let mut found = Vec::new();
    for field in &concerns.required {
        if !fields.contains_key(&field.name) {
            let sentence = "it is required now and has no default: give it one, or fill it in these records first";
            found.push(at(field, "required", sentence.into()));
        }
    }
    for field in &concerns.kinds {
        found.extend(fields.get(&field.name).and_then(|value| unlike(field, value)));
    }
    if concerns.derive {
        found.extend(derived(record_type, desk.scripts, fields));
    }
    found.extend(concerns.sums.iter().filter_map(|sum| off(sum, fields)));
    found.extend(concerns.checks.iter().filter_map(|check| broken(record_type, check, desk.scripts, fields)));
    found
}

/// Users, units, records and files that are named where a field names others than before, and that are not there or do
/// not fit: each with the position of its record.
pub fn missing(desk: &mut Desk, concerns: &Concerns, all: &[JsonMap]) -> Result<Vec<(usize, Misfit)>, StoreError> {
    if concerns.references.is_empty() {
        return Ok(Vec::new());
    }
    let mut errors = references::missing(desk, &concerns.references, all)?;
    errors.extend(files::missing(desk, &concerns.references, all)?);
    let misfit = |error: FieldError| {
        let mut parts = error.pointer.split('/').skip(1);
        let position = parts.next().and_then(|position| position.parse().ok())?;
        let field = parts.nth(1).map(str::to_owned);
        let code = if error.code == "not_there" { "not_there" } else { "does_not_fit" };
        Some((position, Misfit { field, code, sentence: error.detail }))
    };
    Ok(errors.into_iter().filter_map(misfit).collect())
}

/// Computes the derived fields; why that is not possible.
pub fn derived(record_type: &RecordType, scripts: &dyn Evaluator, fields: &mut JsonMap) -> Option<Misfit> {
    let failed = |field: Option<String>, sentence| Some(Misfit { field, code: "derive_failed", sentence });
    if let Err(failure) = derive::derive(record_type, scripts, fields) {
        return failed(None, failure.message);
    }
    let rules =
        record_type.fields.iter().filter(|field| record_type.derive.iter().any(|rule| rule.field == field.name));
    for field in rules {
        let Some(value) = fields.get(&field.name) else { continue };
        match one(field, value) {
            Ok(fitting) => drop(fields.insert(field.name.clone(), fitting)),
            Err(sentence) => return failed(Some(field.name.clone()), sentence),
        }
    }
    None
}

/// Fields that read as the new type has them, with its derived fields where they come out otherwise; none when those
/// cannot be computed.
pub fn complete(desk: &Desk, record_type: &RecordType, concerns: &Concerns, mut fields: JsonMap) -> Option<JsonMap> {
    let failed = concerns.derive.then(|| derived(record_type, desk.scripts, &mut fields)).flatten();
    failed.is_none().then_some(fields)
}

/// The value of the key that a record with these fields needs by a rule; none when it is outside the rule.
pub fn key_of(desk: &Desk, record_type: &RecordType, rule: &Unique, fields: &JsonMap) -> Option<String> {
    let holds = derive::holds(record_type, rule, desk.scripts, fields).unwrap_or(false);
    holds.then(|| entries::unique_key(rule, fields)).flatten().map(|(_, value)| value)
}

/// Why a value does not stay what it is in this field.
fn unlike(field: &Field, value: &Json) -> Option<Misfit> {
    match one(field, value) {
        Ok(fitting) if fitting == *value => None,
        Ok(_) => Some(at(field, "does_not_fit", "the values would be written otherwise; use a new field".into())),
        Err(sentence) => Some(at(field, "does_not_fit", sentence)),
    }
}

/// A value as its field writes it, or what is wrong about it.
fn one(field: &Field, value: &Json) -> Result<Json, String> {
    let alone = JsonMap::from_iter([(field.name.clone(), value.clone())]);
    match shape::check(std::slice::from_ref(field), &alone, "") {
        Ok(mut fitting) => Ok(fitting.remove(&field.name).unwrap_or(Json::Null)),
        Err(errors) => Err(errors.into_iter().next().map(|error| error.detail).unwrap_or_default()),
    }
}

fn off(sum: &Sum, fields: &JsonMap) -> Option<Misfit> {
    let error = rules::amiss(sum, fields)?;
    Some(Misfit { field: Some(sum.list.clone()), code: "sum", sentence: error.detail })
}

fn broken(record_type: &RecordType, check: &Check, scripts: &dyn Evaluator, fields: &JsonMap) -> Option<Misfit> {
    let sentence = match derive::is_true(record_type, &check.condition, "check_failed", scripts, fields) {
        Ok(true) => return None,
        Ok(false) => check.message.en.clone(),
        Err(failure) => failure.message,
    };
    Some(Misfit { field: None, code: "check_failed", sentence })
}

fn at(field: &Field, code: &'static str, sentence: String) -> Misfit {
    Misfit { field: Some(field.name.clone()), code, sentence }
}
