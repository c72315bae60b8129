//! Activate: an activity of a level that is at work begins, such as one of an ad-hoc sub-process; and one more instance of
//! an activity that is done for each.

use crate::engine::error::EngineError;
use crate::engine::loops;
use crate::engine::work::Work;
use crate::model::ids::{InstanceId, NodeId};
use crate::model::instance::ScopeKind;
use crate::model::json::Json;
use crate::model::process::NodeKind;

pub(super) fn activate(work: &mut Work, instance: &InstanceId, node: &NodeId) -> Result<(), EngineError> {
    let refused = || EngineError::NotActivatable { node: node.clone() };
    let levels = work.instance.scopes.values().filter(|scope| scope.instance == *instance && scope.is_level());
    let open = levels.filter(|scope| {
        let process = work.context.processes.get(&scope.process);
        let ad_hoc = scope
            .node
            .as_ref()
            .and_then(|around| process?.node(around))
            .is_some_and(|around| matches!(&around.kind, NodeKind::SubProcess(inner) if inner.ad_hoc.is_some()));
        let here = process.and_then(|process| process.node(node)).filter(|node| node.parent == scope.node);
        ad_hoc && here.is_some_and(|node| node.incoming.is_empty() && !node.beside())
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
        .filter(|scope| scope.instance == *instance && scope.node.as_ref() == Some(node))
        .find(|scope| matches!(scope.kind, ScopeKind::Whole(_)))
        .map(|scope| scope.id);
    match whole {
        Some(whole) if loops::add(work, whole, item) => Ok(()),
        _ => Err(EngineError::TakesNoMore { node: node.clone() }),
    }
}
