//! JSON as kamflow carries it: numbers keep every digit, object keys are sorted.

/// Any JSON value. Numbers are kept as they were written (no binary floating point).
pub type Json = serde_json::Value;

/// A JSON object: process variables, the fields of a record.
pub type JsonMap = serde_json::Map<String, Json>;

/// One step of a JSON pointer (RFC 6901).
pub fn step(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}
