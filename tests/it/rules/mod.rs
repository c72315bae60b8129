//! What a record type declares of its records is kept on every path and on both databases.

mod checks;
mod closed;
mod cycles;
mod deletion;
mod deletion_limits;
mod hierarchy;
mod model;
mod numbers;
mod page;
mod past;
mod random;
mod strings;
mod unique;

use crate::support::app::{Answer, CHINESE, Caller, JSON};
use kamflow::model::json::Json;
use serde_json::json;

/// Creates a record.
pub fn create(by: &Caller, record_type: &str, fields: Json) -> Answer {
    by.post(&format!("/api/v1/records/{record_type}"), json!({ "fields": fields }))
}

/// The path of a record that is created well.
pub fn made(by: &Caller, record_type: &str, fields: Json) -> String {
    let answer = create(by, record_type, fields);
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.header("location").to_owned()
}

/// The id at the end of a path.
pub fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

/// Changes a record.
pub fn patch(by: &Caller, path: &str, fields: Json) -> Answer {
    by.send("PATCH", path, &[JSON], &json!({ "fields": fields }).to_string())
}

/// Changes a record and says why.
pub fn patch_because(by: &Caller, path: &str, fields: Json, reason: &str) -> Answer {
    by.send("PATCH", path, &[JSON], &json!({ "fields": fields, "reason": reason }).to_string())
}

/// Deletes a record.
pub fn delete(by: &Caller, path: &str) -> Answer {
    by.send("DELETE", path, &[], "")
}

/// The wrong places of a problem: pointer, code, sentence.
pub fn places(problem: &Json) -> Vec<(String, String, String)> {
    let text = |error: &Json, key: &str| error[key].as_str().unwrap().to_owned();
    let errors = problem["errors"].as_array().unwrap().iter();
    errors.map(|error| (text(error, "pointer"), text(error, "code"), text(error, "detail"))).collect()
}

/// The same request of somebody who reads Chinese.
pub fn in_chinese(by: &Caller, method: &str, path: &str, body: Json) -> Json {
    by.send(method, path, &[JSON, CHINESE], &body.to_string()).json()
}
