//! Who may do what: decided here alone, for REST, console and processes alike. The token's scopes are checked at the
//! door of the API; here stand the person's roles and how they relate to what they want to touch.

mod changing;
mod exported;
mod fields;
mod mask;
mod people;
mod records;
pub mod warnings;
mod work;

pub use changing::{may_change, seen_record, seen_records};
pub use exported::{Exported, MASK, exported};
pub use fields::{FieldRights, fields};
pub use mask::{Masked, mask, mask_fields, masked};
pub use people::{seen_by, speaks_for};
pub use records::{record_type, sight};
pub use work::{concerns, visible};

use super::request::Change;
use crate::model::actor::Actor;
use crate::model::refusal::Refusal;

/// May see and change users, positions and service accounts.
pub const ADMIN: &str = "admin";
/// May deploy, see every instance and mend incidents.
pub const PROCESS_ADMIN: &str = "process_admin";
/// May create businesses.
pub const OPERATOR: &str = "operator";

/// Refuses a change that the caller's roles do not allow. What depends on a row (who may complete this task, who may
/// update this record) is decided where the row is read.
pub fn check(actor: &Actor, change: &Change) -> Result<(), Refusal> {
    match change {
        Change::Start { .. }
        | Change::ClaimTask(_)
        | Change::UnclaimTask(_)
        | Change::CompleteTask { .. }
        | Change::FireTimer(_)
        | Change::CreateRecord { .. }
        | Change::UpdateRecord { .. }
        | Change::Rederive { .. }
        | Change::Restamp
        | Change::CreateAbsence(_)
        | Change::UpdateAbsence(_)
        | Change::DeleteAbsence { .. }
        | Change::CreateSubstitution(_)
        | Change::UpdateSubstitution(_)
        | Change::DeleteSubstitution { .. }
        | Change::DeleteRecord { .. }
        | Change::Import(_)
        | Change::Tidy
        | Change::RevokeToken { .. } => Ok(()),
        Change::RetryIncident(_) | Change::Deploy { .. } | Change::Activate { .. } => require(actor, PROCESS_ADMIN),
        Change::PutUser { .. }
        | Change::PutUnit(_)
        | Change::DeleteUnit { .. }
        | Change::PutPosition { .. }
        | Change::EndPosition { .. }
        | Change::Reorganise { .. }
        | Change::PutRole { .. }
        | Change::ImportOrganisation(_)
        | Change::PutClient { .. } => require(actor, ADMIN),
        Change::CreateBusiness(_) => require(actor, OPERATOR),
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

/// Refuses a caller who may not start this process.
pub fn may_start(actor: &Actor, starters: &[String], process: &str) -> Result<(), Refusal> {
    if starters.is_empty() || starters.iter().any(|role| actor.roles.contains(role)) {
        return Ok(());
    }
    let roles = starters.join(", ");
    Err(Refusal::forbidden("not_starter", format!("process \"{process}\" may be started by {roles}")))
}
