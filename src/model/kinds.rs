//! What kinds of JSON are called in sentences. In a file that a person writes an object is `a map of keys`, over HTTP `an
//! object`: the caller says which.

use super::json::Json;
use jsonschema::JsonType;
use jsonschema::error::TypeKind;

/// Characters of a text that are shown.
const SHOWN: usize = 40;

/// What types are called; one of several is `text or nothing`.
pub fn expected(kind: &TypeKind, object: &str) -> String {
    let word = |kind: JsonType| match kind {
        JsonType::String => "text",
        JsonType::Integer => "a whole number",
        JsonType::Number => "a number",
        JsonType::Boolean => "true or false",
        JsonType::Array => "a list",
        JsonType::Object => object,
        JsonType::Null => "nothing",
    };
    match kind {
        TypeKind::Single(kind) => word(*kind).to_owned(),
        TypeKind::Multiple(kinds) => kinds.iter().map(word).collect::<Vec<_>>().join(" or "),
    }
}

/// What is there; a long text only in its beginning.
pub fn found(value: &Json, object: &str) -> String {
    match value {
        Json::Null => "nothing".to_owned(),
        Json::Bool(truth) => truth.to_string(),
        Json::Number(number) => format!("the number {number}"),
        Json::String(text) if text.chars().count() > SHOWN => {
            format!("the text \"{}…\"", text.chars().take(SHOWN).collect::<String>())
        }
        Json::String(text) => format!("the text \"{text}\""),
        Json::Array(_) => "a list".to_owned(),
        Json::Object(_) => object.to_owned(),
    }
}
