//! Problems in the words of SCIM (RFC 7644 3.12).

use super::MEDIA;
use crate::api::problem::Problem;
use crate::model::text::Language;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// Why a request was not carried out.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ScimError, example = json!({
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "409", "scimType": "uniqueness",
    "detail": "there is already a user \"li.na\""
}))]
pub(in crate::api) struct ErrorView {
    /// The schema of errors.
    schemas: [&'static str; 1],
    /// The HTTP status, as a text.
    status: String,
    /// What kind of problem it is; not there when SCIM has no word for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    scim_type: Option<&'static str>,
    /// A sentence that a person can act on, in the language of the request.
    detail: String,
}

/// The answer to a request that was not carried out.
pub(in crate::api) fn write(problem: &Problem, language: Language, trace: &str) -> HttpResponse {
    let body = problem.body(language, trace);
    let places: Vec<&str> = body.errors.iter().map(|place| place.detail.as_str()).collect();
    // SCIM knows no 422: what makes no sense is a bad request with a word of its own.
    let status = match problem.status {
        StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
        status => status,
    };
    let view = ErrorView {
        schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
        status: status.as_str().to_owned(),
        scim_type: scim_type(&problem.code),
        detail: if places.is_empty() { body.detail } else { places.join("; ") },
    };
    HttpResponse::build(status).content_type(MEDIA).json(view)
}

/// The word of SCIM for a code of ours.
fn scim_type(code: &str) -> Option<&'static str> {
    Some(match code {
        "scim_filter" => "invalidFilter",
        "scim_path" => "invalidPath",
        "scim_target" => "noTarget",
        "scim_mutability" => "mutability",
        "scim_uniqueness" | "id_taken" => "uniqueness",
        "scim_value" | "wrong_id" | "nul_character" => "invalidValue",
        "scim_syntax" | "malformed_json" | "invalid_body" | "duplicate_key" | "reserved_key" | "too_deep" => {
            "invalidSyntax"
        }
        _ => return None,
    })
}
