//! A user task, with what the caller may do with it.

use super::text::TextView;
use crate::model::ids::{root_of, token_name};
use crate::model::json::JsonMap;
use crate::model::task::{Delegation, SeenTask, TaskVerb};
use serde::Serialize;
use utoipa::ToSchema;

/// A user task.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = UserTask)]
pub(in crate::api) struct TaskView {
    /// Its id.
    id: String,
    /// The process instance it belongs to.
    instance: String,
    /// The process of that instance.
    process: String,
    /// Its node in the process.
    node: String,
    /// Its title.
    title: TextView,
    /// What there is to say of it.
    description: Option<String>,
    /// `created`, `claimed`, `completed` or `cancelled`.
    state: &'static str,
    /// Who has it.
    assignee: Option<String>,
    /// Who may claim it by name.
    candidate_users: Vec<String>,
    /// Roles whose members may claim it.
    candidate_groups: Vec<String>,
    /// The form to show.
    form: Option<String>,
    /// The outcomes to choose from.
    outcomes: Vec<String>,
    /// 0 to 100, higher first.
    priority: i64,
    /// When it is due.
    due: Option<String>,
    /// The search variables of the process, as they were when the task was created.
    #[schema(value_type = Object)]
    search: JsonMap,
    /// The record that its process is about, by id.
    subject: Option<String>,
    /// When it was created.
    created_at: String,
    /// When it ended.
    ended_at: Option<String>,
    /// Who completed it.
    completed_by: Option<String>,
    /// How it was completed.
    outcome: Option<String>,
    /// Counts its changes; also its ETag.
    version: i64,
    /// Whether its instance is suspended: nothing can be done with it until that is resumed.
    suspended: bool,
    /// Who delegated it and answers for it.
    owner: Option<String>,
    /// `pending` while the delegate has it, `resolved` when it was given back done.
    delegation: Option<&'static str>,
    /// For whom the assignee has it, as the substitute.
    acting_for: Option<String>,
    /// For whom it was completed, by the substitute.
    completed_for: Option<String>,
    /// Who did a part of it as a delegate.
    helpers: Vec<String>,
    /// When whoever has it wants to come back to it.
    follow_up: Option<String>,
    /// The task that it is a part of.
    parent: Option<String>,
    /// Logins that it was escalated to: they may take it.
    escalated_to_users: Vec<String>,
    /// Roles that it was escalated to.
    escalated_to_groups: Vec<String>,
    /// The approval whose vote it is; null: it is no vote.
    approval: Option<String>,
    /// How many remarks there are on it.
    comments: i64,
    /// How many files it has.
    attachments: i64,
    /// What the caller may do with it now: `claim`, `unclaim`, `complete`, or `decide` a vote, `delegate`, `resolve`,
    /// `createSubTask`, `assign`, `update`; `cancel` one that the caller made by itself.
    #[schema(value_type = Vec<String>)]
    allowed_actions: Vec<&'static str>,
}

/// Shows a task to a caller who may do this with it.
pub(in crate::api) fn task(seen: SeenTask) -> TaskView {
    let SeenTask { task, verbs, papers } = seen;
    let raised = task.raised.unwrap_or_default();
    TaskView {
        allowed_actions: verbs.into_iter().map(TaskVerb::name).collect(),
        approval: task.seat.map(|_| token_name(&root_of(task.id.as_str()), task.token)),
        id: task.id.0,
        instance: task.instance.0,
        process: task.process,
        node: task.node.to_string(),
        title: TextView::from(&task.title),
        description: task.description,
        comments: papers.comments,
        attachments: papers.attachments,
        state: task.state.name(),
        assignee: task.assignee.map(|user| user.0),
        candidate_users: task.candidate_users.into_iter().map(|user| user.0).collect(),
        candidate_groups: task.candidate_groups,
        form: task.form,
        outcomes: task.outcomes,
        priority: task.priority,
        due: task.due.map(|at| at.rfc3339()),
        search: task.search,
        subject: task.subject.map(|subject| subject.0),
        created_at: task.created_at.rfc3339(),
        ended_at: task.ended_at.map(|at| at.rfc3339()),
        completed_by: task.completed_by.map(|user| user.0),
        outcome: task.outcome,
        version: task.version,
        suspended: task.suspended,
        owner: task.owner.map(|user| user.0),
        delegation: task.delegation.map(Delegation::name),
        acting_for: task.acting_for.map(|user| user.0),
        completed_for: task.completed_for.map(|user| user.0),
        helpers: task.helpers.into_iter().map(|user| user.0).collect(),
        follow_up: task.follow_up.map(|at| at.rfc3339()),
        parent: task.parent.map(|task| task.0),
        escalated_to_users: raised.users.into_iter().map(|user| user.0).collect(),
        escalated_to_groups: raised.groups,
    }
}
