//! The rules that every record of a type meets: conditions and sums, all that are broken at once; and which changes
//! need a reason.

use super::derive;
use crate::engine::evaluator::Evaluator;
use crate::model::field::{Field, FieldKind};
use crate::model::json::{Json, JsonMap};
use crate::model::record_type::{Check, RecordType, Sum};
use crate::model::refusal::{FieldError, Refusal};
use rust_decimal::Decimal;

/// Refuses fields that break a condition or a sum of their type.
pub fn check(record_type: &RecordType, scripts: &dyn Evaluator, fields: &JsonMap) -> Result<(), Refusal> {
    let (mut errors, mut texts) = (Vec::new(), Vec::new());
    for rule in &record_type.checks {
        let (code, detail) = match derive::is_true(record_type, &rule.condition, "check_failed", scripts, fields) {
            Ok(true) => continue,
            Ok(false) => {
                texts.push(rule.message.clone());
                ("check_failed".to_owned(), rule.message.en.clone())
            }
            Err(failure) => (failure.code, failure.message),
        };
        errors.push(FieldError { pointer: place(record_type, rule, scripts), code, detail });
    }
    errors.extend(record_type.sums.iter().filter_map(|rule| amiss(rule, fields)));
    if errors.is_empty() {
        return Ok(());
    }
    let sentence = format!("this {} breaks a rule of its type", record_type.name);
    Err(Refusal::invalid("check_failed", sentence).with_errors(errors).with_texts(texts))
}

/// Where a broken condition is shown: at the first field that it reads.
fn place(record_type: &RecordType, rule: &Check, scripts: &dyn Evaluator) -> String {
    let read = scripts.reads(&rule.condition);
    let field = read.iter().find(|name| record_type.fields.iter().any(|field| field.name == **name));
    field.map_or_else(|| "/fields".to_owned(), |name| format!("/fields/{name}"))
}

/// What is wrong with a sum; nothing when it is right, or when the list is empty.
pub(super) fn amiss(rule: &Sum, fields: &JsonMap) -> Option<FieldError> {
    let entries = fields.get(&rule.list).and_then(Json::as_array).filter(|entries| !entries.is_empty())?;
    let numbers = entries.iter().map(|entry| number(entry.get(&rule.field)));
    let numbers: Option<Vec<Decimal>> = numbers.collect();
    let Sum { list, field, total, .. } = rule;
    if numbers.as_ref().is_some_and(|numbers| adds_up(numbers, *total)) {
        return None;
    }
    let sum = numbers.and_then(|numbers| numbers.into_iter().try_fold(Decimal::ZERO, Decimal::checked_add));
    let sum = sum.map_or_else(|| "more than can be told".to_owned(), |sum| sum.normalize().to_string());
    let detail = format!("\"{field}\" in \"{list}\" adds up to {sum}, not to {}", total.normalize());
    Some(FieldError { pointer: format!("/fields/{list}"), code: "sum".into(), detail })
}

/// The number of an entry; one that gives none counts as nothing.
fn number(value: Option<&Json>) -> Option<Decimal> {
    let Some(value) = value.filter(|value| !value.is_null()) else { return Some(Decimal::ZERO) };
    let digits = value.to_string();
    Decimal::from_str_exact(&digits).or_else(|_| Decimal::from_scientific(&digits)).ok()
}

/// Whether numbers add up to a total, to the last digit: a decimal would round what has more digits than it holds.
/// Digits of the smallest place are added first, and carried on while they make whole ones of the next.
fn adds_up(numbers: &[Decimal], total: Decimal) -> bool {
    let mut carried: i128 = 0;
    for place in (0..=Decimal::MAX_SCALE).rev() {
        if carried % 10 != 0 {
            return false;
        }
        carried /= 10;
        // At most 1,000 numbers of 96 bits each: far from what an i128 holds.
        let here = numbers.iter().filter(|number| number.scale() == place).map(Decimal::mantissa);
        carried += here.sum::<i128>();
        carried -= if total.scale() == place { total.mantissa() } else { 0 };
    }
    carried == 0
}

/// Refuses a change without a reason of fields that ask for one.
pub fn reasons(
    record_type: &RecordType,
    before: &JsonMap,
    after: &JsonMap,
    reason: Option<&str>,
) -> Result<(), Refusal> {
    if reason.is_some_and(|reason| !reason.trim().is_empty()) {
        return Ok(());
    }
    let asking = record_type.fields.iter().filter(|field| asks(field, before.get(&field.name), after.get(&field.name)));
    let errors: Vec<FieldError> = asking
        .map(|field| FieldError {
            pointer: format!("/fields/{}", field.name),
            code: "reason_required".into(),
            detail: format!("who changes \"{}\" must say why", field.name),
        })
        .collect();
    if errors.is_empty() {
        return Ok(());
    }
    Err(Refusal::invalid("reason_required", "this change needs a reason; send \"reason\"").with_errors(errors))
}

/// Whether a change of a field, or of one inside it, asks for a reason.
fn asks(field: &Field, before: Option<&Json>, after: Option<&Json>) -> bool {
    before != after && (field.reason || asks_inside(&field.kind, before, after))
}

fn asks_inside(kind: &FieldKind, before: Option<&Json>, after: Option<&Json>) -> bool {
    let of = |value: Option<&'_ Json>, name: &str| value.and_then(|value| value.get(name)).cloned();
    let at = |value: Option<&'_ Json>, index: usize| value.and_then(|value| value.get(index)).cloned();
    let length = |value: Option<&Json>| value.and_then(Json::as_array).map_or(0, Vec::len);
    match kind {
        FieldKind::Map(fields) => {
            fields.iter().any(|field| asks(field, of(before, &field.name).as_ref(), of(after, &field.name).as_ref()))
        }
        FieldKind::List(kind) => (0..length(before).max(length(after))).any(|index| {
            let (before, after) = (at(before, index), at(after, index));
            before != after && asks_inside(kind, before.as_ref(), after.as_ref())
        }),
        _ => false,
    }
}
