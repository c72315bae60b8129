//! Units, positions and roles of the caller's business.

use super::filter;
use crate::model::actor::Actor;
use crate::model::directory::{Position, Role, Unit, UnitKind};
use crate::model::ids::UserId;
use crate::model::page::{Page, Search};
use crate::model::refusal::Refusal;
use crate::model::text::Text;
use crate::runtime::Runtime;
use crate::store::positions::{self, PositionQuery};
use crate::store::units::{self, UnitQuery};
use crate::store::{businesses, roles};
use std::collections::BTreeMap;

impl Runtime {
    /// A unit.
    pub async fn unit(&self, actor: &Actor, id: &str) -> Result<Unit, Refusal> {
        let (business, id) = (actor.business.clone(), id.to_owned());
        self.read(move |conn, _| Ok(units::find(conn, &business, &id)?.ok_or_else(|| Refusal::not_found("unit", &id))?))
            .await
    }

    /// A page of units, by id.
    pub async fn units(&self, actor: &Actor, search: Search) -> Result<Page<Unit>, Refusal> {
        filter::no_sort(&search)?;
        let mut query = UnitQuery {
            business: actor.business.clone(),
            parent: None,
            kind: None,
            after: search.cursor.clone(),
            limit: filter::limit(&search) + 1,
        };
        for condition in filter::conditions(&search)? {
            let text = filter::text(condition)?;
            match condition.field.as_str() {
                "parent" => query.parent = Some(text),
                "kind" => match UnitKind::parse(&text) {
                    Some(kind) => query.kind = Some(kind),
                    None => {
                        let kinds = UnitKind::ALL.map(UnitKind::name).join(", ");
                        return Err(filter::wrong("kind", &format!("is one of {kinds}")));
                    }
                },
                field => return Err(filter::unknown(field, &["parent", "kind"])),
            }
        }
        self.read(move |conn, _| {
            let items = units::search(conn, &query)?;
            Ok(filter::page_by_id(&search, items, |unit| unit.id.clone(), units::count(conn, &query)?))
        })
        .await
    }

    /// A position.
    pub async fn position(&self, actor: &Actor, id: &str) -> Result<Position, Refusal> {
        let (business, id) = (actor.business.clone(), id.to_owned());
        self.read(move |conn, _| {
            Ok(positions::find(conn, &business, &id)?.ok_or_else(|| Refusal::not_found("position", &id))?)
        })
        .await
    }

    /// A page of positions, by id.
    pub async fn positions(&self, actor: &Actor, search: Search) -> Result<Page<Position>, Refusal> {
        filter::no_sort(&search)?;
        let mut query = PositionQuery {
            business: actor.business.clone(),
            unit: None,
            user: None,
            at: None,
            after: search.cursor.clone(),
            limit: filter::limit(&search) + 1,
        };
        for condition in filter::conditions(&search)? {
            match condition.field.as_str() {
                "unit" => query.unit = Some(filter::text(condition)?),
                "user" => query.user = Some(UserId(filter::text(condition)?)),
                "at" => query.at = Some(filter::instant(condition)?),
                field => return Err(filter::unknown(field, &["unit", "user", "at"])),
            }
        }
        self.read(move |conn, _| {
            let items = positions::search(conn, &query)?;
            let count = positions::count(conn, &query)?;
            Ok(filter::page_by_id(&search, items, |position| position.id.clone(), count))
        })
        .await
    }

    /// The roles that the pack declares, with their titles, and others of which something is said; by name.
    pub async fn roles(&self, actor: &Actor) -> Result<Vec<(Role, Option<Text>)>, Refusal> {
        let business = actor.business.clone();
        self.read(move |conn, shared| {
            let deployed = businesses::find(conn, &business)?.is_some_and(|found| found.active_revision.is_some());
            let titles = match deployed {
                true => shared.libraries.active(conn, &business)?.definitions.pack.roles.clone(),
                false => BTreeMap::new(),
            };
            let silent = |name: &String| Role { name: name.clone(), limits: Default::default(), version: 0 };
            let mut all: BTreeMap<String, Role> = titles.keys().map(|name| (name.clone(), silent(name))).collect();
            all.extend(roles::list(conn, &business)?.into_iter().map(|role| (role.name.clone(), role)));
            let titled = |role: Role| {
                let title = titles.get(&role.name).cloned();
                (role, title)
            };
            Ok(all.into_values().map(titled).collect())
        })
        .await
    }
}
