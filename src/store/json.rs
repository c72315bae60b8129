//! JSON in text columns: the same on both databases, every digit kept.

use super::error::StoreError;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The text of a value. U+0000 hides in JSON as an escape; it is refused here.
pub(super) fn text<T: Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    let text = serde_json::to_string(value)
        .map_err(|e| StoreError::Unreadable { what: "a value for the database".to_owned(), reason: e.to_string() })?;
    if holds_nul(&text) { Err(StoreError::Nul) } else { Ok(text) }
}

/// Reads a value back; `what` names the row for the error.
pub(super) fn read<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|e| StoreError::Unreadable { what: what.to_owned(), reason: e.to_string() })
}

/// Whether an escape `\u0000` stands in the text, and not an escaped backslash before `u0000`.
fn holds_nul(text: &str) -> bool {
    text.match_indices("\\u0000").any(|(at, _)| {
        let backslashes = text.as_bytes()[..at].iter().rev().take_while(|byte| **byte == b'\\').count();
        backslashes % 2 == 0
    })
}
