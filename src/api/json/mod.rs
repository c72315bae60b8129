//! JSON bodies, read strictly: the text without traps (`model::strict`), then the shape of a type (`fit`). Numbers keep
//! every digit on the way.

mod fit;

use super::problem::Problem;
use crate::model::json::Json;
use crate::model::strict::{self, Trap};
use actix_web::http::StatusCode;
use serde::de::DeserializeOwned;

pub(super) use crate::model::json::step;
pub(super) use fit::fit;

/// Reads a body into a type. An empty body is an empty object, for verbs that need nothing more.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let body = if body.is_empty() { b"{}" } else { body };
    match parse(body)? {
        value @ Json::Object(_) => fit(value),
        // serde would read a list as the fields of a struct in their order.
        _ => Err(Problem::malformed("invalid_body", "the body must be an object").at("")),
    }
}

/// Reads the text.
fn parse(body: &[u8]) -> Result<Json, Problem> {
    let text = std::str::from_utf8(body)
        .map_err(|error| malformed(format!("the body is not UTF-8 after byte {}", error.valid_up_to())))?;
    strict::check(text).map_err(trapped)?;
    serde_json::from_str(text).map_err(|error| malformed(format!("the body is not JSON: {error}")))
}

fn malformed(detail: String) -> Problem {
    Problem::malformed("malformed_json", detail)
}

/// What cannot be stored was understood all the same; every other trap is a fault of the form.
fn trapped(trap: Trap) -> Problem {
    let status = match trap.code {
        "nul_character" => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::BAD_REQUEST,
    };
    let problem = Problem::new(status, trap.code, trap.detail);
    match trap.pointer {
        Some(pointer) => problem.at(pointer),
        None => problem,
    }
}
