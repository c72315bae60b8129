//! The present state that a conflict shows: in the form in which the resource itself is shown.

use super::record::record;
use super::task::task;
use super::user::user;
use crate::model::actor::Actor;
use crate::model::directory::User;
use crate::model::json::Json;
use crate::model::seen_record::SeenRecord;
use crate::model::task::UserTask;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Shows the task, record or user that stood in the way; anything else as it is.
pub(in crate::api) fn present(found: Json, actor: &Actor) -> Json {
    let shown = show(&found, |found: UserTask| task(found, actor));
    let shown = shown.or_else(|| show(&found, |found: SeenRecord| record(found)));
    shown.or_else(|| show(&found, |found: User| user(found))).unwrap_or(found)
}

fn show<M: DeserializeOwned, V: Serialize>(found: &Json, view: impl FnOnce(M) -> V) -> Option<Json> {
    let found = serde_json::from_value(found.clone()).ok()?;
    serde_json::to_value(view(found)).ok()
}
