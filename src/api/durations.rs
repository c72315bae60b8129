//! Durations in bodies: ISO 8601 text such as PT30S.

use crate::model::refusal::{FieldError, Refusal};
use crate::model::time::{Duration, Timestamp};

/// Reads the duration of a field that lasts from so many to so many milliseconds.
pub(super) fn between(text: &str, field: &str, (least, most): (i64, i64)) -> Result<Duration, Refusal> {
    let wrong = |detail: String| {
        let error = FieldError { pointer: format!("/{field}"), code: "wrong_value".into(), detail: detail.clone() };
        Refusal::invalid("wrong_value", detail).with_errors(vec![error])
    };
    let read: Duration = text.parse().map_err(|_| wrong(format!("\"{text}\" is not a duration such as PT30S")))?;
    if (least..=most).contains(&milliseconds(&read)) {
        return Ok(read);
    }
    Err(wrong(format!("\"{text}\" is not between {} and {} seconds", least / 1_000, most / 1_000)))
}

/// How many milliseconds a duration is long.
pub(super) fn milliseconds(duration: &Duration) -> i64 {
    duration.milliseconds(Timestamp(0))
}
