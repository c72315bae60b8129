//! What can be asked of the runtime: one change, by whom, and under which idempotency key.

use crate::model::absence::{Absence, Substitution};
use crate::model::actor::Actor;
use crate::model::authority::Limits;
use crate::model::directory::{Business, Move, Period, Position, Reorganised, Role, Unit, User};
use crate::model::ids::{IncidentId, RecordId, TaskId, TimerId, UserId};
use crate::model::import::RowOutcome;
use crate::model::instance::InstanceSummary;
use crate::model::json::JsonMap;
use crate::model::org_import::{OrgImport, OrgImported};
use crate::model::revision::{Files, Revision};
use crate::model::secret::Secret;
use crate::model::seen_record::SeenRecord;
use crate::model::task::UserTask;
use crate::model::time::Timestamp;
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
    /// Bring some more records of a type to the rules of the active revision.
    Rederive {
        /// The type.
        record_type: String,
    },
    /// See whether this program makes other rules of the active revision than its records were last brought to.
    Restamp,
    /// Create a business.
    CreateBusiness(Business),
    /// Create or replace a user; with a password, set it.
    PutUser {
        /// The user; `version` and `created_at` are the store's.
        user: User,
        /// A new password.
        password: Option<Secret>,
    },
    /// Create or replace an organisational unit; its version is the store's.
    PutUnit(Unit),
    /// Remove an organisational unit that is empty.
    DeleteUnit {
        /// Its id.
        id: String,
    },
    /// Say what a position is for a time; a new one is created.
    PutPosition {
        /// Its id.
        id: String,
        /// What it is, and when. What it is before and after stays.
        period: Period,
    },
    /// Make a position end.
    EndPosition {
        /// Its id.
        id: String,
        /// From when on it is not valid any more.
        at: Timestamp,
    },
    /// Move several positions from one instant on, all of them or none.
    Reorganise {
        /// From when on.
        at: Timestamp,
        /// What changes.
        moves: Vec<Move>,
        /// Only say what would come of it.
        dry_run: bool,
    },
    /// Say how far who has a role may go.
    PutRole {
        /// Its name.
        name: String,
        /// How far.
        limits: Limits,
    },
    /// Say that somebody is away; id and version are the store's.
    CreateAbsence(Absence),
    /// Say it otherwise; whose it is stays.
    UpdateAbsence(Absence),
    /// Take it back.
    DeleteAbsence {
        /// Its id.
        id: String,
    },
    /// Say who acts for somebody; id and version are the store's.
    CreateSubstitution(Substitution),
    /// Say it otherwise; for whom it is stays.
    UpdateSubstitution(Substitution),
    /// Take it back before it begins.
    DeleteSubstitution {
        /// Its id.
        id: String,
    },
    /// Take over users, units and positions from files, all of them or none.
    ImportOrganisation(Box<OrgImport>),
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
    /// A unit was created or changed.
    Unit(Unit),
    /// A position was created or changed.
    Position(Position),
    /// Records were brought to the rules of their type.
    Derived {
        /// How many were looked at.
        looked: i64,
        /// Whether there may be more to do.
        more: bool,
    },
    /// Positions were moved, or would be.
    Reorganised(Reorganised),
    /// A role was changed.
    Role(Role),
    /// An absence was created or changed.
    Absence(Absence),
    /// A substitution was created or changed; with what is odd about it.
    Substitution(Substitution, Vec<Odd>),
    /// Files were taken over, or would be.
    OrgImported(OrgImported),
    /// Nothing to show.
    Done {
        /// Who or what it was about.
        about: UserId,
    },
}

/// Something that is allowed, and still odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Odd {
    /// Who stands in is away for all of that time.
    SubstituteAbsent,
}

/// An outcome, and whether it is the kept answer to an earlier request with the same key.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What came of it.
    pub outcome: Outcome,
    /// Whether it is a repetition.
    pub replayed: bool,
}
