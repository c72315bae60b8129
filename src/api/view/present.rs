//! The present state that a conflict shows: in the form in which the resource itself is shown.

use super::absence::{absence, substitution};
use super::instance::instance;
use super::job::job;
use super::organisation::{role, unit};
use super::position::position;
use super::record::record;
use super::task::task;
use super::user::user;
use crate::model::absence::{Absence, Substitution};
use crate::model::directory::{Position, Role, Unit, User};
use crate::model::instance::InstanceSummary;
use crate::model::job::LeasedJob;
use crate::model::json::Json;
use crate::model::seen_record::SeenRecord;
use crate::model::task::SeenTask;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Shows the thing that stood in the way, a task with what the caller may do with it; anything else as it is. A word that is
/// part of another one comes after it.
pub(in crate::api) fn present(found: Json, seen: Option<SeenTask>) -> Json {
    let shown = seen.and_then(|seen| serde_json::to_value(task(seen)).ok());
    let shown = shown.or_else(|| show(&found, |found: SeenRecord| record(found)));
    let shown = shown.or_else(|| show(&found, |found: InstanceSummary| instance(found)));
    let shown = shown.or_else(|| show(&found, |found: LeasedJob| job(found)));
    let shown = shown.or_else(|| show(&found, |found: User| user(found)));
    let shown = shown.or_else(|| show(&found, |found: Position| position(found)));
    let shown = shown.or_else(|| show(&found, |found: Unit| unit(found)));
    let shown = shown.or_else(|| show(&found, |found: Substitution| substitution(found, &[])));
    let shown = shown.or_else(|| show(&found, |found: Absence| absence(found)));
    shown.or_else(|| show(&found, |found: Role| role(found, None))).unwrap_or(found)
}

fn show<M: DeserializeOwned, V: Serialize>(found: &Json, view: impl FnOnce(M) -> V) -> Option<Json> {
    let found = serde_json::from_value(found.clone()).ok()?;
    serde_json::to_value(view(found)).ok()
}
