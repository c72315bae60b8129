//! Remarks on tasks and their files: whoever sees a task sees them.

use super::filter;
use super::tasks::find;
use crate::model::actor::Actor;
use crate::model::file::File;
use crate::model::ids::{FileId, TaskId};
use crate::model::page::{Page, Search};
use crate::model::refusal::Refusal;
use crate::model::task_paper::TaskComment;
use crate::runtime::Runtime;
use crate::store::{files, task_papers};

impl Runtime {
    /// A page of the remarks on a task that the caller may see, oldest first.
    pub async fn task_comments(
        &self,
        actor: &Actor,
        id: &TaskId,
        search: Search,
    ) -> Result<Page<TaskComment>, Refusal> {
        filter::nothing(&search)?;
        let (actor, id) = (actor.clone(), id.clone());
        self.read(move |conn, shared| {
            find(conn, shared, &actor, &id)?;
            let limit = filter::limit(&search) + 1;
            let items = task_papers::comments(conn, &actor.business, &id, search.cursor.as_deref(), limit)?;
            let count = task_papers::count_comments(conn, &actor.business, &id)?;
            Ok(filter::page_by_id(&search, items, |comment| comment.id.clone(), count))
        })
        .await
    }

    /// The files of a task that the caller may see, in the order in which they were added.
    pub async fn task_attachments(&self, actor: &Actor, id: &TaskId) -> Result<Vec<File>, Refusal> {
        let (actor, id) = (actor.clone(), id.clone());
        self.read(move |conn, shared| {
            find(conn, shared, &actor, &id)?;
            let ids = task_papers::attachments(conn, &actor.business, &id)?;
            let ids: Vec<FileId> = ids.into_iter().map(|(file, _)| file).collect();
            let mut found = files::find_many(conn, &actor.business, &ids)?;
            found.sort_by_key(|file| ids.iter().position(|id| *id == file.id));
            Ok(found)
        })
        .await
    }
}
