//! Actions on the organisation: who can be given work, who stands above whom.

mod candidates;
mod superior;

pub(super) use candidates::candidates;
pub(super) use superior::superior;
