//! Values at paths, `maker.city`: put there one by one, and taken away where a part alone means nothing.

use crate::model::cell::CellKind;
use crate::model::json::{Json, JsonMap};

/// Puts a value at a path, opening maps on the way.
pub fn put(values: &mut JsonMap, path: &str, value: Json) {
    match path.split_once('.') {
        None => {
            values.insert(path.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = values.entry(first.to_owned()).or_insert_with(|| Json::Object(JsonMap::new()));
            if !inner.is_object() {
                *inner = Json::Object(JsonMap::new());
            }
            if let Json::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

/// A currency without an amount is no money: the amount's cell was empty.
pub fn without_amount(fields: &CellKind, values: &mut JsonMap) {
    let CellKind::Map(parts) = fields else { return };
    for (name, kind) in parts {
        match (kind, values.get_mut(name)) {
            (CellKind::Money, Some(Json::Object(money))) if money.len() == 1 && money.contains_key("currency") => {
                values.remove(name);
            }
            (CellKind::Map(_), Some(Json::Object(inner))) => without_amount(kind, inner),
            _ => {}
        }
    }
}
