//! Changing record types while records are there: what a revision would break is found before it is stored (`compare`),
//! records read by the new rules at once (`open` sets their lenses), and a batch of ordinary commands brings them there
//! (`work`). Reasons stand in `docs/decisions/0014-type-evolution.md`.

mod compare;
mod deploy;
mod each;
mod open;
mod progress;
mod tally;
mod together;
mod work;

pub use compare::Comparison;
pub use deploy::changes_types;
pub(super) use deploy::recheck;
pub(super) use open::{open, restamp};
pub(super) use work::rederive;

/// Records looked at in one go.
const CHUNK: i64 = 500;
