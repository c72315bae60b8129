//! Intermediate catch event and receive task: a path waits here until something happens.

use super::Entered;
use crate::engine::subscriptions;
use crate::engine::work::Work;
use crate::model::event_definition::{Catching, Trigger};
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::process::Node;

pub(super) fn enter(work: &mut Work, token: TokenId, node: &Node, catch: &Catching) -> Result<Entered, Failure> {
    if catch.triggers.iter().any(|trigger| matches!(trigger, Trigger::Link(_))) {
        return Ok(Entered::Done);
    }
    let planned = subscriptions::plan(work, work.token(token).scope, node, catch)?;
    subscriptions::open(work, token, planned);
    Ok(Entered::Waits)
}
