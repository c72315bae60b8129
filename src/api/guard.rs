//! Keeps the head of a request within its limits before anybody works for it.

use super::limits::Limits;
use super::problem::Problem;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError};

/// Lets a request through, or answers that its head is too large.
pub(super) async fn guard(
    limits: Limits,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match check(&limits, &request) {
        Ok(()) => next.call(request).await,
        Err(problem) => Ok(request.into_response(problem.error_response())),
    }
}

fn check(limits: &Limits, request: &ServiceRequest) -> Result<(), Problem> {
    let uri = request.uri().path_and_query().map_or(0, |text| text.as_str().len());
    if uri > limits.uri {
        let detail = format!("path and query have more than {} bytes; use the search of the list", limits.uri);
        return Err(Problem::new(StatusCode::URI_TOO_LONG, "uri_too_long", detail));
    }
    let headers: usize = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if headers > limits.headers {
        let detail = format!("the headers have more than {} bytes together", limits.headers);
        return Err(Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "headers_too_large", detail));
    }
    Ok(())
}
