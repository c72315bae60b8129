//! Intermediate catch event: a path waits here until a point in time.

use super::Entered;
use crate::engine::timers;
use crate::engine::work::Work;
use crate::model::incident::Failure;
use crate::model::instance::TokenId;
use crate::model::process::{Node, TimerSpec};

pub(super) fn enter(work: &mut Work, token: TokenId, node: &Node, timer: &TimerSpec) -> Result<Entered, Failure> {
    let due = timers::due(work, token, timer)?;
    timers::set(work, token, vec![(node.id.clone(), due)]);
    Ok(Entered::Waits)
}
