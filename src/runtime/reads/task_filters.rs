//! Saved lists of tasks: those of a person, and those shared with the person's roles. What one names may be gone by the
//! time it is used; then it says so, as any search does.

use super::filter;
use super::task_filter;
use super::tasks::order;
use crate::model::actor::Actor;
use crate::model::filter as conditions;
use crate::model::page::{self, Page, Search};
use crate::model::refusal::{FieldError, Refusal};
use crate::model::task_paper::TaskFilter;
use crate::plugins::Stop;
use crate::runtime::Runtime;
use crate::runtime::shared::Shared;
use crate::store::Connection;
use crate::store::task_filters::{self, Asker};

impl Runtime {
    /// A saved list that the caller may use.
    pub async fn task_filter(&self, actor: &Actor, id: &str) -> Result<TaskFilter, Refusal> {
        let (actor, id) = (actor.clone(), id.to_owned());
        self.read(move |conn, _| find(conn, &actor, &id)).await
    }

    /// A page of the saved lists that the caller may use.
    pub async fn task_filters(&self, actor: &Actor, search: Search) -> Result<Page<TaskFilter>, Refusal> {
        filter::nothing(&search)?;
        let asker = asker(actor);
        self.read(move |conn, _| {
            let items = task_filters::list(conn, &asker, search.cursor.as_deref(), filter::limit(&search) + 1)?;
            let count = task_filters::count(conn, &asker)?;
            Ok(filter::page_by_id(&search, items, |filter| filter.id.clone(), count))
        })
        .await
    }
}

/// Who asks for saved lists.
pub fn asker(actor: &Actor) -> Asker {
    let roles = actor.roles.iter().cloned().collect();
    Asker { business: actor.business.clone(), user: actor.user.clone(), roles }
}

/// Refuses a list that makes no sense for who saves it.
pub fn check(conn: &mut Connection, shared: &Shared, actor: &Actor, saved: &TaskFilter) -> Result<(), Stop> {
    let search = with(Search::default(), saved)?;
    task_filter::read(conn, shared, actor, &search.filter)?;
    order(&search)?;
    Ok(())
}

/// The search with the conditions of the saved list that it names, and with its order when it has none of its own.
pub(super) fn opened(conn: &mut Connection, actor: &Actor, search: Search) -> Result<Search, Stop> {
    match &search.saved {
        None => Ok(search),
        Some(id) => {
            let saved = find(conn, actor, id)?;
            Ok(with(search, &saved)?)
        }
    }
}

fn find(conn: &mut Connection, actor: &Actor, id: &str) -> Result<TaskFilter, Stop> {
    let found = task_filters::find(conn, &asker(actor), id)?;
    Ok(found.ok_or_else(|| Refusal::not_found("task filter", id))?)
}

fn with(search: Search, saved: &TaskFilter) -> Result<Search, Refusal> {
    let read = conditions::parse(saved.filter.clone(), "/filter").map_err(malformed)?;
    let sort = match (search.sort, &saved.sort) {
        (None, Some(sort)) => {
            Some(page::order(sort).ok_or_else(|| filter::wrong_sort("sort takes the name of a field"))?)
        }
        (given, _) => given,
    };
    Ok(Search { filter: [search.filter, read].concat(), sort, ..search })
}

fn malformed(error: FieldError) -> Refusal {
    Refusal::invalid(&error.code, error.detail.clone()).with_errors(vec![error])
}
