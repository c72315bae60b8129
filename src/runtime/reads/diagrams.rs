//! What the diagram of an instance shows: its process as it is pinned, and its trail. Whoever may see the instance may
//! see it. Incidents are told by their codes only: their sentences can repeat what is masked.

use super::instances::find;
use crate::diagram::{self, Standing, Trail};
use crate::model::actor::Actor;
use crate::model::ids::{InstanceId, root_of};
use crate::model::instance::Instance;
use crate::model::process::Process;
use crate::model::refusal::Refusal;
use crate::runtime::Runtime;
use crate::store::{history, instances};
use std::sync::Arc;

impl Runtime {
    /// The process of an instance that the caller may see, and what the instance did in it.
    pub async fn trail(&self, actor: &Actor, id: &InstanceId) -> Result<(Arc<Process>, Trail), Refusal> {
        let (actor, id) = (actor.clone(), id.clone());
        self.read(move |conn, shared| {
            let summary = find(conn, shared, &actor, &id)?;
            let library = shared.libraries.get(conn, &actor.business, summary.revision)?;
            let process = library.definitions.processes.get(&summary.process);
            let process = process.ok_or_else(|| Refusal::not_found("process", &summary.process))?.clone();
            let root = root_of(id.as_str());
            let passed = history::passages(conn, &actor.business, &root, &id)?;
            let document = instances::load(conn, &[(actor.business.clone(), root)])?.pop();
            let standing = document.map(|(document, _)| standing(&document, &id)).unwrap_or_default();
            let now = summary.ended_at.unwrap_or_else(|| shared.clock.now());
            let trail = diagram::follow(&process, &passed, standing, now);
            Ok((process, trail))
        })
        .await
    }
}

/// Where the tokens of one instance stand in the document of its root, and what failed.
fn standing(document: &Instance, id: &InstanceId) -> Standing {
    let here = |scope| document.scopes.get(scope).is_some_and(|scope| scope.instance == *id);
    let tokens = document.tokens.values().filter(|token| here(&token.scope));
    let incidents = document.incidents.values().filter(|incident| incident.instance == *id);
    Standing {
        tokens: tokens.map(|token| (token.node.clone(), token.flow)).collect(),
        incidents: incidents.map(|incident| (incident.node.clone(), incident.failure.code.clone())).collect(),
    }
}
