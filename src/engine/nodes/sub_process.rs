//! Sub-process: a level of nodes inside the process, with variables of its own. An atomic one is entered only after
//! the runtime has set a savepoint (see `walk`).

use super::Entered;
use crate::engine::scope::{self, NewScope};
use crate::engine::work::Work;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::json::JsonMap;
use crate::model::process::{Node, Process};

pub(super) fn enter(work: &mut Work, token: TokenId, process: &Process, node: &Node) -> Result<Entered, Failure> {
    let new = inside(work, token, process, node);
    scope::open(work, process, new);
    Ok(Entered::Waits)
}

/// The level inside of the sub-process that this token has come to.
pub(in crate::engine) fn inside(work: &Work, token: TokenId, process: &Process, node: &Node) -> NewScope {
    let level = work.token(token).scope;
    NewScope {
        parent: Some(level),
        owner: Some(token),
        instance: work.scope(level).instance.clone(),
        process: process.key.clone(),
        node: Some(node.id.clone()),
        looping: None,
        variables: JsonMap::new(),
    }
}
