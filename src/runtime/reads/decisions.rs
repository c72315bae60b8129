//! Decision records with their explanation in the caller's language.

use super::masks::{Masks, mask_together};
use super::{filter, instances};
use crate::model::actor::Actor;
use crate::model::decision::Decision;
use crate::model::expression::FunctionRef;
use crate::model::ids::{DecisionId, InstanceId};
use crate::model::page::{Page, Search};
use crate::model::refusal::Refusal;
use crate::model::text::Language;
use crate::plugins::Stop;
use crate::runtime::access::Masked;
use crate::runtime::shared::Shared;
use crate::runtime::{Runtime, access};
use crate::scripts;
use crate::store::Connection;
use crate::store::decisions::{self, DecisionQuery};

impl Runtime {
    /// A decision of an instance that the caller may see, with the sentences that explain it.
    pub async fn decision(
        &self,
        actor: &Actor,
        id: &DecisionId,
        language: Language,
    ) -> Result<(Decision, Vec<String>), Refusal> {
        let (actor, id) = (actor.clone(), id.clone());
        self.read(move |conn, shared| {
            let found = decisions::find(conn, &actor.business, &id)?;
            let mut decision = found.ok_or_else(|| Refusal::not_found("decision", &id))?;
            match instances::find(conn, shared, &actor, &decision.instance) {
                Ok(_) => {}
                Err(Stop::Refused(_)) => return Err(Refusal::not_found("decision", &id).into()),
                Err(stop) => return Err(stop),
            }
            let mut masks = Masks::new(shared, &actor);
            let masked = masks.of(conn, decision.revision)?;
            mask(&mut decision, masked);
            let sentences = explained(conn, shared, &decision, &actor, language)?;
            Ok((decision, sentences))
        })
        .await
    }

    /// A page of the decisions of instances that the caller may see.
    pub async fn decisions(&self, actor: &Actor, search: Search) -> Result<Page<Decision>, Refusal> {
        let actor = actor.clone();
        self.read(move |conn, shared| {
            let query = query(conn, shared, &actor, &search)?;
            let mut found = decisions::search(conn, &query)?;
            let mut masks = Masks::new(shared, &actor);
            for decision in &mut found.items {
                let masked = masks.of(conn, decision.revision)?;
                mask(decision, masked);
            }
            Ok(filter::page(found, decisions::count(conn, &query)?))
        })
        .await
    }
}

/// The explanation is made of what is left.
fn mask(decision: &mut Decision, masked: &Masked) {
    mask_together([&mut decision.input, &mut decision.output], masked);
}

fn explained(
    conn: &mut Connection,
    shared: &Shared,
    decision: &Decision,
    actor: &Actor,
    language: Language,
) -> Result<Vec<String>, Stop> {
    let library = shared.libraries.get(conn, &actor.business, decision.revision)?;
    let plugin = library.definitions.plugins.get(&decision.function.plugin);
    Ok(plugin.map(|plugin| scripts::explain(plugin, &decision.output, language)).unwrap_or_default())
}

fn query(conn: &mut Connection, shared: &Shared, actor: &Actor, search: &Search) -> Result<DecisionQuery, Stop> {
    filter::no_sort(search)?;
    let mut query = DecisionQuery {
        business: actor.business.clone(),
        visible: access::visible(conn, shared, actor)?,
        function: None,
        instance: None,
        since: None,
        until: None,
        after: filter::after(search)?,
        limit: filter::limit(search),
    };
    for condition in filter::conditions(search)? {
        let text = filter::text(condition)?;
        match condition.field.as_str() {
            "instance" => query.instance = Some(InstanceId(text)),
            "function" => {
                let function = FunctionRef::try_from(text).map_err(|sentence| filter::wrong("function", &sentence))?;
                query.function = Some(function);
            }
            field => return Err(filter::unknown(field, &["instance", "function"]).into()),
        }
    }
    if let Some(instance) = &query.instance {
        instances::find(conn, shared, actor, instance)?;
    }
    Ok(query)
}
