//! A refusal: why a command was not carried out, as data. Which HTTP status it becomes is decided in `api` alone.

use super::impact::Report;
use super::json::Json;
use super::text::Text;
use serde::{Deserialize, Serialize};

/// A command that changed nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{detail}")]
pub struct Refusal {
    /// What kind of refusal it is.
    pub kind: RefusalKind,
    /// A stable word for programs, `task_already_claimed`.
    pub code: String,
    /// A sentence that a person can act on.
    pub detail: String,
    /// Where in the request, and why there.
    pub errors: Vec<FieldError>,
    /// The present state, for a conflict.
    pub present: Option<Json>,
    /// What only some refusals have.
    #[serde(default)]
    pub more: Option<Box<More>>,
}

/// What only some refusals have. Boxed in a refusal, which is to be small.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct More {
    /// What a revision would do to records, for one that breaks them.
    #[serde(default)]
    pub report: Option<Report>,
    /// Sentences of the definitions in both languages, for those of the refusal that no table of sentences can know.
    #[serde(default)]
    pub texts: Vec<Text>,
}

/// One wrong place in a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the request.
    pub pointer: String,
    /// A stable word.
    pub code: String,
    /// A sentence.
    pub detail: String,
}

/// The kinds of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// The caller may not do this.
    Forbidden,
    /// It is not there, or may not be seen.
    NotFound,
    /// The state does not allow it.
    Conflict,
    /// The version that the caller saw is no longer the present one.
    Stale,
    /// It was understood and makes no sense.
    Invalid,
    /// Too much is waiting.
    Busy,
    /// Our fault; nothing was changed.
    Internal,
}

impl Refusal {
    /// A refusal of this kind.
    pub fn new(kind: RefusalKind, code: &str, detail: impl Into<String>) -> Refusal {
        let (code, detail) = (code.to_owned(), detail.into());
        Refusal { kind, code, detail, errors: Vec::new(), present: None, more: None }
    }

    /// The caller may not do this.
    pub fn forbidden(code: &str, detail: impl Into<String>) -> Refusal {
        Refusal::new(RefusalKind::Forbidden, code, detail)
    }

    /// It is not there, or may not be seen: `process instance "x" is not there`.
    pub fn not_found(what: &str, id: impl std::fmt::Display) -> Refusal {
        Refusal::new(RefusalKind::NotFound, "not_found", format!("there is no {what} \"{id}\""))
    }

    /// The state does not allow it.
    pub fn conflict(code: &str, detail: impl Into<String>) -> Refusal {
        Refusal::new(RefusalKind::Conflict, code, detail)
    }

    /// It makes no sense.
    pub fn invalid(code: &str, detail: impl Into<String>) -> Refusal {
        Refusal::new(RefusalKind::Invalid, code, detail)
    }

    /// The same refusal with the present state.
    pub fn with_present(self, present: Json) -> Refusal {
        Refusal { present: Some(present), ..self }
    }

    /// The same refusal with what would be done to records.
    pub fn with_report(self, report: Report) -> Refusal {
        let more = self.more.as_deref().cloned().unwrap_or_default();
        Refusal { more: Some(Box::new(More { report: Some(report), ..more })), ..self }
    }

    /// The same refusal with what the definitions say in both languages.
    pub fn with_texts(self, texts: Vec<Text>) -> Refusal {
        let more = self.more.as_deref().cloned().unwrap_or_default();
        Refusal { more: Some(Box::new(More { texts, ..more })), ..self }
    }

    /// The same refusal with the places that are wrong.
    pub fn with_errors(self, errors: Vec<FieldError>) -> Refusal {
        Refusal { errors, ..self }
    }
}
