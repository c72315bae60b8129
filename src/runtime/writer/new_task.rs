//! A task that somebody makes by itself: whether it fits, whether the people and the record are there, and the start variables of its process.

use super::task::{CANDIDATES_MOST, TITLE_MOST, urgency, wrong};
use crate::model::actor::Actor;
use crate::model::ids::{RecordId, UserId};
use crate::model::json::JsonMap;
use crate::model::refusal::{FieldError, Refusal, RefusalKind};
use crate::model::task::NewTask;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::access;
use crate::runtime::reads::records;
use crate::runtime::shared::Shared;
use crate::store::Connection;
use serde_json::json;

/// Characters of a description at most.
const DESCRIPTION_MOST: usize = 10_000;
/// Its priority, when nothing is said.
const PRIORITY: i64 = 50;

/// The start variables of the process of a new task; refused with every wrong place at once where that can be.
pub fn variables(
    shared: &Shared,
    conn: &mut Connection,
    actor: &Actor,
    new: &NewTask,
    now: Timestamp,
) -> Result<JsonMap, Stop> {
    let NewTask { description, assignee, candidate_users, candidate_groups, due, priority, record, .. } = new;
    let name = fitting(new)?;
    let mut errors = Vec::new();
    let named = assignee.iter().map(|user| ("/assignee".to_owned(), user));
    let listed = candidate_users.iter().enumerate().map(|(at, user)| (format!("/candidateUsers/{at}"), user));
    for (pointer, user) in named.chain(listed) {
        there(conn, actor, pointer, user, &mut errors)?;
    }
    let roles = &shared.libraries.present(conn, &actor.business)?.definitions.pack.roles;
    for (at, role) in candidate_groups.iter().enumerate().filter(|(_, role)| !roles.contains_key(*role)) {
        errors.push(missing(format!("/candidateGroups/{at}"), format!("there is no role \"{role}\"")));
    }
    if let Some((record_type, id)) = record {
        seen(shared, conn, actor, (record_type, id), now, &mut errors)?;
    }
    if let Some(first) = errors.first() {
        return Err(Refusal::invalid("invalid_task", first.detail.clone()).with_errors(errors).into());
    }
    let given = json!({
        "name": name,
        "description": description.as_deref().filter(|text| !text.trim().is_empty()),
        "assignee": assignee,
        "candidate_users": candidate_users,
        "candidate_groups": candidate_groups,
        "due": due.map(|due| due.rfc3339()),
        "priority": priority.unwrap_or(PRIORITY),
        "record_type": record.as_ref().map(|(record_type, _)| record_type),
        "record": record.as_ref().map(|(_, id)| id),
    });
    Ok(given.as_object().cloned().unwrap_or_default())
}

/// Its name without what is around it, when everything has its size.
fn fitting(new: &NewTask) -> Result<&str, Refusal> {
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > TITLE_MOST {
        return Err(wrong("/name", format!("a title has 1 to {TITLE_MOST} characters")));
    }
    if new.description.as_ref().is_some_and(|text| text.chars().count() > DESCRIPTION_MOST) {
        return Err(wrong("/description", format!("a description has at most {DESCRIPTION_MOST} characters")));
    }
    let candidates = new.candidate_users.len() + new.candidate_groups.len();
    if candidates > CANDIDATES_MOST {
        return Err(wrong("/candidateUsers", format!("a task has at most {CANDIDATES_MOST} candidates")));
    }
    if new.assignee.is_some() == (candidates > 0) {
        return Err(wrong("/assignee", "say \"assignee\", or who may take it: one of both".to_owned()));
    }
    urgency(new.priority).map(|()| name)
}

fn there(
    conn: &mut Connection,
    actor: &Actor,
    pointer: String,
    user: &UserId,
    errors: &mut Vec<FieldError>,
) -> Result<(), Stop> {
    match access::person(conn, actor, user) {
        Ok(_) => Ok(()),
        Err(Stop::Refused(refusal)) => {
            errors.push(FieldError { pointer, code: refusal.code, detail: refusal.detail });
            Ok(())
        }
        Err(stop) => Err(stop),
    }
}

/// A record that the caller does not see is not there.
fn seen(
    shared: &Shared,
    conn: &mut Connection,
    actor: &Actor,
    (record_type, id): (&str, &RecordId),
    now: Timestamp,
    errors: &mut Vec<FieldError>,
) -> Result<(), Stop> {
    let library = shared.libraries.present(conn, &actor.business)?;
    match records::seen(conn, &library, actor, (record_type, id), now) {
        Ok(()) => Ok(()),
        Err(Stop::Refused(refusal)) if refusal.kind == RefusalKind::NotFound => {
            errors.push(missing("/record".to_owned(), format!("there is no {record_type} \"{id}\"")));
            Ok(())
        }
        Err(stop) => Err(stop),
    }
}

fn missing(pointer: String, detail: String) -> FieldError {
    FieldError { pointer, code: "not_there".to_owned(), detail }
}
