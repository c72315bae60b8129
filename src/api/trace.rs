//! The trace id of a request: the caller's, from a valid W3C `traceparent`, or a new one. It stands in the answer, in
//! problems and in the log.

use actix_web::http::header::{HeaderMap, HeaderName};

/// The header of every answer that names its trace.
pub(super) const HEADER: HeaderName = HeaderName::from_static("trace-id");

/// A trace id: 32 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TraceId(pub String);

impl TraceId {
    /// The trace id of a request with these headers.
    pub(super) fn of(headers: &HeaderMap) -> TraceId {
        let sent = headers.get("traceparent").and_then(|value| value.to_str().ok()).and_then(parse);
        TraceId(sent.unwrap_or_else(|| uuid::Uuid::now_v7().simple().to_string()))
    }
}

/// The trace id of `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`.
fn parse(traceparent: &str) -> Option<String> {
    let mut parts = traceparent.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let zero = |text: &str| text.bytes().all(|byte| byte == b'0');
    let shape = hex(version, 2) && version != "ff" && hex(trace, 32) && hex(span, 16) && hex(flags, 2);
    let whole = version != "00" || parts.next().is_none();
    (shape && whole && !zero(trace) && !zero(span)).then(|| trace.to_owned())
}
