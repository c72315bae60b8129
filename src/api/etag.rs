//! Versions over HTTP: `ETag: "7"` out, `If-Match: "7"` in. Whether the version is still the present one is decided
//! where the change is made.

use super::problem::Problem;
use actix_web::http::header::{self, HeaderMap};

/// The entity tag of a version.
pub(super) fn of(version: i64) -> String {
    format!("\"{version}\"")
}

/// The version that the caller saw; none when it did not say, or said `*`.
pub(super) fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let mut values = headers.get_all(header::IF_MATCH);
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" && values.next().is_none() {
        return Ok(None);
    }
    let version = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).filter(|_| values.next().is_none());
    let digits = version.filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    match digits.and_then(|digits| digits.parse().ok()) {
        Some(version) => Ok(Some(version)),
        None => Err(Problem::malformed(
            "invalid_if_match",
            "If-Match takes one entity tag as an ETag header gave it, such as \"7\" with its quotes",
        )),
    }
}
