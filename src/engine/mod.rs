//! The pure core: `apply` decides, `evolve` is the only mutation.
//!
//! No clock, no random, no input or output, no async; time, ids and the caller come in as arguments.

pub mod evaluator;
