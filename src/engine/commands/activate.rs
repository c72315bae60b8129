//! Activate: an activity of a level that is at work begins, such as one of an ad-hoc sub-process; and one more instance of
//! an activity that is done for each.

use crate::engine::error::EngineError;
use crate::engine::loops;
use crate::engine::work::Work;
use crate::model::ids::{InstanceId, NodeId};
use crate::model::instance::{Scope, ScopeKind};
use crate::model::json::Json;

pub(super) fn activate(work: &mut Work, instance: &InstanceId, node: &NodeId) -> Result<(), EngineError> {
    let refused = || EngineError::NotActivatable { node: node.clone() };
    let levels = work.instance.scopes.values().filter(|scope| within(work, scope, instance) && scope.is_level());
    let open = levels.filter(|scope| {
        let process = work.revision(scope.id).processes.get(&scope.process);
        let node_of = |id: &NodeId| process.and_then(|process| process.node(id));
        let around = scope.node.as_ref().and_then(node_of).and_then(|around| around.ad_hoc());
        let here = node_of(node).filter(|node| node.parent == scope.node);
        around.is_some() && here.is_some_and(|node| node.begins())
    });
    let level = open.map(|scope| scope.id).next().ok_or_else(refused)?;
    work.place_token(level, node, None);
    Ok(())
}

pub(super) fn add_instance(
    work: &mut Work,
    instance: &InstanceId,
    node: &NodeId,
    item: &Json,
) -> Result<(), EngineError> {
    let scopes = work.instance.scopes.values();
    let whole = scopes
        .filter(|scope| within(work, scope, instance) && scope.node.as_ref() == Some(node))
        .find(|scope| matches!(scope.kind, ScopeKind::Whole(_)))
        .map(|scope| scope.id);
    match whole {
        Some(whole) if loops::add(work, whole, item) => Ok(()),
        _ => Err(EngineError::TakesNoMore { node: node.clone() }),
    }
}

/// Whether a scope is of this instance; a root speaks for all that is inside it.
fn within(work: &Work, scope: &Scope, instance: &InstanceId) -> bool {
    scope.instance == *instance || work.instance.id == *instance
}
