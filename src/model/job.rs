//! A job: work that a program outside does for a process. The engine says what is to be done and how often it is tried;
//! which worker has it, and until when, is a lease that only the store knows.

use super::ids::TokenId;
use super::ids::{InstanceId, JobId, NodeId};
use super::json::Json;
use super::text::Text;
use super::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A job as the engine knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// The instance it belongs to.
    pub instance: InstanceId,
    /// The process of that instance.
    pub process: String,
    /// The token that waits for it.
    pub token: TokenId,
    /// Its node.
    pub node: NodeId,
    /// The title of the node.
    pub title: Text,
    /// What kind of work it is: workers ask for jobs of their types.
    pub job_type: String,
    /// What the worker gets.
    pub input: Json,
    /// 0 to 100, higher first.
    pub priority: i64,
    /// Where it is in its life.
    pub state: JobState,
    /// How often it is tried again at most, from now on.
    pub retries: u32,
    /// How often it failed.
    pub failures: u32,
    /// What the last failure said.
    pub message: Option<String>,
    /// A worker gets it from then on.
    pub due: Timestamp,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// The life of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// To be done; a worker may have it.
    Open,
    /// Done.
    Completed,
    /// Failed once more than it is tried again: an incident.
    Failed,
    /// Nobody completed it in time: an incident.
    TimedOut,
    /// Ended by a BPMN error.
    Error,
    /// No longer needed.
    Cancelled,
}

impl JobState {
    /// All of them.
    pub const ALL: [JobState; 6] = [
        JobState::Open,
        JobState::Completed,
        JobState::Failed,
        JobState::TimedOut,
        JobState::Error,
        JobState::Cancelled,
    ];

    /// The word in columns and JSON.
    pub fn name(self) -> &'static str {
        match self {
            JobState::Open => "open",
            JobState::Completed => "completed",
            JobState::Failed => "failed",
            JobState::TimedOut => "timed_out",
            JobState::Error => "error",
            JobState::Cancelled => "cancelled",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<JobState> {
        JobState::ALL.into_iter().find(|state| state.name() == word)
    }
}

/// A job with who has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeasedJob {
    /// The job.
    pub job: Job,
    /// The last lease; none when no worker had it yet.
    pub lease: Option<Lease>,
}

/// That a worker has a job for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Names the lease in every later call; nobody else can know it.
    pub token: String,
    /// Counts the leases of a job: what a later holder writes outside has a higher number (a fencing token).
    pub fence: i64,
    /// Who has it, in its own words.
    pub worker: String,
    /// From then on somebody else may get the job.
    pub until: Timestamp,
    /// How the holder gave the job back; none while it has it.
    pub spent: Option<Spent>,
}

/// What a worker did with a lease; nothing more can be done with it then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spent {
    /// Completed the job.
    Completed,
    /// Reported a failure.
    Failed,
    /// Threw a BPMN error.
    Error,
}

impl Spent {
    /// The word in columns and sentences.
    pub fn name(self) -> &'static str {
        match self {
            Spent::Completed => "completed",
            Spent::Failed => "failed",
            Spent::Error => "error",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Spent> {
        [Spent::Completed, Spent::Failed, Spent::Error].into_iter().find(|spent| spent.name() == word)
    }
}

impl LeasedJob {
    /// The same without what only the holder of the lease is to know.
    pub fn for_others(mut self) -> LeasedJob {
        self.job.input = Json::Null;
        if let Some(lease) = &mut self.lease {
            lease.token.clear();
        }
        self
    }
}
