//! The shape of a record: every field known, of its kind, within its limits. All wrong places at once.

use crate::model::field::{Field, FieldKind};
use crate::model::json::{Json, JsonMap};
use crate::model::money::Money;
use crate::model::nearest::hint;
use crate::model::refusal::FieldError;
use crate::model::time::Timestamp;
use rust_decimal::Decimal;

/// Characters of a long text at most.
const TEXT_MOST: usize = 100_000;
/// Items of a list field at most.
const LIST_MOST: usize = 1_000;

/// Checks given fields against their declarations. Null stands for "no value" and is dropped; values come back in
/// their one written form (money with all its digits, decimals as numbers).
pub fn check(fields: &[Field], given: &JsonMap, at: &str) -> Result<JsonMap, Vec<FieldError>> {
    let (mut kept, mut errors) = (JsonMap::new(), Vec::new());
    for (name, value) in given {
        let pointer = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        match fields.iter().find(|field| field.name == *name) {
            None => errors.push(unknown(fields, name, pointer)),
            Some(_) if value.is_null() => {}
            Some(field) => match of_kind(&field.kind, value, &pointer) {
                Ok(value) => {
                    kept.insert(name.clone(), value);
                }
                Err(wrong) => errors.extend(wrong),
            },
        }
    }
    if errors.is_empty() { Ok(kept) } else { Err(errors) }
}

/// Required fields that have no value.
pub fn missing(fields: &[Field], values: &JsonMap, at: &str) -> Vec<FieldError> {
    let lacking = fields.iter().filter(|field| field.required && !values.contains_key(&field.name));
    lacking
        .map(|field| FieldError {
            pointer: format!("{at}/{}", field.name),
            code: "required".into(),
            detail: format!("\"{}\" is required", field.name),
        })
        .collect()
}

fn unknown(fields: &[Field], name: &str, pointer: String) -> FieldError {
    let hint = hint(name, fields.iter().map(|field| field.name.as_str()));
    FieldError { pointer, code: "unknown_field".into(), detail: format!("there is no field \"{name}\"{hint}") }
}

/// A value of a kind in its one written form, or every wrong place.
pub(super) fn of_kind(kind: &FieldKind, value: &Json, pointer: &str) -> Result<Json, Vec<FieldError>> {
    let wrong = |detail: String| vec![FieldError { pointer: pointer.to_owned(), code: "wrong_value".into(), detail }];
    let text = |most: usize| match value.as_str() {
        None => Err(wrong(format!("expected text, found {}", found(value)))),
        Some(text) if text.contains('\0') => Err(wrong("the character U+0000 cannot be kept".into())),
        Some(text) if text.chars().count() > most => {
            Err(wrong(format!("{} characters; at most {most} are kept", text.chars().count())))
        }
        Some(text) => Ok(Json::from(text)),
    };
    match kind {
        FieldKind::String { max } => text(*max),
        FieldKind::Text => text(TEXT_MOST),
        FieldKind::User | FieldKind::OrgUnit | FieldKind::Ref(_) | FieldKind::File(_) => text(200),
        FieldKind::Int => value
            .as_i64()
            .map(Json::from)
            .ok_or_else(|| wrong(format!("expected a whole number, found {}", found(value)))),
        FieldKind::Decimal | FieldKind::Percent => decimal(value).map_err(wrong),
        FieldKind::Money => match Money::from_json(value) {
            Some(Ok(money)) => Ok(money.to_json()),
            Some(Err(sentence)) => Err(wrong(sentence)),
            None => Err(wrong("expected {\"amount\": \"1234.50\", \"currency\": \"CNY\"}".into())),
        },
        FieldKind::Bool => value
            .as_bool()
            .map(Json::from)
            .ok_or_else(|| wrong(format!("expected true or false, found {}", found(value)))),
        FieldKind::Date => match value.as_str().and_then(|text| text.parse::<jiff::civil::Date>().ok()) {
            Some(date) => Ok(Json::from(date.to_string())),
            None => Err(wrong(format!("expected a date such as 2026-01-31, found {}", found(value)))),
        },
        FieldKind::Datetime => match value.as_str().and_then(Timestamp::parse) {
            Some(at) => Ok(Json::from(at.rfc3339())),
            None => Err(wrong(format!("expected an instant such as 2026-01-31T08:00:00Z, found {}", found(value)))),
        },
        FieldKind::Enum(values) => match value.as_str().filter(|text| values.iter().any(|known| known == text)) {
            Some(text) => Ok(Json::from(text)),
            None => Err(wrong(format!("expected one of {}, found {}", values.join(", "), found(value)))),
        },
        FieldKind::Stage(stages) => match value.as_str().filter(|code| stages.position(code).is_some()) {
            Some(code) => Ok(Json::from(code)),
            None => {
                let codes = stages.codes().collect::<Vec<_>>().join(", ");
                Err(wrong(format!("expected a stage of \"{}\": {codes}; found {}", stages.name, found(value))))
            }
        },
        FieldKind::List(of) => list(of, value, pointer, wrong),
        FieldKind::Map(fields) => match value.as_object() {
            Some(object) => {
                let kept = check(fields, object, pointer)?;
                let missing = missing(fields, &kept, pointer);
                if missing.is_empty() { Ok(Json::Object(kept)) } else { Err(missing) }
            }
            None => Err(wrong(format!("expected an object, found {}", found(value)))),
        },
        FieldKind::Json => Ok(value.clone()),
    }
}

fn list(
    of: &FieldKind,
    value: &Json,
    pointer: &str,
    wrong: impl Fn(String) -> Vec<FieldError>,
) -> Result<Json, Vec<FieldError>> {
    let Some(items) = value.as_array() else { return Err(wrong(format!("expected a list, found {}", found(value)))) };
    if items.len() > LIST_MOST {
        return Err(wrong(format!("{} items; at most {LIST_MOST} are kept", items.len())));
    }
    let (mut kept, mut errors) = (Vec::new(), Vec::new());
    for (index, item) in items.iter().enumerate() {
        match of_kind(of, item, &format!("{pointer}/{index}")) {
            Ok(item) => kept.push(item),
            Err(wrong) => errors.extend(wrong),
        }
    }
    if errors.is_empty() { Ok(Json::Array(kept)) } else { Err(errors) }
}

/// An exact decimal from a JSON number or decimal text, as a JSON number.
fn decimal(value: &Json) -> Result<Json, String> {
    let text = match value {
        Json::Number(number) => number.to_string(),
        Json::String(text) => text.clone(),
        other => return Err(format!("expected a decimal number, found {}", found(other))),
    };
    let exact = Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text));
    let exact = exact.map_err(|_| format!("\"{text}\" is not a decimal of at most 28 digits"))?;
    serde_json::from_str(&exact.to_string()).map_err(|error| error.to_string())
}

/// What was found, in a few words.
fn found(value: &Json) -> String {
    match value {
        Json::Null => "null".into(),
        Json::Bool(value) => value.to_string(),
        Json::Number(number) => format!("the number {number}"),
        Json::String(text) if text.chars().count() > 60 => {
            format!("the text \"{}…\"", text.chars().take(60).collect::<String>())
        }
        Json::String(text) => format!("the text \"{text}\""),
        Json::Array(_) => "a list".into(),
        Json::Object(_) => "an object".into(),
    }
}
