//! JSON to rhai values and back, exactly. rhai's own serde support turns decimals into binary floats.

use super::limits::MAX_VALUE_DEPTH;
use crate::model::json::{Json, JsonMap};
use crate::model::money::Money;
use rhai::{Array, Dynamic, Map};
use rust_decimal::Decimal;

/// The rhai value of a JSON value; the error says where it does not fit.
pub(super) fn from_json(json: &Json) -> Result<Dynamic, String> {
    enter(json, MAX_VALUE_DEPTH)
}

fn enter(json: &Json, depth: usize) -> Result<Dynamic, String> {
    let depth = depth.checked_sub(1).ok_or_else(too_deep)?;
    Ok(match json {
        Json::Null => Dynamic::UNIT,
        Json::Bool(value) => Dynamic::from_bool(*value),
        Json::Number(number) => number_from_text(&number.to_string())?,
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => {
            let items: Result<Array, String> = items.iter().map(|item| enter(item, depth)).collect();
            Dynamic::from_array(items?)
        }
        Json::Object(object) => match Money::from_json(json) {
            Some(money) => Dynamic::from(money?),
            None => {
                let entries: Result<Map, String> =
                    object.iter().map(|(key, value)| Ok((key.as_str().into(), enter(value, depth)?))).collect();
                Dynamic::from_map(entries?)
            }
        },
    })
}

/// A number as JSON writes it: whole without point and exponent, else an exact decimal.
fn number_from_text(text: &str) -> Result<Dynamic, String> {
    if text.contains(['.', 'e', 'E']) {
        return decimal_from_text(text).map(Dynamic::from_decimal);
    }
    text.parse().map(Dynamic::from_int).map_err(|_| format!("{text} is too large for a whole number (64 bits)"))
}

/// The exact decimal that a text writes, exponent allowed; nothing is ever rounded.
pub(super) fn decimal_from_text(text: &str) -> Result<Decimal, String> {
    let wrong = || format!("{text} is not a number that fits an exact decimal (28 digits)");
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let digits = Decimal::from_str_exact(digits).map_err(|_| wrong())?;
    let exponent: i32 = exponent.parse().map_err(|_| wrong())?;
    let step = if exponent < 0 { Decimal::new(1, 1) } else { Decimal::TEN };
    // checked_mul rounds when digits are lost, so every step is undone again to see that nothing was
    (0..exponent.unsigned_abs().min(64))
        .try_fold(digits, |value, _| {
            let moved = value.checked_mul(step)?;
            (moved.checked_div(step) == Some(value)).then_some(moved)
        })
        .filter(|_| exponent.unsigned_abs() <= 64 || digits.is_zero())
        .ok_or_else(wrong)
}

/// What a JSON value becomes on its way through rhai when nothing is done with it: in at [`from_json`], out at [`to_json`].
pub(super) fn through(json: &Json) -> Result<Json, String> {
    pass(json, MAX_VALUE_DEPTH)
}

fn pass(json: &Json, depth: usize) -> Result<Json, String> {
    let depth = depth.checked_sub(1).ok_or_else(too_deep)?;
    Ok(match json {
        Json::Null | Json::Bool(_) | Json::String(_) => json.clone(),
        Json::Number(_) => to_json(&from_json(json)?)?,
        Json::Array(items) => Json::Array(items.iter().map(|item| pass(item, depth)).collect::<Result<_, _>>()?),
        Json::Object(object) => match Money::from_json(json) {
            Some(money) => money?.to_json(),
            None => {
                let entries = object.iter().map(|(key, value)| Ok((key.clone(), pass(value, depth)?)));
                Json::Object(entries.collect::<Result<JsonMap, String>>()?)
            }
        },
    })
}

/// The JSON value of a rhai value; the error names what has no JSON.
pub(super) fn to_json(value: &Dynamic) -> Result<Json, String> {
    leave(value, MAX_VALUE_DEPTH)
}

fn leave(value: &Dynamic, depth: usize) -> Result<Json, String> {
    let depth = depth.checked_sub(1).ok_or_else(too_deep)?;
    if value.is_unit() {
        return Ok(Json::Null);
    }
    if let Ok(value) = value.as_bool() {
        return Ok(Json::Bool(value));
    }
    if let Ok(value) = value.as_int() {
        return Ok(value.into());
    }
    if let Ok(value) = value.as_decimal() {
        return Ok(decimal_to_json(value));
    }
    if let Ok(value) = value.as_char() {
        return Ok(Json::String(value.to_string()));
    }
    if let Ok(text) = value.as_immutable_string_ref() {
        return Ok(Json::String(text.to_string()));
    }
    if let Ok(items) = value.as_array_ref() {
        return items.iter().map(|item| leave(item, depth)).collect::<Result<_, _>>().map(Json::Array);
    }
    if let Ok(entries) = value.as_map_ref() {
        let entries = entries.iter().map(|(key, value)| Ok((key.to_string(), leave(value, depth)?)));
        return entries.collect::<Result<JsonMap, String>>().map(Json::Object);
    }
    match value.read_lock::<Money>() {
        Some(money) => Ok(money.to_json()),
        None => Err(format!(
            "a value of type {} cannot leave a script; return text, numbers, money, lists and maps",
            value.type_name()
        )),
    }
}

/// A decimal keeps its point, so that it comes back as a decimal (`4` becomes `4.0`), and loses closing zeros, which
/// depend on how it was computed: equal values have equal bytes.
fn decimal_to_json(value: Decimal) -> Json {
    let value = value.normalize();
    let text = if value.scale() == 0 { format!("{value}.0") } else { value.to_string() };
    serde_json::from_str(&text).expect("a decimal is written as a JSON number")
}

fn too_deep() -> String {
    format!("a value is nested more than {MAX_VALUE_DEPTH} levels deep")
}
