//! Derived fields: computed by scripts from the other fields on every write path.

use crate::engine::evaluator::{Evaluator, Names};
use crate::model::expression::{Expression, FunctionRef};
use crate::model::incident::Failure;
use crate::model::json::{Json, JsonMap};
use crate::model::process::Mapping;
use crate::model::record_type::{Derive, RecordType, Unique};

/// Computes every derived field anew; a field that comes out as null has no value.
pub fn derive(record_type: &RecordType, scripts: &dyn Evaluator, fields: &mut JsonMap) -> Result<(), Failure> {
    let mut asked = Vec::new();
    for rule in &record_type.derive {
        let value = compute(record_type, rule, scripts, fields, &mut asked)?;
        if value.is_null() {
            fields.remove(&rule.field);
        } else {
            fields.insert(rule.field.clone(), value);
        }
    }
    Ok(())
}

/// Whether a unique rule holds for these fields now.
pub fn holds(
    record_type: &RecordType,
    rule: &Unique,
    scripts: &dyn Evaluator,
    fields: &JsonMap,
) -> Result<bool, Failure> {
    let Some(condition) = &rule.condition else { return Ok(true) };
    is_true(record_type, condition, "unique", scripts, fields)
}

/// Whether a condition over the fields is true; one that gives something else fails with this code.
pub fn is_true(
    record_type: &RecordType,
    condition: &Expression,
    code: &str,
    scripts: &dyn Evaluator,
    fields: &JsonMap,
) -> Result<bool, Failure> {
    let all = with_absent(record_type, fields);
    match scripts.evaluate(condition, &Names::new(vec![&all]))? {
        Json::Bool(holds) => Ok(holds),
        other => {
            let Expression { source, at } = condition;
            Err(Failure::new(code, format!("{at}: `{source}` gave {other}, neither true nor false")))
        }
    }
}

fn compute(
    record_type: &RecordType,
    rule: &Derive,
    scripts: &dyn Evaluator,
    fields: &JsonMap,
    asked: &mut Vec<Asked>,
) -> Result<Json, Failure> {
    let all = with_absent(record_type, fields);
    let input = Json::Object(evaluate(&rule.input, scripts, &Names::new(vec![&all]))?);
    let known = asked.iter().find(|asked| asked.function == rule.function && asked.input == input);
    let result = match known {
        Some(asked) => asked.result.clone(),
        None => {
            let result = scripts.call(&rule.function, &input)?;
            asked.push(Asked { function: rule.function.clone(), input, result: result.clone() });
            result
        }
    };
    let mut extra = JsonMap::new();
    extra.insert("result".into(), result);
    scripts.evaluate(&rule.value, &Names::new(vec![&extra, &all]))
}

/// What a function gave for an input: several fields are often computed by one call, and functions are pure.
struct Asked {
    function: FunctionRef,
    input: Json,
    result: Json,
}

fn evaluate(mapping: &Mapping, scripts: &dyn Evaluator, names: &Names) -> Result<JsonMap, Failure> {
    let evaluate =
        |(name, expression): (&String, _)| scripts.evaluate(expression, names).map(|value| (name.clone(), value));
    mapping.iter().map(evaluate).collect()
}

/// The fields as an expression reads them: a declared field without a value is null, not an error.
pub(super) fn with_absent(record_type: &RecordType, fields: &JsonMap) -> JsonMap {
    record_type
        .fields
        .iter()
        .map(|field| (field.name.clone(), fields.get(&field.name).cloned().unwrap_or(Json::Null)))
        .collect()
}
