//! Absences and substitutions that the caller may see.

use super::filter;
use crate::model::absence::{Absence, Substitution};
use crate::model::actor::Actor;
use crate::model::page::{Page, Search};
use crate::model::refusal::Refusal;
use crate::runtime::{Runtime, access};
use crate::store::absences::{self, AbsenceQuery};
use crate::store::substitutions::{self, SubstitutionQuery};

impl Runtime {
    /// An absence of the caller or of somebody below.
    pub async fn absence(&self, actor: &Actor, id: &str) -> Result<Absence, Refusal> {
        let (actor, id, now) = (actor.clone(), id.to_owned(), self.now());
        self.read(move |conn, _| {
            let gone = || Refusal::not_found("absence", &id);
            let found = absences::find(conn, &actor.business, &id)?.ok_or_else(gone)?;
            match access::speaks_for(conn, &actor, &found.user, now)? {
                true => Ok(found),
                false => Err(gone().into()),
            }
        })
        .await
    }

    /// A page of these, in the order in which they were said.
    pub async fn absences(&self, actor: &Actor, search: Search) -> Result<Page<Absence>, Refusal> {
        filter::no_sort(&search)?;
        let mut query = AbsenceQuery {
            business: actor.business.clone(),
            seen_by: access::seen_by(actor, self.now()),
            user: None,
            at: None,
            after: search.cursor.clone(),
            limit: filter::limit(&search) + 1,
        };
        for condition in filter::conditions(&search)? {
            match condition.field.as_str() {
                "user" => query.user = Some(filter::person(actor, filter::text(condition)?)),
                "at" => query.at = Some(filter::instant(condition)?),
                field => return Err(filter::unknown(field, &["user", "at"])),
            }
        }
        self.read(move |conn, _| {
            let items = absences::search(conn, &query)?;
            Ok(filter::page_by_id(&search, items, |absence| absence.id.clone(), absences::count(conn, &query)?))
        })
        .await
    }

    /// A substitution by or for the caller, or for somebody below.
    pub async fn substitution(&self, actor: &Actor, id: &str) -> Result<Substitution, Refusal> {
        let (actor, id, now) = (actor.clone(), id.to_owned(), self.now());
        self.read(move |conn, _| {
            let gone = || Refusal::not_found("substitution", &id);
            let found = substitutions::find(conn, &actor.business, &id)?.ok_or_else(gone)?;
            match found.user == actor.user || access::speaks_for(conn, &actor, &found.for_user, now)? {
                true => Ok(found),
                false => Err(gone().into()),
            }
        })
        .await
    }

    /// A page of these, in the order in which they were said.
    pub async fn substitutions(&self, actor: &Actor, search: Search) -> Result<Page<Substitution>, Refusal> {
        filter::no_sort(&search)?;
        let mut query = SubstitutionQuery {
            business: actor.business.clone(),
            seen_by: access::seen_by(actor, self.now()),
            user: None,
            for_user: None,
            at: None,
            after: search.cursor.clone(),
            limit: filter::limit(&search) + 1,
        };
        for condition in filter::conditions(&search)? {
            match condition.field.as_str() {
                "user" => query.user = Some(filter::person(actor, filter::text(condition)?)),
                "forUser" => query.for_user = Some(filter::person(actor, filter::text(condition)?)),
                "at" => query.at = Some(filter::instant(condition)?),
                field => return Err(filter::unknown(field, &["user", "forUser", "at"])),
            }
        }
        self.read(move |conn, _| {
            let items = substitutions::search(conn, &query)?;
            let count = substitutions::count(conn, &query)?;
            Ok(filter::page_by_id(&search, items, |substitution| substitution.id.clone(), count))
        })
        .await
    }
}
