//! What `kamflow check` finds: one sentence at one place.

use super::expression::Place;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A problem or a warning in the files of a revision, printed as `file:line:column: sentence`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Where.
    pub at: Place,
    /// Whether it refuses the revision.
    pub severity: Severity,
    /// What is wrong and how to mend it.
    pub sentence: String,
}

/// Whether a finding refuses the revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The revision is refused.
    Error,
    /// The revision is accepted; the author should look.
    Warning,
}

impl Finding {
    /// A finding that refuses the revision.
    pub fn error(at: Place, sentence: impl Into<String>) -> Finding {
        Finding { at, severity: Severity::Error, sentence: sentence.into() }
    }

    /// A finding that only warns.
    pub fn warning(at: Place, sentence: impl Into<String>) -> Finding {
        Finding { at, severity: Severity::Warning, sentence: sentence.into() }
    }

    /// Whether it refuses the revision.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.is_error() { "" } else { "warning: " };
        write!(f, "{}: {word}{}", self.at, self.sentence)
    }
}
