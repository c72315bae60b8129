//! What comes to instances: from step to the file that carries it out.

use super::lane::Lane;
use super::verdict::Verdict;
use super::{delivery, message, schedule};
use crate::runtime::exchange::Exchange;
use crate::store::StoreError;

/// Carries out one step.
pub(super) fn carry_out(lane: &mut Lane, step: &Exchange) -> Result<Verdict, StoreError> {
    match step {
        Exchange::Message(new) => message::send(lane, new),
        Exchange::Signal(new) => delivery::broadcast(lane, &new.name, &new.payload),
        Exchange::Bring { delivery, .. } => delivery::bring(lane, delivery),
        Exchange::Begin(seen) => schedule::fire(lane, seen),
    }
}
