//! Instants in bodies: RFC 3339 text.

use crate::model::refusal::{FieldError, Refusal};
use crate::model::time::Timestamp;
use crate::model::window::Window;

/// Reads the instant of a field.
pub(super) fn read(text: &str, field: &str) -> Result<Timestamp, Refusal> {
    Timestamp::parse(text).ok_or_else(|| {
        let detail = format!("\"{text}\" is not an instant such as 2026-01-31T08:00:00Z");
        let error = FieldError { pointer: format!("/{field}"), code: "wrong_value".into(), detail: detail.clone() };
        Refusal::invalid("wrong_value", detail).with_errors(vec![error])
    })
}

/// Reads the time between the instants of two fields; none: no bound on that side.
pub(super) fn between(from: (Option<&String>, &str), to: (Option<&String>, &str)) -> Result<Window, Refusal> {
    let bound = |(text, field): (Option<&String>, &str)| text.map(|text| read(text, field)).transpose();
    Ok(Window::between(bound(from)?, bound(to)?))
}
