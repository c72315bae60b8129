//! What comes of a change: kept under its idempotency key, and given to who asked.

use crate::model::absence::{Absence, Substitution};
use crate::model::break_glass::BreakGlass;
use crate::model::delivery::{Broadcast, Received};
use crate::model::directory::{Business, Client, Position, Reorganised, Role, SigningKeySummary, Unit, User};
use crate::model::file::File;
use crate::model::ids::UserId;
use crate::model::import::RowOutcome;
use crate::model::instance::InstanceSummary;
use crate::model::job::LeasedJob;
use crate::model::matching::Rescan;
use crate::model::merge::Merge;
use crate::model::org_import::OrgImported;
use crate::model::revision::Revision;
use crate::model::scim::provision::Provisioned;
use crate::model::seen_record::SeenRecord;
use crate::model::task::UserTask;
use crate::model::task_paper::{TaskComment, TaskFilter};
use serde::{Deserialize, Serialize};

/// What a change gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// An instance was started.
    Started(InstanceSummary),
    /// A start with a business key that is taken: the first instance.
    Existing(InstanceSummary),
    /// An instance changed.
    Instance(InstanceSummary),
    /// A message from outside has a receiver, or is kept.
    Message(Received),
    /// A signal from outside is on its way.
    Signal(Broadcast),
    /// A task changed.
    Task(UserTask),
    /// A job changed.
    Job(Box<LeasedJob>),
    /// Jobs that a worker has now.
    Jobs(Vec<LeasedJob>),
    /// A record was created or changed, or deleted: then as it was.
    Record(SeenRecord),
    /// Two records were merged, or it was undone.
    Merged {
        /// The merge.
        merge: Merge,
        /// The winner as it is now.
        record: SeenRecord,
    },
    /// A file was uploaded.
    File(File),
    /// A file was added to a record.
    Attached {
        /// The file.
        file: File,
        /// The version of the record.
        version: i64,
    },
    /// Rows of an import: what became of each.
    Imported(Vec<RowOutcome>),
    /// A revision is active; it may be an earlier one with the same files.
    Revision(Revision),
    /// A business was created.
    Business(Business),
    /// A user was created or changed.
    User(User),
    /// A user or group was written by an outside directory.
    Provisioned(Box<Provisioned>),
    /// A unit was created or changed.
    Unit(Unit),
    /// A service account was created or changed.
    Client(Client),
    /// A key signs tokens from now on.
    SigningKey(SigningKeySummary),
    /// A position was created or changed.
    Position(Position),
    /// Access beyond the rules was asked for, opened, declined or ended.
    BreakGlass(BreakGlass),
    /// Records were brought to the rules of their type.
    Derived {
        /// How many were looked at.
        looked: i64,
        /// Whether there may be more to do.
        more: bool,
    },
    /// Instances that ended long ago were forgotten.
    Forgotten {
        /// How many.
        instances: i64,
    },
    /// A look for records that are there twice came this far.
    Rescanned(Rescan),
    /// Positions were moved, or would be.
    Reorganised(Reorganised),
    /// A role was changed.
    Role(Role),
    /// An absence was created or changed.
    Absence(Absence),
    /// A substitution was created or changed; with what is odd about it.
    Substitution(Substitution, Vec<Odd>),
    /// A list of tasks was saved.
    TaskFilter(TaskFilter),
    /// A remark was written.
    TaskComment(TaskComment),
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
