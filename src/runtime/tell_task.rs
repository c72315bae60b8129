//! How changes of open tasks read in the history.

use crate::model::eligibility::Proven;
use crate::model::ids::UserId;
use crate::model::json::Json;
use crate::model::task::UserTask;
use crate::model::task_change::{TaskChange, TaskChanged, TaskUpdate};
use serde_json::json;

/// What there is to say of a new task.
pub fn created(task: &UserTask) -> Json {
    let mut data = json!({ "task": task.id, "assignee": task.assignee, "candidateUsers": task.candidate_users,
        "candidateGroups": task.candidate_groups });
    if let (Json::Object(fields), Some(parent)) = (&mut data, &task.parent) {
        fields.insert("parent".to_owned(), parent.as_str().into());
    }
    data
}

/// The kind of a change, and what to say about it.
pub fn changed(TaskChanged { task, change, .. }: &TaskChanged) -> (&'static str, Json) {
    match change {
        TaskChange::Unclaimed => ("task_unclaimed", json!({ "task": task })),
        TaskChange::Assigned { to } => ("task_assigned", json!({ "task": task, "to": to })),
        TaskChange::Delegated { to, comment } => {
            ("task_delegated", json!({ "task": task, "to": to, "comment": comment }))
        }
        TaskChange::Resolved { acting_for } => ("task_resolved", for_whom(json!({ "task": task }), acting_for)),
        TaskChange::Updated(update) => ("task_updated", updated(json!({ "task": task }), update)),
        TaskChange::Reminded { users, groups } => {
            ("task_reminded", json!({ "task": task, "users": users, "groups": groups }))
        }
        TaskChange::Escalated { users, groups } => {
            ("task_escalated", json!({ "task": task, "users": users, "groups": groups }))
        }
    }
}

/// Says for whom it was done, by the substitute.
pub fn for_whom(mut data: Json, acting_for: &Option<UserId>) -> Json {
    if let (Json::Object(fields), Some(user)) = (&mut data, acting_for) {
        fields.insert("actingFor".to_owned(), user.as_str().into());
    }
    data
}

/// Says what was found of the tasks that decide who may do it; nothing where none does.
pub fn proven(mut data: Json, duties: &[Proven]) -> Json {
    let one = |duty: &Proven| {
        let rule = if duty.same { "sameAs" } else { "notSameAs" };
        json!({ rule: duty.other, "doneBy": duty.done_by, "by": duty.hands })
    };
    if let (Json::Object(fields), false) = (&mut data, duties.is_empty()) {
        fields.insert("duties".to_owned(), duties.iter().map(one).collect());
    }
    data
}

fn updated(mut data: Json, update: &TaskUpdate) -> Json {
    let TaskUpdate { priority, due, follow_up } = update;
    let instant = |at: &Option<_>| at.map_or(Json::Null, |at: crate::model::time::Timestamp| at.rfc3339().into());
    if let Json::Object(fields) = &mut data {
        fields.extend(priority.map(|priority| ("priority".to_owned(), priority.into())));
        fields.extend(due.as_ref().map(|due| ("due".to_owned(), instant(due))));
        fields.extend(follow_up.as_ref().map(|at| ("followUp".to_owned(), instant(at))));
    }
    data
}
