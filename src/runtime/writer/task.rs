//! What is asked of an open task beside taking, giving back and finishing it: the caller may, the people are there, what
//! was entered fits; and the command that it becomes.

use super::command::{filled_in, open_task};
use super::intervention;
use crate::engine;
use crate::model::command::Command;
use crate::model::ids::TaskId;
use crate::model::instance::Instance;
use crate::model::intervention::{Intervene, Intervention};
use crate::model::refusal::{FieldError, Refusal};
use crate::model::task::{NewSubTask, TaskVerb};
use crate::model::task_change::TaskUpdate;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::access;
use crate::runtime::job::Job;
use crate::runtime::request::TaskRequest;
use crate::runtime::shelf::Shelf;
use crate::store::Connection;

/// Characters of a comment at most.
const COMMENT_MOST: usize = 2_000;
/// Characters of the title of a part at most.
pub(super) const TITLE_MOST: usize = 200;
/// People and roles that may take a part at most.
pub(super) const CANDIDATES_MOST: usize = 100;

/// The command for a request about a task.
pub fn command(
    conn: &mut Connection,
    job: &Job,
    instance: &Instance,
    shelf: &Shelf,
    (task, request): (&TaskId, &TaskRequest),
    now: Timestamp,
) -> Result<Command, Stop> {
    let open = open_task(job, instance, task)?;
    let (actor, id) = (&job.actor, task.clone());
    match request {
        TaskRequest::Assign(to) => {
            access::may_assign(conn, actor, open, now)?;
            let to = to.as_ref().map(|user| access::person(conn, actor, user)).transpose()?;
            Ok(Command::AssignTask { task: id, to })
        }
        TaskRequest::Delegate { to, comment } => {
            engine::capacities(open, TaskVerb::Delegate, actor).map_err(Refusal::from)?;
            let to = access::person(conn, actor, to)?;
            Ok(Command::DelegateTask { task: id, to, comment: short(comment.as_deref())? })
        }
        TaskRequest::Resolve(variables) => {
            let variables = filled_in(job, instance, shelf, (open, TaskVerb::Resolve), (variables, now))?;
            Ok(Command::ResolveTask { task: id, variables })
        }
        TaskRequest::Decide(decide) => Ok(Command::Decide { task: id, decide: decide.clone() }),
        TaskRequest::Update(update) => {
            access::may_update(conn, actor, open, update, now)?;
            Ok(Command::UpdateTask { task: id, update: in_range(update)?.clone() })
        }
        TaskRequest::Cancel(reason) => {
            engine::capacities(open, TaskVerb::Cancel, actor).map_err(Refusal::from)?;
            let (reason, what) = (intervention::optional(reason)?, Intervention::Cancel);
            Ok(Command::Intervene(Intervene { instance: instance.id.clone(), what, reason }))
        }
        TaskRequest::CreateSubTask(new) => {
            if open.parent.is_none() {
                engine::capacities(open, TaskVerb::CreateSubTask, actor).map_err(Refusal::from)?;
            }
            for user in new.assignee.iter().chain(&new.candidate_users) {
                access::person(conn, actor, user)?;
            }
            Ok(Command::CreateSubTask { task: id, new: fitting(new)?.clone() })
        }
    }
}

fn short(comment: Option<&str>) -> Result<Option<String>, Refusal> {
    let comment = comment.map(str::trim).filter(|comment| !comment.is_empty());
    match comment {
        Some(long) if long.chars().count() > COMMENT_MOST => {
            Err(wrong("/comment", format!("a comment has at most {COMMENT_MOST} characters")))
        }
        comment => Ok(comment.map(str::to_owned)),
    }
}

fn fitting(new: &NewSubTask) -> Result<&NewSubTask, Refusal> {
    let NewSubTask { title, assignee, candidate_users, candidate_groups, priority, .. } = new;
    let title = title.en.trim();
    if title.is_empty() || title.chars().count() > TITLE_MOST {
        return Err(wrong("/title", format!("a title has 1 to {TITLE_MOST} characters")));
    }
    let candidates = candidate_users.len() + candidate_groups.len();
    if candidates > CANDIDATES_MOST {
        return Err(wrong("/candidateUsers", format!("a task has at most {CANDIDATES_MOST} candidates")));
    }
    if assignee.is_some() == (candidates > 0) {
        return Err(wrong("/assignee", "say \"assignee\", or who may take it: one of both".to_owned()));
    }
    urgency(*priority).map(|()| new)
}

pub(super) fn urgency(priority: Option<i64>) -> Result<(), Refusal> {
    match priority {
        Some(priority) if !(0..=100).contains(&priority) => {
            Err(wrong("/priority", "a priority is a whole number from 0 to 100".to_owned()))
        }
        _ => Ok(()),
    }
}

fn in_range(update: &TaskUpdate) -> Result<&TaskUpdate, Refusal> {
    if update == &TaskUpdate::default() {
        return Err(wrong("", "say \"priority\", \"due\" or \"followUp\"".to_owned()));
    }
    urgency(update.priority).map(|()| update)
}

pub(super) fn wrong(pointer: &str, detail: String) -> Refusal {
    let error = FieldError { pointer: pointer.to_owned(), code: "invalid_task".to_owned(), detail: detail.clone() };
    Refusal::invalid("invalid_task", detail).with_errors(vec![error])
}
