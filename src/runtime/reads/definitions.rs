//! Revisions and what is in them.

use crate::model::actor::Actor;
use crate::model::finding::Finding;
use crate::model::ids::BusinessId;
use crate::model::impact::Report;
use crate::model::refusal::Refusal;
use crate::model::revision::{Files, Revision};
use crate::runtime::library::{self, Library};
use crate::runtime::{Runtime, access, built_in, off_the_loop};
use crate::store::{Connection, StoreError, businesses, clients, revisions, users};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Revisions listed at most.
const MOST: i64 = 200;

impl Runtime {
    /// The revisions of the caller's business, newest first, and whether each is the active one.
    pub async fn deployments(&self, actor: &Actor) -> Result<Vec<(Revision, bool)>, Refusal> {
        let business = actor.business.clone();
        self.read(move |conn, _| {
            let active = businesses::active_revisions(conn, std::slice::from_ref(&business))?;
            let active = active.first().map(|(_, number)| *number);
            let all = revisions::list(conn, &business, None, MOST)?;
            Ok(all
                .into_iter()
                .map(|revision| (active == Some(revision.number), revision))
                .map(|(a, r)| (r, a))
                .collect())
        })
        .await
    }

    /// What checking these files for the caller's business finds, and what they would do to the records that are there;
    /// nothing is deployed.
    pub async fn validate(&self, actor: &Actor, files: Files) -> Result<(Vec<Finding>, Report), Refusal> {
        access::require(actor, access::PROCESS_ADMIN)?;
        let (business, of) = (actor.business.clone(), actor.business.clone());
        let checked = off_the_loop(move || library::check(&files, &of)).await?;
        let (mut findings, mut report) = (checked.findings, Report::default());
        if let Some(library) = checked.library {
            let read =
                self.read(move |conn, _| Ok((held_roles(conn, &business)?, users::roles_by_user(conn, &business)?)));
            let (held, people) = read.await?;
            findings.extend(access::warnings::of_roles(&library.definitions, &held));
            findings.extend(access::satisfiable::of_duties(&library.definitions, &people));
            report = self.compare(&actor.business, Arc::new(library)).await?.report;
        }
        Ok((findings, report))
    }

    /// What the caller's business goes by for a process: the active revision, or what kamflow brings along.
    pub async fn definitions_of(&self, actor: &Actor, process: &str) -> Result<Arc<Library>, Refusal> {
        let (business, process) = (actor.business.clone(), process.to_owned());
        self.read(move |conn, shared| {
            let present = shared.libraries.present(conn, &business)?;
            if present.definitions.processes.contains_key(&process) {
                return Ok(present);
            }
            let own = shared.libraries.get(conn, &business, built_in::newest())?;
            match own.definitions.processes.contains_key(&process) {
                true => Ok(own),
                false => Err(Refusal::not_found("process", &process).into()),
            }
        })
        .await
    }

    /// What kamflow brings along.
    pub async fn built_in(&self, actor: &Actor) -> Result<Arc<Library>, Refusal> {
        let business = actor.business.clone();
        self.read(move |conn, shared| shared.libraries.get(conn, &business, built_in::newest())).await
    }

    /// The active revision of the caller's business.
    pub async fn definitions(&self, actor: &Actor) -> Result<Arc<Library>, Refusal> {
        let business = actor.business.clone();
        self.read(move |conn, shared| shared.libraries.active(conn, &business)).await
    }
}

/// The roles that active people and service accounts have.
fn held_roles(conn: &mut Connection, business: &BusinessId) -> Result<BTreeSet<String>, StoreError> {
    let mut held: BTreeSet<String> = users::roles_held(conn, business)?.into_iter().collect();
    held.extend(clients::list(conn, business, None, i64::MAX)?.into_iter().flat_map(|account| account.client.roles));
    Ok(held)
}
