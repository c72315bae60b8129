//! Incidents: for process administrators.

use super::filter;
use crate::model::actor::Actor;
use crate::model::event::Resolution;
use crate::model::ids::{IncidentId, InstanceId, UserId};
use crate::model::incident::Incident;
use crate::model::page::{Page, Search};
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;
use crate::runtime::{Runtime, access};
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
        let (business, id) = (actor.business.clone(), id.clone());
        self.read(move |conn, _| {
            let found = incidents::find(conn, &business, &id)?;
            Ok(view(found.ok_or_else(|| Refusal::not_found("incident", &id))?))
        })
        .await
    }

    /// A page of incidents.
    pub async fn incidents(&self, actor: &Actor, search: Search) -> Result<Page<IncidentView>, Refusal> {
        access::require(actor, access::PROCESS_ADMIN)?;
        let query = query(actor, &search)?;
        self.read(move |conn, _| {
            let found = incidents::search(conn, &query)?;
            let count = incidents::count(conn, &query)?;
            let items = found.items.into_iter().map(view).collect();
            Ok(filter::page(crate::store::page::Page { items, next: found.next }, count))
        })
        .await
    }
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
