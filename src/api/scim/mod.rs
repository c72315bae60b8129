//! SCIM 2.0 under `/scim/v2`: users and groups of an outside directory, in its media type, its errors and its words.
//! What is written and what is seen stands in the runtime; the meaning of bodies and filters in `model::scim`.

pub(super) mod basic;
pub(super) mod discovery;
pub(super) mod error;
pub(super) mod groups;
pub(super) mod projection;
pub(super) mod query;
pub(super) mod schemas;
pub(super) mod users;
pub(super) mod view;

use super::answer::{Answered, ApiResult};
use super::problem::Problem;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, Resource, web};
use projection::Projection;
use serde::Serialize;

/// The media type of SCIM (RFC 7644 3.1).
pub(super) const MEDIA: &str = "application/scim+json";
/// What all of its paths begin with.
pub(super) const PATHS: &str = "/scim/";

/// What SCIM knows and is not served here (RFC 7644 3.11, 3.7, 3.4.3).
const NOT_SERVED: [&str; 3] = ["/scim/v2/Me", "/scim/v2/Bulk", "/scim/v2/.search"];

/// Answers 501 where SCIM knows something that is not served here.
pub(super) fn not_served() -> impl Iterator<Item = Resource> {
    NOT_SERVED.into_iter().map(|path| {
        web::resource(path).default_service(web::to(move || async move {
            let detail = format!("{path} is not served here; /scim/v2/ServiceProviderConfig says what is");
            Err::<HttpResponse, Problem>(Problem::new(StatusCode::NOT_IMPLEMENTED, "scim_not_served", detail))
        }))
    })
}

/// 200 with a user or group as it is asked for, and the tag of its version.
fn shown(version: i64, view: impl Serialize, projection: &Projection) -> ApiResult {
    let tag = (header::ETAG, super::etag::of(version));
    Ok(HttpResponse::Ok().insert_header(tag).content_type(MEDIA).json(projection.of(view)))
}

/// The same after a change; a new one says where it is.
fn written(
    answered: Answered,
    status: StatusCode,
    (location, version): (String, i64),
    view: impl Serialize,
    projection: &Projection,
) -> ApiResult {
    let mut response = answered.begin(status, Some(version));
    if status == StatusCode::CREATED {
        response.insert_header((header::LOCATION, location));
    }
    Ok(response.content_type(MEDIA).json(projection.of(view)))
}

/// 204 after a change.
fn silent(answered: Answered) -> ApiResult {
    Ok(answered.begin(StatusCode::NO_CONTENT, None).finish())
}
