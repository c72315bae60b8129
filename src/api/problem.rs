//! A problem (RFC 9457): why a request was not carried out. Handlers return it; `render` writes it in the language and
//! with the trace id of the request, which an error value does not know.

use super::catalogue;
use super::view::impact::{ImpactView, impact};
use crate::model::json::Json;
use crate::model::refusal::{FieldError, More};
use crate::model::text::Language;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use std::fmt;
use utoipa::ToSchema;

/// A request that was not carried out. Texts are English here; `translate` knows their Chinese.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    /// The HTTP status.
    pub status: StatusCode,
    /// A stable word for programs.
    pub code: String,
    /// A sentence that a person can act on.
    pub detail: String,
    /// Where in the request, and why there.
    pub errors: Vec<FieldError>,
    /// The present state, for a conflict.
    pub present: Option<Box<Json>>,
    /// What a revision would do to records; sentences of the definitions, which `translate` cannot know.
    pub more: Option<Box<More>>,
    /// Whether it speaks RFC 6749 too: from the token endpoint.
    pub oauth: bool,
    /// Headers that belong to it: `Retry-After`, `Allow`, `WWW-Authenticate`.
    pub headers: Box<[(HeaderName, HeaderValue)]>,
}

/// The body of an `application/problem+json` answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem, example = json!({
    "type": "/problems/task_already_claimed", "title": "The task is already claimed", "status": 409,
    "code": "task_already_claimed", "detail": "task 0199-ab.7 is already claimed by bob; bob can give it back",
    "errors": [], "retryable": false, "traceId": "4bf92f3577b34da6a3ce929d0e0e4736"
}))]
pub(super) struct ProblemBody<'a> {
    /// Names the kind of problem; the same word as `code`.
    pub r#type: String,
    /// What kind of problem it is, in the language of the request.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A stable word for programs.
    pub code: &'a str,
    /// A sentence that a person can act on.
    pub detail: String,
    /// Where in the request, and why there.
    pub errors: Vec<PlaceView>,
    /// Whether the same request can succeed later without a change.
    pub retryable: bool,
    /// Finds the request in the log.
    pub trace_id: &'a str,
    /// The present state, for a conflict.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub present: Option<&'a Json>,
    /// What the revision would break or do to the records that are there; for a refused deployment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impacts: Option<Vec<ImpactView>>,
    /// The error word of RFC 6749; only from the token endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<&'a str>,
    /// The same as `detail`, under the name of RFC 6749; only from the token endpoint.
    #[serde(rename = "error_description", skip_serializing_if = "Option::is_none")]
    pub error_description: Option<String>,
}

/// One wrong place in a request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FieldProblem)]
pub(super) struct PlaceView {
    /// JSON pointer (RFC 6901) into the body; `?name` for a query parameter.
    pub pointer: String,
    /// A stable word.
    pub code: String,
    /// A sentence.
    pub detail: String,
}

impl Problem {
    pub(super) fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Problem {
        Problem {
            status,
            code: code.to_owned(),
            detail: detail.into(),
            errors: Vec::new(),
            present: None,
            more: None,
            oauth: false,
            headers: Box::default(),
        }
    }

    /// A request whose form is wrong: 400.
    pub(super) fn malformed(code: &str, detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// The same problem at one place of the request.
    pub(super) fn at(self, pointer: impl Into<String>) -> Problem {
        let error = FieldError { pointer: pointer.into(), code: self.code.clone(), detail: self.detail.clone() };
        Problem { errors: vec![error], ..self }
    }

    /// The same problem with a header. A value that HTTP does not allow is left out.
    pub(super) fn with_header(mut self, name: HeaderName, value: impl AsRef<str>) -> Problem {
        if let Ok(value) = HeaderValue::from_str(value.as_ref()) {
            self.headers = [Vec::from(self.headers), vec![(name, value)]].concat().into();
        }
        self
    }

    /// The body, in a language.
    pub(super) fn body<'a>(&'a self, language: Language, trace_id: &'a str) -> ProblemBody<'a> {
        let say = |sentence: &str| match self.more.iter().flat_map(|more| &more.texts).find(|text| text.en == sentence)
        {
            Some(text) => text.get(language).to_owned(),
            None => catalogue::say(sentence, language),
        };
        let errors = self.errors.iter().map(|error| PlaceView {
            pointer: error.pointer.clone(),
            code: error.code.clone(),
            detail: say(&error.detail),
        });
        ProblemBody {
            r#type: format!("/problems/{}", self.code),
            title: catalogue::title(&self.code, self.status).get(language).to_owned(),
            status: self.status.as_u16(),
            code: &self.code,
            detail: say(&self.detail),
            errors: errors.collect(),
            retryable: self.retryable(),
            trace_id,
            present: self.present.as_deref(),
            impacts: self.impacts(),
            error: self.oauth.then(|| self.oauth_error()),
            error_description: self.oauth.then(|| say(&self.detail)),
        }
    }

    /// RFC 6749 has few words for many reasons.
    fn oauth_error(&self) -> &str {
        let words =
            ["invalid_grant", "invalid_client", "invalid_scope", "unauthorized_client", "unsupported_grant_type"];
        if words.contains(&self.code.as_str()) { &self.code } else { "invalid_request" }
    }

    fn impacts(&self) -> Option<Vec<ImpactView>> {
        let report = self.more.as_ref().and_then(|more| more.report.clone())?;
        Some(report.impacts.into_iter().map(impact).collect())
    }

    fn retryable(&self) -> bool {
        let later = [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE].contains(&self.status);
        let unknown = ["timed_out_change", "connection_lost", "not_durable"].contains(&self.code.as_str());
        later && !unknown || self.code == "idempotency_key_running"
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::new(self.status);
        answer.extensions_mut().insert(self.clone());
        answer
    }
}
