//! Users of the caller's business.

use super::filter;
use crate::model::actor::Actor;
use crate::model::directory::User;
use crate::model::ids::UserId;
use crate::model::page::{Page, Search};
use crate::model::refusal::Refusal;
use crate::runtime::Runtime;
use crate::store::users::{self, UserQuery};

impl Runtime {
    /// A user.
    pub async fn user(&self, actor: &Actor, id: &UserId) -> Result<User, Refusal> {
        let (business, id) = (actor.business.clone(), id.clone());
        self.read(move |conn, _| Ok(users::find(conn, &business, &id)?.ok_or_else(|| Refusal::not_found("user", &id))?))
            .await
    }

    /// A page of users, by login.
    pub async fn users(&self, actor: &Actor, search: Search) -> Result<Page<User>, Refusal> {
        let query = query(actor, &search)?;
        let most = usize::try_from(filter::limit(&search)).unwrap_or(0);
        self.read(move |conn, _| {
            let mut items = users::search(conn, &query)?;
            let more = items.len() > most;
            items.truncate(most);
            let next = if more { items.last().map(|user| user.id.0.clone()) } else { None };
            Ok(Page { items, next, total: filter::total(users::count(conn, &query)?) })
        })
        .await
    }
}

/// Asks for one more than the page holds: it tells whether there is another page.
fn query(actor: &Actor, search: &Search) -> Result<UserQuery, Refusal> {
    filter::no_sort(search)?;
    let mut query = UserQuery {
        business: actor.business.clone(),
        role: None,
        active: None,
        after: search.cursor.clone().map(UserId),
        limit: filter::limit(search) + 1,
    };
    for condition in filter::conditions(search)? {
        let text = filter::text(condition)?;
        match (condition.field.as_str(), text.as_str()) {
            ("role", _) => query.role = Some(text),
            ("active", "true") => query.active = Some(true),
            ("active", "false") => query.active = Some(false),
            ("active", _) => return Err(filter::wrong("active", "is true or false")),
            (field, _) => return Err(filter::unknown(field, &["role", "active"])),
        }
    }
    Ok(query)
}
