//! Actions on the organisation: who can be given work, who stands above whom, who is away, and how far somebody may go.

mod above;
mod absent;
mod approvers;
mod authority;
mod candidates;
mod substitutes;
mod superior;
mod unit;

pub(super) use above::above;
pub(super) use absent::absent;
pub(super) use approvers::approvers;
pub(super) use authority::authority;
pub(super) use candidates::candidates;
pub(super) use substitutes::substitutes;
pub(super) use superior::{superior, superiors_of};
pub(super) use unit::unit;
