//! Writes problems as `application/problem+json`, in the language of the request and with its trace id, and adds the
//! headers that every answer has.

use super::problem::Problem;
use super::trace::TraceId;
use super::{headers, language, scim};
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse};

/// Renders the answer to a request.
pub(super) async fn render(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse<BoxBody>, Error> {
    let mut answer = next.call(request).await?;
    let problem = answer.response_mut().extensions_mut().remove::<Problem>();
    let mut answer = match problem {
        Some(problem) => {
            let response = write(&problem, &answer);
            answer.into_response(response)
        }
        None => answer,
    };
    headers::add(&mut answer);
    Ok(answer)
}

fn write(problem: &Problem, answer: &ServiceResponse<BoxBody>) -> HttpResponse {
    let language = language::of(answer.request().headers());
    let trace = answer.request().extensions().get::<TraceId>().cloned();
    let trace = trace.map(|trace| trace.0).unwrap_or_default();
    let mut response = match answer.request().path().starts_with(scim::PATHS) {
        true => scim::error::write(problem, language, &trace),
        false => {
            let media = "application/problem+json";
            HttpResponse::build(problem.status).content_type(media).json(problem.body(language, &trace))
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language::tag(language)));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language"));
    for (name, value) in &problem.headers {
        headers.insert(name.clone(), value.clone());
    }
    response
}
