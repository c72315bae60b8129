//! What can be asked of the runtime: one change, by whom, and under which idempotency key.

use crate::model::actor::Actor;
use crate::model::break_glass::{BreakGlass, Right};
use crate::model::directory::{Business, Period, Position, Unit, User};
use crate::model::ids::{IncidentId, InstanceId, RecordId, TaskId, TimerId, UserId};
use crate::model::import::RowOutcome;
use crate::model::instance::InstanceSummary;
use crate::model::json::JsonMap;
use crate::model::revision::{Files, Revision};
use crate::model::secret::Secret;
use crate::model::seen_record::SeenRecord;
use crate::model::task::UserTask;
use crate::runtime::transfer::Batch;
use serde::{Deserialize, Serialize};

/// A change with who asks for it.
#[derive(Debug, Clone)]
pub struct Request {
    /// Who asks.
    pub actor: Actor,
    /// What.
    pub change: Change,
    /// Answers a repetition with the first answer.
    pub idempotency: Option<IdempotencyKey>,
    /// The version of the entity that the caller saw (`If-Match`).
    pub if_match: Option<i64>,
}

/// An `Idempotency-Key`, scoped to business, caller and route.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey {
    /// Method and path of the route, `POST /user-tasks/{id}/complete`, with the ids filled in.
    pub route: String,
    /// The key.
    pub key: String,
    /// SHA-256 of the request body, in hex.
    pub body_hash: String,
}

/// Everything that changes state.
#[derive(Debug, Clone)]
pub enum Change {
    /// Start a process of the active revision.
    Start {
        /// The process.
        process: String,
        /// Its start variables.
        variables: JsonMap,
    },
    /// Take a task.
    ClaimTask(TaskId),
    /// Give a task back.
    UnclaimTask(TaskId),
    /// Finish a task.
    CompleteTask {
        /// Which.
        task: TaskId,
        /// How.
        outcome: Option<String>,
        /// What the person entered.
        variables: JsonMap,
    },
    /// Fire a due timer.
    FireTimer(TimerId),
    /// Try a failed node again.
    RetryIncident(IncidentId),
    /// Create a record.
    CreateRecord {
        /// Its type.
        record_type: String,
        /// Its fields.
        fields: JsonMap,
    },
    /// Change fields of a record; null clears one.
    UpdateRecord {
        /// Its type.
        record_type: String,
        /// Which.
        id: RecordId,
        /// The changed fields.
        fields: JsonMap,
        /// Why.
        reason: Option<String>,
    },
    /// Delete a record and what goes with it.
    DeleteRecord {
        /// Its type.
        record_type: String,
        /// Which.
        id: RecordId,
        /// Why.
        reason: Option<String>,
    },
    /// Write rows of an import, each by itself.
    Import(Batch),
    /// Check, store and activate a revision.
    Deploy {
        /// Its files, all packs and plugins.
        files: Files,
        /// What its author says of it.
        note: String,
    },
    /// Make an earlier revision the active one.
    Activate {
        /// Its number.
        number: i64,
    },
    /// Create a business.
    CreateBusiness(Business),
    /// Create or replace a user; with a password, set it.
    PutUser {
        /// The user; `version` and `created_at` are the store's.
        user: User,
        /// A new password.
        password: Option<Secret>,
    },
    /// Create or replace an organisational unit.
    PutUnit(Unit),
    /// Say what a position is for a time; a new one is created.
    PutPosition {
        /// Its id.
        id: String,
        /// What it is, and when. What it is before and after stays.
        period: Period,
    },
    /// Create or replace a service account.
    PutClient {
        /// Its id.
        id: String,
        /// What it is for.
        name: String,
        /// Its secret.
        secret: Secret,
        /// What its tokens allow.
        scopes: Vec<String>,
        /// Its roles.
        roles: Vec<String>,
    },
    /// Ask for access beyond the rules.
    AskBreakGlass {
        /// To what.
        target: Asked,
        /// To do what.
        right: Right,
        /// Why.
        reason: String,
    },
    /// Agree to such a request, or decline it, as the second person.
    DecideBreakGlass {
        /// Which.
        id: String,
        /// Whether to agree.
        agree: bool,
    },
    /// Give such access back before its time.
    EndBreakGlass(String),
    /// Forget what is kept for a time only: answers under idempotency keys, and revocations of tokens that expired.
    Tidy,
    /// A token is not to be accepted any more.
    RevokeToken {
        /// Its `jti`.
        jti: String,
        /// When it would have expired, milliseconds.
        expires_at: i64,
    },
}

/// What access beyond the rules is asked for.
#[derive(Debug, Clone)]
pub enum Asked {
    /// A record.
    Record {
        /// Its type.
        record_type: String,
        /// Its id.
        id: RecordId,
    },
    /// An instance, root or called.
    Instance(InstanceId),
}

/// What a change gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// An instance was started.
    Started(InstanceSummary),
    /// A start with a business key that is taken: the first instance.
    Existing(InstanceSummary),
    /// An instance changed.
    Instance(InstanceSummary),
    /// A task changed.
    Task(UserTask),
    /// A record was created or changed, or deleted: then as it was.
    Record(SeenRecord),
    /// Rows of an import: what became of each.
    Imported(Vec<RowOutcome>),
    /// A revision is active; it may be an earlier one with the same files.
    Revision(Revision),
    /// A business was created.
    Business(Business),
    /// A user was created or changed.
    User(User),
    /// A position was created or changed.
    Position(Position),
    /// Access beyond the rules was asked for, opened, declined or ended.
    BreakGlass(BreakGlass),
    /// Nothing to show.
    Done {
        /// Who or what it was about.
        about: UserId,
    },
}

/// An outcome, and whether it is the kept answer to an earlier request with the same key.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What came of it.
    pub outcome: Outcome,
    /// Whether it is a repetition.
    pub replayed: bool,
}
