//! What a revision would mean for the records that are there: found before anything is stored.

use super::finding::Severity;
use super::ids::RecordId;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Records shown of one impact at most, and groups of records.
pub const SHOWN: usize = 20;
/// Records named in a line for a terminal at most.
const NAMED: usize = 5;

/// Everything that a revision would do to records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What it would break or do, by record type.
    pub impacts: Vec<Impact>,
}

impl Report {
    /// Whether it refuses the revision.
    pub fn is_breaking(&self) -> bool {
        self.impacts.iter().any(Impact::is_breaking)
    }
}

/// One thing that a changed record type would break, or would do, to records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// The record type.
    pub record_type: String,
    /// The field; none for a rule over several.
    pub field: Option<String>,
    /// A stable word, `required`.
    pub code: String,
    /// An error refuses the revision.
    pub severity: Severity,
    /// What it is and how to mend it.
    pub sentence: String,
    /// How many records it concerns.
    pub rows: i64,
    /// The first of them, at most [`SHOWN`].
    pub sample: Vec<RecordId>,
    /// For records that break a rule together: those of each group, at most [`SHOWN`] groups of as many.
    pub groups: Vec<Vec<RecordId>>,
}

impl Impact {
    /// One that concerns these records.
    pub fn new(record_type: &str, field: Option<&str>, code: &str, sentence: impl Into<String>) -> Impact {
        Impact {
            record_type: record_type.to_owned(),
            field: field.map(str::to_owned),
            code: code.to_owned(),
            severity: Severity::Error,
            sentence: sentence.into(),
            rows: 0,
            sample: Vec::new(),
            groups: Vec::new(),
        }
    }

    /// The same for so many records, of which these are the first.
    pub fn of(self, rows: i64, mut sample: Vec<RecordId>) -> Impact {
        sample.truncate(SHOWN);
        Impact { rows, sample, ..self }
    }

    /// The same as a warning: the revision is accepted.
    pub fn as_warning(self) -> Impact {
        Impact { severity: Severity::Warning, ..self }
    }

    /// Whether it refuses the revision.
    pub fn is_breaking(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The place in the records, `/records/customer/uscc`.
    pub fn pointer(&self) -> String {
        let field = self.field.as_ref().map(|field| format!("/{field}")).unwrap_or_default();
        format!("/records/{}{field}", self.record_type)
    }

    /// The sentence with the number of records and the first ids, for a person at a terminal.
    pub fn told(&self) -> String {
        let mut told = format!("{}{}: {}", self.record_type, self.field_told(), self.sentence);
        if self.rows > 0 {
            let records = if self.rows == 1 { "record" } else { "records" };
            let ids: Vec<&str> = self.sample.iter().take(NAMED).map(RecordId::as_str).collect();
            let more = if self.rows > i64::try_from(ids.len()).unwrap_or(i64::MAX) { ", …" } else { "" };
            told.push_str(&format!(" ({} {records}: {}{more})", self.rows, ids.join(", ")));
        }
        told
    }

    fn field_told(&self) -> String {
        self.field.as_ref().map(|field| format!(".{field}")).unwrap_or_default()
    }
}

/// How far the records of a type are brought to the rules of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The record type.
    pub record_type: String,
    /// The revision.
    pub revision: i64,
    /// Records that were to be brought there.
    pub total: i64,
    /// Those that are.
    pub done: i64,
    /// Those that could not be, wholly; they are listed.
    pub failed: i64,
    /// When it began.
    pub started_at: Timestamp,
    /// When every record had been looked at.
    pub finished_at: Option<Timestamp>,
    /// What could not be done, at most 100.
    pub troubles: Vec<Trouble>,
}

/// Why a record could not be brought to the rules of a revision wholly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The record.
    pub record: RecordId,
    /// A stable word, `not_unique`.
    pub code: String,
    /// The field or the fields of the rule; empty when it is none of them.
    pub field: String,
    /// What is wrong and how to mend it.
    pub sentence: String,
    /// The version of the record that it was found at.
    pub version: i64,
    /// The revision.
    pub revision: i64,
    /// When.
    pub at: Timestamp,
}
