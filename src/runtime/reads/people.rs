//! Users of the caller's business.

use super::filter;
use crate::model::actor::Actor;
use crate::model::directory::User;
use crate::model::ids::UserId;
use crate::model::page::{Page, Search};
use crate::model::refusal::Refusal;
use crate::runtime::Runtime;
use crate::store::users;

impl Runtime {
    /// A user.
    pub async fn user(&self, actor: &Actor, id: &UserId) -> Result<User, Refusal> {
        let (business, id) = (actor.business.clone(), id.clone());
        self.read(move |conn, _| Ok(users::find(conn, &business, &id)?.ok_or_else(|| Refusal::not_found("user", &id))?))
            .await
    }

    /// A page of users, by login.
    pub async fn users(&self, actor: &Actor, search: Search) -> Result<Page<User>, Refusal> {
        filter::no_sort(&search)?;
        if let Some(condition) = search.filter.first() {
            return Err(filter::unknown(&condition.field, &["nothing"]));
        }
        let business = actor.business.clone();
        self.read(move |conn, _| {
            let limit = filter::limit(&search);
            let after = search.cursor.clone().map(UserId);
            let mut items = users::list(conn, &business, after.as_ref(), limit + 1)?;
            let more = items.len() > usize::try_from(limit).unwrap_or(0);
            items.truncate(usize::try_from(limit).unwrap_or(0));
            let next = if more { items.last().map(|user| user.id.0.clone()) } else { None };
            Ok(Page { items, next, total: users::count(conn, &business)? })
        })
        .await
    }
}
