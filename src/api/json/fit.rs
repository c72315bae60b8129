//! JSON into a type: what does not fit is told with its pointer, in words for the sender instead of the words of serde.

use super::super::nearest;
use super::super::problem::Problem;
use super::step;
use crate::model::json::Json;
use crate::model::refusal::FieldError;
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

/// Reads the value as this type.
pub(in crate::api) fn fit<T: DeserializeOwned>(value: Json) -> Result<T, Problem> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let said = error.inner().to_string();
        let place = place(pointer(error.path()), &said);
        let problem = Problem::malformed("invalid_body", "the body does not fit; see errors");
        Problem { errors: vec![place], ..problem }
    })
}

fn pointer(path: &Path) -> String {
    let steps = path.iter().map(|segment| match segment {
        Segment::Map { key } => step(key),
        Segment::Seq { index } => step(&index.to_string()),
        Segment::Enum { variant } => step(variant),
        Segment::Unknown => String::new(),
    });
    steps.collect()
}

/// serde tells of an unknown or missing field at its object or at the field itself; we always point at the field.
fn place(pointer: String, said: &str) -> FieldError {
    let quoted: Vec<&str> = said.split('`').skip(1).step_by(2).collect();
    let at = |name: &str| {
        let step = step(name);
        if pointer.ends_with(&step) { pointer.clone() } else { format!("{pointer}{step}") }
    };
    let error = |pointer: String, code: &str, detail: String| FieldError { pointer, code: code.to_owned(), detail };
    match quoted.as_slice() {
        [name, known @ ..] if said.starts_with("unknown field") => {
            error(at(name), "unknown_field", nearest::unknown("the field", name, known))
        }
        [name, known @ ..] if said.starts_with("unknown variant") => {
            error(pointer.clone(), "unknown_value", nearest::unknown("the value", name, known))
        }
        [name, ..] if said.starts_with("missing field") => {
            error(at(name), "missing", format!("the field \"{name}\" is missing"))
        }
        _ => error(pointer.clone(), "wrong_type", wrong_type(said)),
    }
}

/// `invalid type: string "x", expected i64` as "this takes a whole number".
fn wrong_type(said: &str) -> String {
    let expected = said.rsplit_once("expected ").map_or(said, |(_, expected)| expected);
    let takes = match expected {
        "a string" => "a text",
        "a boolean" => "true or false",
        "a map" => "an object",
        "a sequence" => "a list",
        "i64" | "u64" | "usize" | "u32" | "i32" => "a whole number",
        other if other.starts_with("struct") => "an object",
        _ => return format!("this does not fit: {said}"),
    };
    format!("this takes {takes}")
}
