//! Importing: rows of a file on their way in, and what became of each.

use super::ids::{InstanceId, RecordId};
use super::json::JsonMap;
use super::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// A row that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The line of the file that it begins on, from 1.
    pub line: i64,
    /// Its fields or variables; or why it cannot be read.
    pub values: Result<JsonMap, Refusal>,
    /// Fields whose cells are empty, by path; only when empty cells clear.
    pub blank: Vec<String>,
    /// The record that the file names by its id.
    pub id: Option<RecordId>,
    /// The version of it that the file was made from.
    pub version: Option<i64>,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowOutcome {
    /// The line of the file.
    pub line: i64,
    /// What happened.
    pub done: RowDone,
    /// Where the process that it started has come to; empty for records.
    pub led_to: Vec<LedTo>,
}

/// What happened to a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowDone {
    /// A record was created.
    Created(RecordId),
    /// A record was changed.
    Updated(RecordId),
    /// The record was like this already.
    Unchanged(RecordId),
    /// A process was started.
    Started(InstanceId),
    /// The process was started by an earlier row or import, with the same data.
    Already(InstanceId),
    /// Nothing, and why.
    Refused(Refusal),
}

/// Something that a started process came to, in the words of its own definition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum LedTo {
    /// A business rule decided; `output` is a word of its answer that the manifest declares as one of a few.
    Decided {
        /// The function, `plugin/function`.
        function: String,
        /// The name of the word.
        output: String,
        /// The word.
        value: String,
    },
    /// The process waits here.
    WaitsAt(String),
    /// The process ended here.
    EndsAt(String),
    /// The process failed here: an incident.
    FailsAt(String),
}

/// How many rows became what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Records that were created, processes that were started.
    pub created: i64,
    /// Records that were changed.
    pub updated: i64,
    /// Records that were like this already, processes that had been started with the same data.
    pub unchanged: i64,
    /// Rows that were refused.
    pub refused: i64,
}

impl Counts {
    /// Counts one more row.
    pub fn add(&mut self, done: &RowDone) {
        match done {
            RowDone::Created(_) | RowDone::Started(_) => self.created += 1,
            RowDone::Updated(_) => self.updated += 1,
            RowDone::Unchanged(_) | RowDone::Already(_) => self.unchanged += 1,
            RowDone::Refused(_) => self.refused += 1,
        }
    }

    /// All of them.
    pub fn rows(&self) -> i64 {
        self.created + self.updated + self.unchanged + self.refused
    }
}

/// How far an import has come: its row in the store.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Progress {
    /// Its id: the same file with the same settings, or the same key of the same caller.
    pub id: String,
    /// The line of the last row that is done.
    pub line: i64,
    /// Of everything up to there, in hex: another file under the same id is noticed.
    pub digest: String,
    /// What became of the rows so far.
    pub counts: Counts,
    /// Whether it came to the end.
    pub ended: bool,
}
