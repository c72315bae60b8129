//! What workers outside ask of jobs: to have them, to keep one longer, and to hear what came of it.

use crate::model::ids::JobId;
use crate::model::job::Spent;
use crate::model::json::{Json, JsonMap};
use crate::model::time::Duration;

/// A change that is about jobs.
#[derive(Debug, Clone, PartialEq)]
pub enum JobChange {
    /// Take jobs for a worker.
    Take {
        /// The types it can do.
        types: Vec<String>,
        /// What it calls itself.
        worker: String,
        /// Jobs at most.
        most: i64,
        /// How long it has them.
        lease: Duration,
    },
    /// A worker keeps a job longer.
    Extend {
        /// Which.
        job: JobId,
        /// The token of its lease.
        lease: String,
        /// How long from now on.
        by: Duration,
    },
    /// A worker reports on a job.
    Report {
        /// Which.
        job: JobId,
        /// The token of its lease.
        lease: String,
        /// What.
        report: Report,
    },
}

/// What a worker says of a job.
#[derive(Debug, Clone, PartialEq)]
pub enum Report {
    /// It is done, and this came of it.
    Done(Json),
    /// It failed.
    Failed {
        /// Why.
        message: String,
        /// Try again after this long, instead of what the process says.
        retry_after: Option<Duration>,
    },
    /// It ends with a BPMN error.
    Error {
        /// The code.
        code: String,
        /// Variables that are set first.
        variables: JsonMap,
    },
}

impl Report {
    /// How the lease is used up.
    pub fn spends(&self) -> Spent {
        match self {
            Report::Done(_) => Spent::Completed,
            Report::Failed { .. } => Spent::Failed,
            Report::Error { .. } => Spent::Error,
        }
    }
}
