//! The digest of a JSON value: SHA-256 over its canonical form (RFC 8785, JSON Canonicalization Scheme), so that equal
//! values have equal digests whoever wrote them down. Numbers that are not whole are written as texts, with their digits:
//! the scheme knows only binary floating point, in which an amount would be another amount.

use super::json::Json;
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use std::str::FromStr;

/// The largest whole number that every reader of JSON keeps: 2^53 - 1 (RFC 7493).
const EXACT_MOST: i64 = 9_007_199_254_740_991;

/// The digest, in hex.
///
/// ```
/// use kamflow::model::digest::digest;
/// use serde_json::json;
/// assert_eq!(digest(&json!({"b": 1, "a": [true, null]})), digest(&json!({"a": [true, null], "b": 1})));
/// assert_ne!(digest(&json!({"a": "1"})), digest(&json!({"a": 1})));
/// ```
pub fn digest(value: &Json) -> String {
    let mut text = String::new();
    write(value, &mut text);
    format!("{:x}", Sha256::digest(text.as_bytes()))
}

fn write(value: &Json, text: &mut String) {
    match value {
        Json::Null | Json::Bool(_) | Json::String(_) => text.push_str(&value.to_string()),
        Json::Number(number) => match number.as_i64().filter(|whole| whole.abs() <= EXACT_MOST) {
            Some(whole) => text.push_str(&whole.to_string()),
            None => text.push_str(&Json::String(exact(&number.to_string())).to_string()),
        },
        Json::Array(items) => {
            text.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                write(item, text);
            }
            text.push(']');
        }
        Json::Object(object) => {
            let mut entries: Vec<(&String, &Json)> = object.iter().collect();
            entries.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            text.push('{');
            for (position, (key, value)) in entries.into_iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                text.push_str(&Json::String(key.clone()).to_string());
                text.push(':');
                write(value, text);
            }
            text.push('}');
        }
    }
}

/// The digits of a number without closing zeros: 1.50 and 1.5 are one amount.
fn exact(written: &str) -> String {
    match Decimal::from_str(written).or_else(|_| Decimal::from_scientific(written)) {
        Ok(number) => number.normalize().to_string(),
        Err(_) => written.to_owned(),
    }
}
