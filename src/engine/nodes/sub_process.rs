//! Sub-process: a level of nodes inside the process, with variables of its own. An atomic one is entered only after
//! the runtime has set a savepoint (see `walk`).

use super::Entered;
use crate::engine::scope::{self, NewScope};
use crate::engine::work::Work;
use crate::model::ids::NodeId;
use crate::model::incident::Failure;
use crate::model::instance::{ScopeKind, TokenId};
use crate::model::json::JsonMap;
use crate::model::process::{Node, Process, SubProcess};

pub(super) fn enter(
    work: &mut Work,
    token: TokenId,
    process: &Process,
    node: &Node,
    inner: &SubProcess,
) -> Result<Entered, Failure> {
    let new = inside(work, token, process, node, inner);
    let Some(ad_hoc) = &inner.ad_hoc else {
        scope::open(work, process, new);
        return Ok(Entered::Waits);
    };
    let begins = begins(process, node);
    let level = scope::open_empty(work, new);
    let at_once = if ad_hoc.sequential { 1 } else { begins.len() };
    for node in begins.iter().take(at_once) {
        work.place_token(level, node, None);
    }
    Ok(Entered::Waits)
}

/// The level inside of the sub-process that this token has come to.
pub(in crate::engine) fn inside(
    work: &Work,
    token: TokenId,
    process: &Process,
    node: &Node,
    inner: &SubProcess,
) -> NewScope {
    let level = work.token(token).scope;
    NewScope {
        parent: Some(level),
        owner: Some(token),
        instance: work.scope(level).instance.clone(),
        process: process.key.clone(),
        revision: None,
        node: Some(node.id.clone()),
        kind: if inner.ad_hoc.is_some() { ScopeKind::AdHoc(begins(process, node)) } else { ScopeKind::Level },
        atomic: inner.atomic,
        variables: JsonMap::new(),
    }
}

/// The activities of an ad-hoc level that nothing leads to.
fn begins(process: &Process, node: &Node) -> Vec<NodeId> {
    let begin = |node: &&Node| node.begins();
    process.level(Some(&node.id)).filter(begin).map(|node| node.id.clone()).collect()
}
