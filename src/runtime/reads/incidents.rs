//! Incidents: for process administrators.

use super::filter;
use super::masks::{Masks, mask_together};
use crate::model::actor::Actor;
use crate::model::event::Resolution;
use crate::model::ids::{IncidentId, InstanceId, UserId};
use crate::model::incident::Incident;
use crate::model::json::Json;
use crate::model::page::{Page, Search};
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::plugins::Stop;
use crate::runtime::shared::Shared;
use crate::runtime::{Runtime, access};
use crate::store::Connection;
use crate::store::incidents::{self, IncidentQuery, StoredIncident};

/// An incident with how it ended.
#[derive(Debug, Clone, PartialEq)]
pub struct IncidentView {
    /// The incident.
    pub incident: Incident,
    /// `open` or `resolved`.
    pub state: &'static str,
    /// When it ended.
    pub resolved_at: Option<Timestamp>,
    /// Who saw to it.
    pub resolved_by: Option<UserId>,
    /// How.
    pub resolution: Option<Resolution>,
}

impl Runtime {
    /// An incident.
    pub async fn incident(&self, actor: &Actor, id: &IncidentId) -> Result<IncidentView, Refusal> {
        access::require(actor, access::PROCESS_ADMIN)?;
        let (actor, id) = (actor.clone(), id.clone());
        self.read(move |conn, shared| {
            let found = incidents::find(conn, &actor.business, &id)?;
            let mut found = vec![found.ok_or_else(|| Refusal::not_found("incident", &id))?];
            mask(conn, shared, &actor, &mut found)?;
            Ok(found.pop().map(view).ok_or_else(|| Refusal::not_found("incident", &id))?)
        })
        .await
    }

    /// A page of incidents.
    pub async fn incidents(&self, actor: &Actor, search: Search) -> Result<Page<IncidentView>, Refusal> {
        access::require(actor, access::PROCESS_ADMIN)?;
        let (actor, query) = (actor.clone(), query(actor, &search)?);
        self.read(move |conn, shared| {
            let mut found = incidents::search(conn, &query)?;
            mask(conn, shared, &actor, &mut found.items)?;
            let count = incidents::count(conn, &query)?;
            let items = found.items.into_iter().map(view).collect();
            Ok(filter::page(crate::store::page::Page { items, next: found.next }, count))
        })
        .await
    }
}

fn mask(conn: &mut Connection, shared: &Shared, actor: &Actor, found: &mut [StoredIncident]) -> Result<(), Stop> {
    let ids: Vec<InstanceId> = found.iter().map(|found| found.incident.instance.clone()).collect();
    let masked = Masks::new(shared, actor).of_instances(conn, &ids)?;
    for StoredIncident { incident, .. } in found {
        if let Some(masked) = masked.get(&incident.instance) {
            let mut message = Json::from(std::mem::take(&mut incident.failure.message));
            mask_together([&mut incident.failure.input, &mut message], masked);
            incident.failure.message = message.as_str().unwrap_or_default().to_owned();
        }
    }
    Ok(())
}

fn view(stored: StoredIncident) -> IncidentView {
    let resolved = stored.resolved;
    IncidentView {
        incident: stored.incident,
        state: if resolved.is_some() { "resolved" } else { "open" },
        resolved_at: resolved.as_ref().map(|resolved| resolved.at),
        resolved_by: resolved.as_ref().map(|resolved| resolved.by.clone()),
        resolution: resolved.as_ref().map(|resolved| resolved.how),
    }
}

fn query(actor: &Actor, search: &Search) -> Result<IncidentQuery, Refusal> {
    filter::no_sort(search)?;
    let mut query = IncidentQuery {
        business: actor.business.clone(),
        open: None,
        process: None,
        instance: None,
        node: None,
        code: None,
        after: filter::after(search)?,
        limit: filter::limit(search),
    };
    for condition in filter::conditions(search)? {
        let text = filter::text(condition)?;
        match (condition.field.as_str(), text.as_str()) {
            ("state", "open") => query.open = Some(true),
            ("state", "resolved") => query.open = Some(false),
            ("state", _) => return Err(filter::wrong("state", "is open or resolved")),
            ("process", _) => query.process = Some(text),
            ("instance", _) => query.instance = Some(InstanceId(text)),
            ("node", _) => query.node = Some(text),
            ("code", _) => query.code = Some(text),
            (field, _) => return Err(filter::unknown(field, &["state", "process", "instance", "node", "code"])),
        }
    }
    Ok(query)
}
