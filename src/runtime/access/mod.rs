//! Who may do what: decided here alone, for REST, console and processes alike. The token's scopes are checked at the
//! door of the API; here stand the person's roles and how they relate to what they want to touch.

pub mod break_glass;
mod changing;
mod duties;
mod exported;
mod fields;
mod files;
mod lent;
mod link;
mod mask;
mod people;
mod records;
pub mod satisfiable;
mod stand_ins;
mod tasks;
pub mod warnings;
mod work;

pub use changing::{may_change, may_fill, seen_record, seen_records};
pub use duties::{duties, with_verbs};
pub use exported::{Exported, MASK, exported};
pub use fields::{FieldRights, fields};
pub use files::sees_file;
pub use lent::{NEVER_LENT, in_person, lent, may_act_as, may_give};
pub use link::to_link;
pub use mask::{Masked, mask, mask_fields, masked};
pub use people::{seen_by, speaks_for};
pub use records::{record_type, sight};
pub use stand_ins::stands_in;
pub use tasks::{may_assign, may_update, person};
pub use work::{concerns, visible};

use super::exchange::Exchange;
use super::request::Change;
use crate::model::actor::Actor;
use crate::model::refusal::Refusal;

/// May see and change users, positions and service accounts.
pub const ADMIN: &str = "admin";
/// May deploy, see every instance and mend incidents.
pub const PROCESS_ADMIN: &str = "process_admin";
/// Speaks for another system: may send messages and signals.
pub const INTEGRATION: &str = "integration";
/// Does jobs of processes from outside: takes them, and reports on them.
pub const JOB_WORKER: &str = "job_worker";
/// May create businesses and change signing keys, which all businesses share.
pub const OPERATOR: &str = "operator";

/// Refuses a change that the caller's roles do not allow. What depends on a row (who may complete this task, who may
/// update this record) is decided where the row is read.
pub fn check(actor: &Actor, change: &Change) -> Result<(), Refusal> {
    match change {
        Change::Start { .. }
        | Change::ClaimTask(_)
        | Change::UnclaimTask(_)
        | Change::CompleteTask { .. }
        | Change::CreateTask(_)
        | Change::Task(..)
        | Change::WithdrawApproval(..)
        | Change::AddApprover(..)
        | Change::LookAgain(..)
        | Change::Begin(_)
        | Change::FireTimer(_)
        | Change::Deliver { .. }
        | Change::CreateRecord { .. }
        | Change::UpdateRecord { .. }
        | Change::MergeRecords { .. }
        | Change::UndoMerge { .. }
        | Change::StorePart { .. }
        | Change::FinishUpload { .. }
        | Change::DropUpload { .. }
        | Change::Attach { .. }
        | Change::Detach { .. }
        | Change::CreateAbsence(_)
        | Change::UpdateAbsence(_)
        | Change::DeleteAbsence(_)
        | Change::CreateSubstitution(_)
        | Change::UpdateSubstitution(_)
        | Change::DeleteSubstitution(_)
        | Change::TaskPaper(_)
        | Change::DeleteRecord { .. }
        | Change::Import(_)
        | Change::Upkeep(_)
        | Change::AskBreakGlass { .. }
        | Change::DecideBreakGlass { .. }
        | Change::EndBreakGlass(_)
        | Change::LinkUser { .. }
        | Change::RevokeToken { .. } => Ok(()),
        Change::Exchange(step) => match step.as_ref() {
            Exchange::Message(_) | Exchange::Signal(_) => may_send(actor),
            Exchange::Bring { .. } | Exchange::Begin(_) => Ok(()),
        },
        Change::ChangePassword { .. } => in_person(actor),
        Change::Trigger { .. }
        | Change::BeginActivity { .. }
        | Change::AddInstance { .. }
        | Change::RetryIncident(_)
        | Change::SkipIncident(_)
        | Change::Intervene(_)
        | Change::Deploy { .. }
        | Change::Activate { .. }
        | Change::Rescan(_) => require(actor, PROCESS_ADMIN),
        Change::Job(_) => require(actor, JOB_WORKER),
        Change::PutUnit(_)
        | Change::DeleteUnit(_)
        | Change::PutPosition { .. }
        | Change::EndPosition { .. }
        | Change::Reorganise { .. }
        | Change::PutRole { .. }
        | Change::ImportOrganisation(_)
        | Change::Provision(_)
        | Change::SettleGroups
        | Change::DeleteClient(_)
        | Change::RotateSecret { .. }
        | Change::VoidTokens(_)
        | Change::UnlinkUser(_) => require(actor, ADMIN),
        Change::PutUser { user, .. } => require(actor, ADMIN).and_then(|()| may_give(actor, &user.roles)),
        Change::PutClient { client, .. } => require(actor, ADMIN).and_then(|()| may_give(actor, &client.roles)),
        Change::CreateBusiness(_) | Change::RotateKey | Change::RetireKey(_) => require(actor, OPERATOR),
    }
}

/// Refuses a caller without this role.
pub fn require(actor: &Actor, role: &str) -> Result<(), Refusal> {
    if actor.roles.contains(role) {
        return Ok(());
    }
    Err(Refusal::forbidden(
        "role_missing",
        format!("this needs the role \"{role}\", which {} does not have", actor.user),
    ))
}

/// Refuses a caller who may not speak to instances from outside. Who gets a message is decided by the processes: so it
/// takes no relation to the instance, but somebody who speaks for a system.
fn may_send(actor: &Actor) -> Result<(), Refusal> {
    if has(actor, INTEGRATION) || has(actor, PROCESS_ADMIN) {
        return Ok(());
    }
    let sentence =
        format!("this needs the role \"{INTEGRATION}\" or \"{PROCESS_ADMIN}\", which {} does not have", actor.user);
    Err(Refusal::forbidden("role_missing", sentence))
}

/// Refuses who may not see jobs: process administrators and workers do.
pub fn sees_jobs(actor: &Actor) -> Result<(), Refusal> {
    require(actor, JOB_WORKER).or_else(|_| require(actor, PROCESS_ADMIN))
}

/// Whether the caller has a role, or claims were mapped to it: enough to start processes, to see and to touch records.
/// What needs authority (tasks, approvals, administration) looks at `actor.roles` alone.
fn has(actor: &Actor, role: &str) -> bool {
    actor.roles.contains(role) || actor.mapped.contains(role)
}

/// Refuses a caller who may not start this process.
pub fn may_start(actor: &Actor, starters: &[String], process: &str) -> Result<(), Refusal> {
    if starters.is_empty() || starters.iter().any(|role| has(actor, role)) {
        return Ok(());
    }
    let roles = starters.join(", ");
    Err(Refusal::forbidden("not_starter", format!("process \"{process}\" may be started by {roles}")))
}
