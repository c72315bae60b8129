//! Values that a case may write in more than one way.

use kamflow::model::json::Json;
use serde::{Deserialize, Deserializer};

/// One, or a list of them.
#[derive(Debug, Clone)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<'de, T: for<'t> Deserialize<'t>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let items = match Json::deserialize(from)? {
            Json::Array(items) => items,
            one => vec![one],
        };
        let read = items.into_iter().map(|item| serde_json::from_value(item).map_err(serde::de::Error::custom));
        read.collect::<Result<_, _>>().map(OneOrMany)
    }
}

/// Text that may be written as a number or as true or false.
#[derive(Debug, Clone, PartialEq)]
pub struct Text(pub String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match Json::deserialize(from)? {
            Json::String(text) => Ok(Text(text)),
            other @ (Json::Number(_) | Json::Bool(_)) => Ok(Text(other.to_string())),
            other => Err(serde::de::Error::custom(format!("{other} is no expression"))),
        }
    }
}
