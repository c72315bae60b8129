//! Around every request: its trace id, its span, one line in the log and two metrics when it is answered. Never the
//! token, the body or a query, which may hold names.

use super::trace::{HEADER, TraceId};
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderValue;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use std::time::Instant;
use tracing::{Instrument, info, info_span};

/// Follows a request from its head to its answer.
pub(super) async fn observe(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = Instant::now();
    let trace = TraceId::of(request.headers());
    let method = request.method().as_str().to_owned();
    let route = request.match_pattern().unwrap_or_else(|| "none".to_owned());
    request.extensions_mut().insert(trace.clone());
    let span = info_span!("request", trace = %trace.0, %method, %route);
    let mut answer = next.call(request).instrument(span.clone()).await?;
    if let Ok(value) = HeaderValue::from_str(&trace.0) {
        answer.headers_mut().insert(HEADER, value);
    }
    let (status, took) = (answer.status().as_u16(), began.elapsed());
    span.in_scope(|| info!(status, milliseconds = took.as_millis(), "answered"));
    let labels = [("method", known(&method)), ("route", route), ("status", status.to_string())];
    metrics::counter!("kamflow_http_requests_total", &labels).increment(1);
    metrics::histogram!("kamflow_http_request_duration_seconds", &labels).record(took);
    Ok(answer)
}

/// A label must not be what strangers invent.
fn known(method: &str) -> String {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    if known.contains(&method) { method.to_owned() } else { "other".to_owned() }
}
