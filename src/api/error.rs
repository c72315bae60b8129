//! From refusals of the floors below to problems: the HTTP status of a refusal is decided here and nowhere else.

use super::problem::Problem;
use crate::model::refusal::{Refusal, RefusalKind};
use crate::runtime::identity::Unauthenticated;
use actix_web::http::{StatusCode, header};

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        let status = match refusal.kind {
            RefusalKind::Forbidden => StatusCode::FORBIDDEN,
            RefusalKind::NotFound => StatusCode::NOT_FOUND,
            RefusalKind::Conflict => StatusCode::CONFLICT,
            RefusalKind::Stale => StatusCode::PRECONDITION_FAILED,
            RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            RefusalKind::Busy => StatusCode::SERVICE_UNAVAILABLE,
            RefusalKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let problem = match refusal.kind {
            RefusalKind::Internal => internal(&refusal.detail),
            _ => Problem::new(status, &refusal.code, refusal.detail),
        };
        let present = refusal.present.map(Box::new);
        let problem = Problem { errors: refusal.errors, present, more: refusal.more, ..problem };
        match refusal.kind {
            RefusalKind::Busy => problem.with_header(header::RETRY_AFTER, "1"),
            _ => problem,
        }
    }
}

/// What went wrong inside is for the log, not for strangers: it may name tables, paths or data.
pub(super) fn internal(reason: &str) -> Problem {
    tracing::error!(reason, "a request failed inside");
    let detail = "the request could not be carried out; nothing was changed; the log tells more under this trace id";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
}

impl From<Unauthenticated> for Problem {
    fn from(refused: Unauthenticated) -> Problem {
        if let Some(code) = refused.later {
            return Refusal::new(RefusalKind::Busy, code, refused.reason).into();
        }
        unauthenticated(&refused.reason, Some("invalid_token"))
    }
}

/// 401 with the challenge of RFC 6750; a request without any token gets no error word in it.
pub(super) fn unauthenticated(reason: &str, error: Option<&str>) -> Problem {
    let challenge = match error {
        Some(error) => format!("Bearer realm=\"kamflow\", error=\"{error}\""),
        None => "Bearer realm=\"kamflow\"".to_owned(),
    };
    Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated", reason).with_header(header::WWW_AUTHENTICATE, challenge)
}
