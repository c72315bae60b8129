//! What can be asked of the runtime: one change, by whom, and under which idempotency key.

use crate::model::absence::{Absence, Substitution};
use crate::model::directory::{Business, Client, Move, Period, Unit, User};
use crate::model::file::NewFile;
use crate::model::ids::{FileId, InstanceId, MergeId, NodeId, RecordId, SubscriptionId, TaskId, TimerId, UserId};
use crate::model::intervention::{Intervene, Retry, Skip};
use crate::model::json::{Json, JsonMap};
use crate::model::{actor::Actor, authority::Limits, break_glass::Right};
use crate::model::{merge::Wanted, org_import::OrgImport, revision::Files, scim::provision::Provision};
use crate::model::{secret::Secret, task::NewTask, task_paper::TaskPaper, time::Timestamp};
use crate::runtime::{begins::Begin, exchange::Exchange, rescan::Piece, transfer::Batch};
use crate::store::standing::Link;

pub use super::asked::Asked;
pub use super::holder::Holder;
pub use super::idempotency_key::IdempotencyKey;
pub use super::job_change::{JobChange, Report};
pub use super::outcome::{Answer, Odd, Outcome};
pub use super::task_request::TaskRequest;
pub use super::upkeep::Upkeep;

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
    /// Make a task that belongs to no deployed process.
    CreateTask(Box<NewTask>),
    /// Something else about an open task.
    Task(TaskId, TaskRequest),
    /// Take back what is to be approved, and why.
    WithdrawApproval(String, Option<String>),
    /// Add this person to those who are asked, and why.
    AddApprover(String, UserId, String),
    /// The record that these approvals of a root are about was changed.
    LookAgain(InstanceId, Vec<String>),
    /// Fire a due timer.
    FireTimer(TimerId),
    /// What an instance waits for has happened.
    Deliver {
        /// What it waits for.
        subscription: SubscriptionId,
        /// What it brings.
        payload: JsonMap,
    },
    /// Bring a message or a signal on its way, or to its receiver, or begin what the clock begins.
    Exchange(Box<Exchange>),
    /// An event, or a call activity that does not wait, begins a process.
    Begin(Begin),
    /// Let a receive task go on that waits for somebody to say so.
    Trigger {
        /// The instance, root or called; a root speaks for all inside it.
        instance: InstanceId,
        /// The receive task.
        node: NodeId,
    },
    /// Begin an activity of an ad-hoc sub-process.
    BeginActivity {
        /// The instance, root or called.
        instance: InstanceId,
        /// The activity.
        node: NodeId,
    },
    /// One more instance of an activity that is done for each.
    AddInstance {
        /// The instance, root or called.
        instance: InstanceId,
        /// The activity.
        node: NodeId,
        /// The item.
        item: Json,
    },
    /// Take jobs for a worker, or hear what a worker says of one.
    Job(JobChange),
    /// Try a failed node again.
    RetryIncident(Retry),
    /// Count a failed node as done.
    SkipIncident(Skip),
    /// Do something with an instance from outside.
    Intervene(Intervene),
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
    /// Merge two records of a type.
    MergeRecords {
        /// Which, and how.
        wanted: Wanted,
        /// The version of the loser that the caller saw.
        loser_version: Option<i64>,
    },
    /// Undo a merge.
    UndoMerge {
        /// The type of its records.
        record_type: String,
        /// One of them.
        id: RecordId,
        /// The merge.
        merge: MergeId,
        /// Why.
        reason: String,
    },
    /// Keep a part of a file that is coming in.
    StorePart {
        /// The upload.
        upload: String,
        /// Its number, from 0.
        part: i64,
        /// Its bytes.
        content: Vec<u8>,
    },
    /// All parts are there: make a file of them.
    FinishUpload {
        /// The upload.
        upload: String,
        /// What it is.
        file: NewFile,
    },
    /// Give an upload up.
    DropUpload {
        /// The upload.
        upload: String,
    },
    /// Add a file to the attachments of a record.
    Attach {
        /// The record: type and id.
        record: (String, RecordId),
        /// The file.
        file: FileId,
        /// Why.
        reason: Option<String>,
    },
    /// Take a file off a record.
    Detach {
        /// The record: type and id.
        record: (String, RecordId),
        /// The file.
        file: FileId,
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
    /// Keep what was found in a piece of a look for records that are there twice.
    Rescan(Box<Piece>),
    /// Create a business.
    CreateBusiness(Business),
    /// Create or replace a user; with a password, set it.
    PutUser {
        /// The user; `version` and `created_at` are the store's.
        user: User,
        /// A new password.
        password: Option<Secret>,
    },
    /// Carry out a request of an outside directory (SCIM).
    Provision(Box<Provision>),
    /// Give what groups of the directory give by the pack and the configuration as they are now.
    SettleGroups,
    /// Create or replace an organisational unit; its version is the store's.
    PutUnit(Unit),
    /// Remove an organisational unit that is empty.
    DeleteUnit(String),
    /// Set one's own password; every token of the user is void afterwards.
    ChangePassword {
        /// The hash of the present one, as it was seen when it was checked.
        seen: Secret,
        /// The new one.
        new: Secret,
    },
    /// Somebody whom an outside issuer vouches for signs in for the first time: the user is linked to the account, and
    /// created first where that is allowed.
    LinkUser {
        /// The login.
        user: UserId,
        /// The name of a new user.
        name: String,
        /// The account.
        link: Link,
        /// Whether somebody unknown becomes a user.
        create: bool,
    },
    /// A user is no longer the account of an outside issuer that it was; the next sign-in links anew.
    UnlinkUser(UserId),
    /// Every token of a user or a client that was issued so far is void.
    VoidTokens(Holder),
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
    DeleteAbsence(String),
    /// Say who acts for somebody; id and version are the store's.
    CreateSubstitution(Substitution),
    /// Say it otherwise; for whom it is stays.
    UpdateSubstitution(Substitution),
    /// Take it back before it begins.
    DeleteSubstitution(String),
    /// Save a list of tasks, write a remark on one, add a file to one.
    TaskPaper(Box<TaskPaper>),
    /// Take over users, units and positions from files, all of them or none.
    ImportOrganisation(Box<OrgImport>),
    /// Create or replace a service account.
    PutClient {
        /// The client; `version`, `created_at` and `old_secret_until` are the store's.
        client: Client,
        /// Its secret, which a new client needs; the present one stays when none is given.
        secret: Option<Secret>,
    },
    /// Give a service account a new secret.
    RotateSecret {
        /// Its id.
        id: String,
        /// The new secret.
        secret: Secret,
        /// Until when the present one is good as well.
        keep_until: Timestamp,
    },
    /// Remove a service account; its tokens end.
    DeleteClient(String),
    /// Sign with a new key from now on; the present ones verify until their tokens have expired.
    RotateKey,
    /// Verify nothing more with this key, at once.
    RetireKey(String),
    /// What the worker keeps in order.
    Upkeep(Upkeep),
    /// A token is not to be accepted any more.
    RevokeToken {
        /// Its `jti`.
        jti: String,
        /// When it would have expired, milliseconds.
        expires_at: i64,
    },
}
