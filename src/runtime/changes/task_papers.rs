//! What people put beside tasks: saved lists, remarks and files. Whoever sees a task may read and add; nothing of it is
//! state of the engine, and all of it stays when the task has ended.

use super::stale::unchanged;
use crate::model::ids::{FileId, TaskId};
use crate::model::refusal::{FieldError, Refusal};
use crate::model::task::UserTask;
use crate::model::task_paper::{COMMENT_MOST, TaskComment, TaskFilter, TaskPaper};
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::plugins::records::files::MOST;
use crate::runtime::job::Job;
use crate::runtime::reads::task_filters;
use crate::runtime::request::Outcome;
use crate::runtime::shared::Shared;
use crate::runtime::{access, ids};
use crate::store::{Connection, files, task_filters as store, task_papers, tasks};

/// Characters of a name at most.
const NAME_MOST: usize = 200;
/// Roles that one list is shared with at most.
const ROLES_MOST: usize = 50;

pub(super) fn carry_out(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    paper: &TaskPaper,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    match paper {
        TaskPaper::CreateFilter(new) => {
            let owner = job.actor.user.clone();
            let new = TaskFilter { id: ids::new(), owner, created_at: now, updated_at: now, version: 1, ..new.clone() };
            keep(shared, conn, job, new)
        }
        TaskPaper::UpdateFilter(new) => {
            let TaskFilter { id, owner, created_at, version, .. } = own(conn, job, &new.id)?;
            let new = TaskFilter { id, owner, created_at, updated_at: now, version: version + 1, ..new.clone() };
            keep(shared, conn, job, new)
        }
        TaskPaper::DeleteFilter(id) => {
            let gone = own(conn, job, id)?;
            store::delete(conn, &job.actor.business, id)?;
            Ok(Outcome::Done { about: gone.owner })
        }
        TaskPaper::Comment { task, text } => comment(shared, conn, job, task, text, now),
        TaskPaper::Attach { task, file } => attach(shared, conn, job, task, file, now),
        TaskPaper::Detach { task, file } => detach(shared, conn, job, task, file),
    }
}

/// The caller's own list, at the version that the caller saw.
fn own(conn: &mut Connection, job: &Job, id: &str) -> Result<TaskFilter, Stop> {
    let asker = task_filters::asker(&job.actor);
    let present = store::find(conn, &asker, id)?.ok_or_else(|| Refusal::not_found("task filter", id))?;
    if present.owner != job.actor.user {
        let sentence = format!("the list {id} is {}'s; only its owner changes it", present.owner);
        return Err(Refusal::forbidden("not_owner", sentence).into());
    }
    unchanged(job.if_match, "task_filter", id, present.version, Some(&present))?;
    Ok(present)
}

fn keep(shared: &Shared, conn: &mut Connection, job: &Job, new: TaskFilter) -> Result<Outcome, Stop> {
    for (name, at) in [(&new.name.en, "/name/en"), (&new.name.zh, "/name/zh")] {
        if name.trim().is_empty() || name.chars().count() > NAME_MOST {
            return Err(wrong("wrong_name", format!("a name has 1 to {NAME_MOST} characters"), at).into());
        }
    }
    if new.roles.len() > ROLES_MOST {
        let sentence = format!("a list is shared with at most {ROLES_MOST} roles");
        return Err(wrong("too_many_roles", sentence, "/roles").into());
    }
    for (position, role) in new.roles.iter().enumerate() {
        if !job.actor.roles.contains(role) {
            access::require(&job.actor, access::PROCESS_ADMIN).map_err(|_| {
                let sentence =
                    format!("a list is shared with roles that one has; {} does not have \"{role}\"", job.actor.user);
                let error = wrong("role_missing", sentence.clone(), &format!("/roles/{position}"));
                Refusal::forbidden("role_missing", sentence).with_errors(error.errors)
            })?;
        }
    }
    task_filters::check(conn, shared, &job.actor, &new)?;
    store::upsert(conn, &job.actor.business, &new)?;
    Ok(Outcome::TaskFilter(new))
}

fn comment(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    task: &TaskId,
    text: &str,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let task = seen(shared, conn, job, task)?;
    if text.trim().is_empty() || text.chars().count() > COMMENT_MOST {
        return Err(wrong("wrong_comment", format!("a comment has 1 to {COMMENT_MOST} characters"), "/text").into());
    }
    let author = job.actor.user.clone();
    let new = TaskComment { id: ids::new(), task: task.id, author, text: text.to_owned(), at: now };
    task_papers::comment(conn, &job.actor.business, &new)?;
    Ok(Outcome::TaskComment(new))
}

fn attach(
    shared: &Shared,
    conn: &mut Connection,
    job: &Job,
    task: &TaskId,
    file: &FileId,
    now: Timestamp,
) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    let task = seen(shared, conn, job, task)?;
    let library = shared.libraries.present(conn, business)?;
    let gone = || wrong("not_there", format!("there is no file \"{file}\""), "/file");
    let mut found = files::find(conn, business, file)?.ok_or_else(gone)?;
    if !access::sees_file(conn, &job.actor, &library.definitions, &found, now)? {
        return Err(gone().into());
    }
    let present = task_papers::attachments(conn, business, &task.id)?;
    if present.len() >= MOST && present.iter().all(|(id, _)| id != file) {
        return Err(wrong("too_many_files", format!("a task holds at most {MOST} files"), "/file").into());
    }
    // A file that is being forgotten at this moment is not there.
    if !files::attach_to_task(conn, business, file, now)? {
        return Err(gone().into());
    }
    found.of_tasks |= found.attached_at.is_none();
    found.attached_at = found.attached_at.or(Some(now));
    task_papers::attach(conn, business, &task.id, file, (&job.actor.user, now))?;
    Ok(Outcome::File(found))
}

/// What was added stays when the task has ended; before, who added it or has the task takes it off.
fn detach(shared: &Shared, conn: &mut Connection, job: &Job, task: &TaskId, file: &FileId) -> Result<Outcome, Stop> {
    let business = &job.actor.business;
    let task = seen(shared, conn, job, task)?;
    let present = task_papers::attachments(conn, business, &task.id)?;
    let Some((_, by)) = present.into_iter().find(|(id, _)| id == file) else {
        return Err(Refusal::not_found("file", file).into());
    };
    if task.ended_at.is_some() {
        let sentence = format!("task {} has ended; its files stay as they are", task.id);
        return Err(Refusal::conflict("task_ended", sentence).into());
    }
    if by != job.actor.user && task.assignee.as_ref() != Some(&job.actor.user) {
        let sentence = format!("file {file} was added by {by}; who added it or has the task takes it off");
        return Err(Refusal::forbidden("not_owner", sentence).into());
    }
    task_papers::detach(conn, business, &task.id, file)?;
    Ok(Outcome::Done { about: by })
}

fn seen(shared: &Shared, conn: &mut Connection, job: &Job, task: &TaskId) -> Result<UserTask, Stop> {
    let visible = access::visible(conn, shared, &job.actor)?;
    let found = tasks::find(conn, &job.actor.business, task, &visible)?;
    Ok(found.ok_or_else(|| Refusal::not_found("user task", task))?)
}

fn wrong(code: &str, sentence: String, at: &str) -> Refusal {
    let error = FieldError { pointer: at.to_owned(), code: code.to_owned(), detail: sentence.clone() };
    Refusal::invalid(code, sentence).with_errors(vec![error])
}
