//! The revisions that the commands of one root run on: the one that it is pinned to, those that processes which it called
//! are pinned to, and the active one when something of these asks for it. Read once for a command, so that all of its
//! steps go by the same.

use super::libraries::Libraries;
use super::library::Library;
use crate::engine::{Context, Revision};
use crate::model::actor::Actor;
use crate::model::ids::BusinessId;
use crate::model::instance::{Instance, Scope, TokenId};
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::store::Connection;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The revisions of one root.
pub struct Shelf {
    /// The one that the root is pinned to.
    pub pinned: Arc<Library>,
    called: Vec<Arc<Library>>,
    latest: Option<Arc<Library>>,
    time_zone: String,
}

/// What is known of the business beforehand.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// The business.
    pub business: &'a BusinessId,
    /// Its active revision.
    pub active: Option<i64>,
    /// The IANA name of its time zone.
    pub time_zone: &'a str,
}

impl Shelf {
    /// The revisions for a root that is pinned to this library; `state` is what it is now, none when it is to be begun.
    pub fn of(
        libraries: &Libraries,
        conn: &mut Connection,
        given: Given,
        pinned: Arc<Library>,
        state: Option<&Instance>,
    ) -> Result<Shelf, Stop> {
        let Given { business, active, time_zone } = given;
        let scopes = state.into_iter().flat_map(|state| state.scopes.values());
        let numbers: BTreeSet<i64> = scopes.filter_map(|scope| scope.revision).collect();
        let mut called = Vec::new();
        for number in numbers.into_iter().filter(|number| *number != pinned.number) {
            called.push(libraries.get(conn, business, number)?);
        }
        let asked = [&pinned].into_iter().chain(&called).any(|library| library.asks_latest);
        let latest = match active.filter(|_| asked) {
            Some(number) if number == pinned.number => Some(pinned.clone()),
            Some(number) => Some(libraries.get(conn, business, number)?),
            None => None,
        };
        Ok(Shelf { pinned, called, latest, time_zone: time_zone.to_owned() })
    }

    /// The library of a revision; none: the one that the root is pinned to.
    pub fn library(&self, number: Option<i64>) -> &Arc<Library> {
        let mut others = self.called.iter().chain(&self.latest);
        number.and_then(|number| others.find(|library| library.number == number)).unwrap_or(&self.pinned)
    }

    /// The library of the scope in which a token runs.
    pub fn library_at(&self, instance: &Instance, token: TokenId) -> &Arc<Library> {
        let scope = instance.tokens.get(&token).and_then(|token| instance.scopes.get(&token.scope));
        self.library(scope.and_then(|scope: &Scope| scope.revision))
    }

    /// What the engine needs to know besides the command.
    pub fn context<'a>(&'a self, actor: &'a Actor, now: Timestamp) -> Context<'a> {
        Context {
            now,
            actor,
            time_zone: &self.time_zone,
            pinned: revision(&self.pinned),
            called: self.called.iter().map(|library| revision(library)).collect(),
            latest: self.latest.as_deref().map(revision),
        }
    }
}

fn revision(library: &Library) -> Revision<'_> {
    let definitions = &library.definitions;
    Revision {
        number: library.number,
        processes: &definitions.processes,
        scripts: &library.scripts,
        roles: &definitions.pack.roles,
    }
}
