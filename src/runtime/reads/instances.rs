//! Process instances, their variables and their history.

use super::filter;
use super::masks::Masks;
use super::tasks::slot_filters;
use crate::model::actor::Actor;
use crate::model::history::HistoryEntry;
use crate::model::ids::{InstanceId, root_of};
use crate::model::instance::{InstanceState, InstanceSummary};
use crate::model::json::{Json, JsonMap};
use crate::model::page::{Page, Search};
use crate::model::refusal::Refusal;
use crate::plugins::Stop;
use crate::runtime::shared::Shared;
use crate::runtime::{Runtime, access};
use crate::store::instances::{self, InstanceQuery};
use crate::store::{Connection, history};

const FILTERS: [&str; 6] = ["process", "state", "businessKey", "starter", "parent", "variables.<name>"];

impl Runtime {
    /// An instance that the caller may see, with its variables.
    pub async fn instance(&self, actor: &Actor, id: &InstanceId) -> Result<(InstanceSummary, JsonMap), Refusal> {
        let (actor, id) = (actor.clone(), id.clone());
        self.read(move |conn, shared| {
            let mut summary = find(conn, shared, &actor, &id)?;
            let loaded = instances::load(conn, &[(actor.business.clone(), root_of(id.as_str()))])?;
            let scopes = loaded.into_iter().next().map(|(instance, _)| instance.scopes).unwrap_or_default();
            let of = scopes.values().find(|scope| scope.instance == id && scope.node.is_none());
            let mut variables = of.map(|scope| scope.variables.clone()).unwrap_or_default();
            variables.remove("input");
            let mut masks = Masks::new(shared, &actor);
            let masked = masks.of(conn, summary.revision)?;
            summary.search = access::mask_fields(summary.search, masked);
            Ok((summary, access::mask_fields(variables, masked)))
        })
        .await
    }

    /// A page of the instances that the caller may see, newest first.
    pub async fn instances(&self, actor: &Actor, search: Search) -> Result<Page<InstanceSummary>, Refusal> {
        let actor = actor.clone();
        self.read(move |conn, shared| {
            let query = query(conn, shared, &actor, &search)?;
            let mut found = instances::search(conn, &query)?;
            let mut masks = Masks::new(shared, &actor);
            for summary in &mut found.items {
                summary.search =
                    access::mask_fields(std::mem::take(&mut summary.search), masks.of(conn, summary.revision)?);
            }
            Ok(filter::page(found, instances::count(conn, &query)?))
        })
        .await
    }

    /// The history of an instance's root, after an entry.
    pub async fn history(
        &self,
        actor: &Actor,
        id: &InstanceId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<HistoryEntry>, Refusal> {
        let (actor, id) = (actor.clone(), id.clone());
        self.read(move |conn, shared| {
            let revision = find(conn, shared, &actor, &id)?.revision;
            let limit = i64::try_from(limit).unwrap_or(1);
            let mut entries = history::list(conn, &actor.business, &root_of(id.as_str()), after, limit)?;
            // As one document: the message of an incident repeats what stands in the input of an action.
            let mut data = Json::Array(entries.iter_mut().map(|entry| entry.data.take()).collect());
            access::mask(&mut data, Masks::new(shared, &actor).of(conn, revision)?);
            if let Json::Array(data) = data {
                entries.iter_mut().zip(data).for_each(|(entry, data)| entry.data = data);
            }
            Ok(entries)
        })
        .await
    }
}

pub(super) fn find(
    conn: &mut Connection,
    shared: &Shared,
    actor: &Actor,
    id: &InstanceId,
) -> Result<InstanceSummary, Stop> {
    let visible = access::visible(conn, shared, actor)?;
    let found = instances::find(conn, &actor.business, id, &visible)?;
    Ok(found.ok_or_else(|| Refusal::not_found("process instance", id))?)
}

fn query(conn: &mut Connection, shared: &Shared, actor: &Actor, search: &Search) -> Result<InstanceQuery, Stop> {
    filter::no_sort(search)?;
    let mut query = InstanceQuery {
        business: actor.business.clone(),
        visible: access::visible(conn, shared, actor)?,
        process: None,
        state: None,
        business_key: None,
        starter: None,
        parent: None,
        built_in: false,
        search: Vec::new(),
        after: filter::after(search)?,
        limit: filter::limit(search),
    };
    let mut variables = Vec::new();
    for condition in filter::conditions(search)? {
        let text = filter::text(condition)?;
        match condition.field.as_str() {
            "process" => query.process = Some(text),
            "state" => {
                let state = InstanceState::parse(&text);
                let words = "is one of active, suspended, completed, ended_with_error, cancelled";
                query.state = Some(state.ok_or_else(|| filter::wrong("state", words))?);
            }
            "businessKey" => query.business_key = Some(text),
            "starter" => query.starter = Some(filter::person(actor, text)),
            "parent" => query.parent = Some(InstanceId(text)),
            field => match field.strip_prefix("variables.") {
                Some(name) => variables.push((name.to_owned(), text)),
                None => return Err(filter::unknown(field, &FILTERS).into()),
            },
        }
    }
    // Each would stand between the processes of the business: who asks for them by name sees them.
    query.built_in = query.process.is_some();
    query.search = slot_filters(conn, shared, actor, query.process.as_deref(), variables)?;
    Ok(query)
}
