//! Users of the caller's business.

use super::filter;
use crate::model::actor::Actor;
use crate::model::directory::User;
use crate::model::ids::UserId;
use crate::model::page::{Page, Search};
use crate::model::refusal::Refusal;
use crate::runtime::{Runtime, access};
use crate::store::superiors::{self, RelativeQuery};
use crate::store::users::{self, UserQuery};

pub use crate::store::superiors::{Relative, Towards};

impl Runtime {
    /// A user.
    pub async fn user(&self, actor: &Actor, id: &UserId) -> Result<User, Refusal> {
        let (business, id) = (actor.business.clone(), id.clone());
        self.read(move |conn, _| Ok(users::find(conn, &business, &id)?.ok_or_else(|| Refusal::not_found("user", &id))?))
            .await
    }

    /// A page of those who stand above or below a user, the nearest first. Who stands below somebody, only that person
    /// is shown, its superiors and an administrator.
    pub async fn relatives(
        &self,
        actor: &Actor,
        user: &UserId,
        towards: Towards,
        search: Search,
    ) -> Result<Page<Relative>, Refusal> {
        filter::no_sort(&search)?;
        let now = self.now();
        let mut query = RelativeQuery {
            business: actor.business.clone(),
            user: user.clone(),
            towards,
            at: now,
            direct: false,
            after: filter::after(&search)?,
            limit: filter::limit(&search),
        };
        for condition in filter::conditions(&search)? {
            match condition.field.as_str() {
                "at" => query.at = filter::instant(condition)?,
                "direct" => query.direct = filter::truth(condition)?,
                field => return Err(filter::unknown(field, &["at", "direct"])),
            }
        }
        let actor = actor.clone();
        self.read(move |conn, _| {
            if users::find(conn, &query.business, &query.user)?.is_none() {
                return Err(Refusal::not_found("user", &query.user).into());
            }
            if towards == Towards::Subordinates && !access::speaks_for(conn, &actor, &query.user, now)? {
                return Err(Refusal::not_found("list of subordinates", &query.user).into());
            }
            let found = superiors::search(conn, &query)?;
            Ok(filter::page(found, superiors::count(conn, &query)?))
        })
        .await
    }

    /// A page of users, by login.
    pub async fn users(&self, actor: &Actor, search: Search) -> Result<Page<User>, Refusal> {
        let query = query(actor, &search)?;
        self.read(move |conn, _| {
            let items = users::search(conn, &query)?;
            Ok(filter::page_by_id(&search, items, |user| user.id.0.clone(), users::count(conn, &query)?))
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
        match condition.field.as_str() {
            "role" => query.role = Some(filter::text(condition)?),
            "active" => query.active = Some(filter::truth(condition)?),
            field => return Err(filter::unknown(field, &["role", "active"])),
        }
    }
    Ok(query)
}
