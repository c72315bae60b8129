//! Cursors of searches over records: the place of the last record, and of which search, as opaque text.

use super::filter;
use crate::model::ids::RecordId;
use crate::model::page::Search;
use crate::model::refusal::Refusal;
use crate::store::records::{After, Value};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// The cursor of the page behind this place.
pub fn text(record_type: &str, search: &Search, after: &After) -> String {
    let key: Vec<serde_json::Value> = after
        .key
        .iter()
        .map(|value| match value {
            Value::Number(number) => (*number).into(),
            Value::Text(text) => text.as_str().into(),
        })
        .collect();
    let place = serde_json::json!([mark(record_type, search), after.id, key]);
    URL_SAFE_NO_PAD.encode(place.to_string())
}

/// The place that the cursor of a search names.
pub fn read(record_type: &str, search: &Search) -> Result<Option<After>, Refusal> {
    let Some(cursor) = &search.cursor else { return Ok(None) };
    let place = || -> Option<(String, String, Vec<serde_json::Value>)> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()
    };
    let wrong = |sentence: String| filter::at("/page/cursor", Refusal::invalid("wrong_cursor", sentence));
    let Some((mark_of_cursor, id, key)) = place() else {
        return Err(wrong(format!("\"{cursor}\" is not a cursor; use the one that the page before gave")));
    };
    if mark_of_cursor != mark(record_type, search) {
        let sentence = "the cursor is of another search; begin without one when filter or order change";
        return Err(wrong(sentence.to_owned()));
    }
    let value = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => Some(Value::Text(text)),
        other => other.as_i64().map(Value::Number),
    };
    let key: Option<Vec<Value>> = key.into_iter().map(value).collect();
    Ok(Some(After { key: key.unwrap_or_default(), id: RecordId(id) }))
}

/// Tells searches apart: by type, filter and order. Two pages of one search may differ in size.
fn mark(record_type: &str, search: &Search) -> String {
    let digest = Sha256::digest(format!("{record_type} {:?} {:?}", search.filter, search.sort));
    digest.iter().take(6).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}
