//! Headers of every answer: nothing is guessed, framed, cached or sent on. There is no CORS header, so browsers let no
//! other origin read an answer.

use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderName, HeaderValue};

/// What an answer of the API may load: nothing.
const API: &str = "default-src 'none'; frame-ancestors 'none'";
/// What the page of the documentation may load: its own files. Swagger UI sets styles in place.
const DOCS: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                    font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Adds them, where the handler said nothing else.
pub(super) fn add(answer: &mut ServiceResponse<BoxBody>) {
    let docs = answer.request().path().starts_with("/docs");
    let standing = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CONTENT_SECURITY_POLICY, if docs { DOCS } else { API }),
        (header::CACHE_CONTROL, if docs { "no-cache" } else { "no-store" }),
    ];
    for (name, value) in standing {
        set(answer, name, value);
    }
}

fn set(answer: &mut ServiceResponse<BoxBody>, name: HeaderName, value: &'static str) {
    if !answer.headers().contains_key(&name) {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
}
