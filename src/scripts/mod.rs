//! Scripts: rhai in a sandbox, for the rules of plugins and the expressions of processes and records.
//!
//! `compile` turns the definitions of a revision into `Scripts`, which implement the engine's `Evaluator`. Pure: no
//! clock, no input or output, no random. Rows of the store come in as arguments; nothing here asks for them.

pub mod compile;
pub mod explain;
pub mod functions;
pub mod limits;
pub mod plugin_tests;
pub mod stack;

mod calls;
mod convert;
mod evaluate;
mod expression;
mod failure;
mod names;
mod order;
mod plugin;
mod reads;
mod sandbox;
mod schema;

pub use compile::{Compiled, compile};
pub use evaluate::Scripts;
pub use explain::explain;
pub use plugin_tests::{TestReport, contained, run_tests};
