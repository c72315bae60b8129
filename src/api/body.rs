//! The bytes of a request body: bounded, and as they were sent.

use super::problem::Problem;
use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Bytes};
use actix_web::{FromRequest, HttpRequest};

/// Reads all of the body, at most `most` bytes.
pub(super) async fn read(request: &HttpRequest, mut payload: Payload, most: usize) -> Result<Bytes, Problem> {
    announced(request, most)?;
    let payload = web::Payload::from_request(request, &mut payload).await.map_err(broken)?;
    payload.to_bytes_limited(most).await.map_err(|_| too_large(most))?.map_err(broken)
}

/// Refuses a body that is announced as too large, or packed.
pub(super) fn announced(request: &HttpRequest, most: usize) -> Result<(), Problem> {
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if announced.and_then(|length| length.parse::<usize>().ok()).is_some_and(|length| length > most) {
        return Err(too_large(most));
    }
    if request.headers().get(header::CONTENT_ENCODING).is_some_and(|value| value != "identity") {
        return Err(unsupported("send the body without Content-Encoding"));
    }
    Ok(())
}

/// A body that did not come to its end.
pub(super) fn broken(error: impl std::fmt::Display) -> Problem {
    Problem::malformed("broken_body", format!("the body broke off: {error}"))
}

pub(super) fn too_large(most: usize) -> Problem {
    let detail = format!("the body has more than {most} bytes, the most that is taken here");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
}

/// 415 with what to do instead.
pub(super) fn unsupported(detail: &str) -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", detail)
}
