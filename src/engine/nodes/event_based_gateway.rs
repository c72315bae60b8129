//! Event-based gateway: a path waits here for the first of several events, and goes on behind that one.

use super::Entered;
use crate::engine::subscriptions;
use crate::engine::work::Work;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::process::{Node, Process};

pub(super) fn enter(work: &mut Work, token: TokenId, process: &Process, node: &Node) -> Result<Entered, Failure> {
    let scope = work.token(token).scope;
    let mut planned = Vec::new();
    for event in node.outgoing.iter().filter_map(|&flow| process.node(&process.flows[flow].to)) {
        if let Some(catch) = event.catching() {
            planned.extend(subscriptions::plan(work, scope, event, catch)?);
        }
    }
    subscriptions::open(work, token, planned);
    Ok(Entered::Waits)
}
